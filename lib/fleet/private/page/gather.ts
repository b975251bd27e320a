import type { Construct } from "constructs";

import { ClientAuthentication } from "../../../command/client-authentication";
import type { IOutputHost } from "../../../host/fleet-output";
import type { FleetTls } from "../../fleet-tls";
import type { ICertificateAuthority } from "../../../certificate/issuing-certificate-authority";
import { groupedByOutput, outputSettings } from "../../../host/private/settings/output-settings";
import { withPort } from "../../../host/private/settings/with-port";
import { yamlDocument } from "../../../host/private/settings/yaml";
import { expression } from "../../../private/terraform/text";
import { agentGroups, elasticsearchHost, fleetServerHost, kibanaHost } from "./gather-hosts";
import type { AuthorityId } from "../../page-data";

/**
 * What the page shows, as an argument of `jsonencode`: the shape is `PageData`, with values that only Terraform knows
 * where the program will find text. Nothing secret is read: no key, and no command that holds a secret.
 *
 * @param isHere whether a host is in the page's own stack: of others the page would make the stacks depend on each other
 */
export function pageData(fleet: FleetTls, isHere: (host: Construct) => boolean): Record<string, unknown> {
  const { clientTls, _elasticsearchNodes: nodes, _kibanas: kibanas } = fleet;
  const servers = [...fleet.fleetServers, ...nodes, ...kibanas];
  const idOf = (ca: ICertificateAuthority): AuthorityId => authorityId(fleet, ca);
  return {
    name: expression(fleet.node.path),
    isMutual: clientTls !== undefined,
    isOneCertificate: clientTls?.oneCertificatePerFleetServer ?? false,
    fleetServerUrl: expression(fleet.fleetServerUrl),
    elasticsearchUrl: expression(fleet.elasticsearchUrl),
    clientAuthentication: (clientTls?.clientAuthentication ?? ClientAuthentication.NONE).mode,
    elasticsearchClientAuthentication:
      nodes.length === 0
        ? undefined
        : [...new Set(nodes.map(({ clientAuthentication }) => clientAuthentication.mode))].join(" or "),
    authorities: authorities(fleet),
    elasticsearchClientAuthorities: (clientTls?.elasticsearchClientCas ?? []).map(idOf),
    hosts: [
      ...fleet.fleetServers.filter(isHere).map((host) => fleetServerHost(fleet, host, idOf)),
      ...nodes.filter(isHere).map((host) => elasticsearchHost(fleet, host, idOf)),
      ...kibanas.filter(isHere).map((host) => kibanaHost(fleet, host, idOf)),
    ],
    agents: agentGroups(fleet.agents.filter(isHere)),
    agentsElsewhere: pathsOf(fleet.agents.filter((agent) => !isHere(agent))),
    hostsElsewhere: pathsOf(servers.filter((host) => !isHere(host))),
    outputs: outputs(fleet, isHere),
    outputUrl: expression(withPort(fleet.elasticsearchUrl, "9200")),
    isFleetDeclared: kibanas.some(({ _declaresFleet }) => _declaresFleet),
    nextRenewal: fleet.nextRenewal,
    outputDirectory: expression(fleet.outputDirectory.replace(/\/+$/, "")),
  };
}

const pathsOf = (hosts: Construct[]): string[] => hosts.map(({ node }) => expression(node.path));

function authorities(fleet: FleetTls): Record<string, unknown>[] {
  const { clientTls } = fleet;
  const fleetEs = clientTls && authorityId(fleet, clientTls.fleetEsIssuer) === "fleetEs" && clientTls.fleetEsIssuer;
  return [
    authority("fleet", "fleet-ca.pem", fleet.fleetCa),
    authority("elasticsearch", "es-ca.pem", fleet.elasticsearchCa),
    ...(clientTls ? [authority("agent", "agent-ca.pem", clientTls.agentCa)] : []),
    ...(fleetEs ? [authority("fleetEs", "es-client-ca.pem", fleetEs)] : []),
  ];
}

function authority(id: AuthorityId, file: string, ca: ICertificateAuthority): Record<string, unknown> {
  return {
    id,
    file,
    pem: ca.trustBundlePem,
    hostPath: ca.trustHostPath === undefined ? undefined : expression(ca.trustHostPath),
  };
}

function authorityId(fleet: FleetTls, ca: ICertificateAuthority): AuthorityId {
  const known: [AuthorityId, ICertificateAuthority | undefined][] = [
    ["fleet", fleet.fleetCa],
    ["agent", fleet.clientTls?.agentCa],
    ["elasticsearch", fleet.elasticsearchCa],
  ];
  return known.find(([, each]) => each === ca)?.[0] ?? "fleetEs";
}

const MOST_HOSTS = 3;

/** The fleet's outputs; where it has none, what they would have to say, for each kind of host. */
function outputs(fleet: FleetTls, isHere: (host: Construct) => boolean): Record<string, unknown>[] {
  if (fleet._outputs.length > 0) {
    return fleet._outputs.map((output) => ({
      title: `Output ${output.node.id}`,
      file: `outputs/${output.node.id}.yml`,
      ...someOf(output.hosts),
      text: output.settings,
    }));
  }
  const ca = { pem: fleet.elasticsearchCa.trustBundlePem };
  const groups = groupedByOutput<IOutputHost>([...fleet.agents, ...fleet.fleetServers].filter(isHere), ca);
  return groups.map((hosts, index) => ({
    title: groups.length === 1 ? "Output" : `Output ${index + 1}`,
    ...someOf(hosts),
    text: yamlDocument(outputSettings(hosts[0]?._outputPaths ?? {}, ca)),
  }));
}

function someOf(hosts: IOutputHost[]): Record<string, unknown> {
  const some = hosts.slice(0, MOST_HOSTS);
  return { hosts: some.map(({ node }) => expression(node.id)), moreHosts: hosts.length - some.length };
}
