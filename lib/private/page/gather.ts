import type { Construct } from "constructs";

import type { Agent } from "../../agent";
import type { Certificate } from "../../certificate";
import { ClientAuthentication } from "../../client-authentication";
import type { Elasticsearch } from "../../elasticsearch";
import type { FleetServer } from "../../fleet-server";
import type { FleetTls } from "../../fleet-tls";
import type { HostFiles } from "../../host-files";
import type { ICertificateAuthority } from "../../issuing-certificate-authority";
import type { Kibana } from "../../kibana";
import { expression } from "../terraform-text";
import type { PageSettings } from "./page-data";

/**
 * What the page shows, as an argument of `jsonencode`: the shape is `PageData`, with values that only Terraform knows
 * where the program will find text. Nothing secret is read: no key, and no command that holds a secret.
 */
export function pageData(fleet: FleetTls, isHere: (host: Construct) => boolean): Record<string, unknown> {
  const here = fleet.agents.filter(isHere);
  const { clientTls } = fleet;
  const nodes = fleet._elasticsearchNodes.filter(isHere);
  return {
    name: expression(fleet.node.path),
    isMutual: clientTls !== undefined,
    fleetServerUrl: expression(fleet.fleetServerUrl),
    elasticsearchUrl: expression(fleet.elasticsearchUrl),
    clientAuthentication: (clientTls?.clientAuthentication ?? ClientAuthentication.NONE).mode,
    elasticsearchClientAuthentication: nodes[0]?.clientAuthentication.mode,
    authorities: [
      authority("fleet", "fleet-ca.pem", fleet.fleetCa),
      authority("elasticsearch", "es-ca.pem", fleet.elasticsearchCa),
      ...(clientTls ? [authority("agent", "agent-ca.pem", clientTls.agentCa)] : []),
    ],
    elasticsearchClientAuthorities: (clientTls?.elasticsearchClientCas ?? []).map((ca) => authorityId(fleet, ca)),
    hosts: [
      ...fleet.fleetServers.filter(isHere).map((host) => fleetServer(fleet, host)),
      ...nodes.map((host) => elasticsearch(fleet, host)),
      ...fleet._kibanas.filter(isHere).map((host) => kibana(fleet, host)),
    ],
    agents: agentGroups(here),
    elsewhere: fleet.agents.filter((agent) => !isHere(agent)).map(({ node }) => expression(node.path)),
    settings: fleet._outputs.map(({ node, settings }): PageSettings => ({
      title: `Output ${node.id}`,
      file: `outputs/${node.id}.yml`,
      text: settings,
    })),
  };
}

function authority(id: string, file: string, ca: ICertificateAuthority): Record<string, unknown> {
  return {
    id,
    file,
    pem: ca.trustBundlePem,
    hostPath: ca.trustHostPath === undefined ? undefined : expression(ca.trustHostPath),
  };
}

function authorityId(fleet: FleetTls, ca: ICertificateAuthority): string {
  return ca === fleet.fleetCa ? "fleet" : ca === fleet.clientTls?.agentCa ? "agent" : "elasticsearch";
}

function fleetServer(fleet: FleetTls, host: FleetServer): Record<string, unknown> {
  return {
    ...place("fleet-server", host, host.node.scope === fleet ? host.node.id : `fleet-servers/${host.node.id}`),
    certificates: certificates(fleet, host.files, [
      host.certificate,
      host.agentCertificate,
      host.elasticsearchClientCertificate,
    ]),
    command: command(host),
  };
}

function elasticsearch(fleet: FleetTls, host: Elasticsearch): Record<string, unknown> {
  return {
    ...place("elasticsearch", host, host.node.scope === fleet ? host.node.id : `elasticsearch-nodes/${host.node.id}`),
    certificates: certificates(fleet, host.files, [host.certificate]),
    settings: { title: "For elasticsearch.yml", file: "elasticsearch.tls.yml", text: host.settings },
  };
}

function kibana(fleet: FleetTls, host: Kibana): Record<string, unknown> {
  return {
    ...place("kibana", host, `kibana/${host.node.id}`),
    certificates: certificates(fleet, host.files, [host.clientCertificate]),
    settings: { title: "For kibana.yml", file: "kibana.tls.yml", text: host.settings },
  };
}

function place(
  kind: string,
  { node, files }: Construct & { files: HostFiles },
  folder: string,
): Record<string, unknown> {
  return { kind, id: node.id, folder, ...folderOf(files) };
}

function folderOf(files: HostFiles): Record<string, unknown> {
  return {
    platform: files.platform.name,
    hostDirectory: expression(files.hostDirectory),
    files: files.files.map(({ name, filePermission }) => ({ name, mode: filePermission })),
  };
}

/** A certificate's construct has the name of its file; one that serves several roles comes once. */
function certificates(fleet: FleetTls, files: HostFiles, all: (Certificate | undefined)[]): unknown[] {
  const names = new Set(files.files.map(({ name }) => name));
  return [...new Set(all)].flatMap((certificate) =>
    certificate && names.has(`${certificate.node.id}.pem`)
      ? [
          {
            file: `${certificate.node.id}.pem`,
            authority: authorityId(fleet, certificate.issuer),
            ...leaf(certificate),
          },
        ]
      : [],
  );
}

function leaf({ issued }: Certificate): Record<string, unknown> {
  return { pem: issued.certificatePem, renewBeforeHours: issued.resource.earlyRenewalHoursInput ?? 0 };
}

function command({ files, installCommand, installCommandHoldsSecret }: FleetServer | Agent): Record<string, unknown> {
  return { file: commandFile(files), text: installCommandHoldsSecret ? undefined : installCommand };
}

function commandFile(files: HostFiles): string {
  return files.files.find(({ name }) => /-command\.|^container\.env$/.test(name))?.name ?? "";
}

/** Agents whose folders are alike share what is said of them, so that a thousand need little more than a hundred. */
function agentGroups(agents: Agent[]): unknown[] {
  const groups = new Map<string, Agent[]>();
  for (const agent of agents) {
    const key = JSON.stringify(folderOf(agent.files));
    groups.set(key, [...(groups.get(key) ?? []), agent]);
  }
  return [...groups.values()].map((members) => ({
    ...folderOf((members[0] as Agent).files),
    commandFile: commandFile((members[0] as Agent).files),
    members: members.map((agent) => ({
      id: agent.node.id,
      certificate: agent.certificate && leaf(agent.certificate),
      command: agent.installCommandHoldsSecret ? undefined : agent.installCommand,
    })),
  }));
}
