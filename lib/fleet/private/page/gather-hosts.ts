import { File } from "@cdktf/provider-local/lib/file";
import type { Construct } from "constructs";

import type { Agent } from "../../../host/agent";
import type { Certificate } from "../../../certificate/certificate";
import type { Elasticsearch } from "../../../host/elasticsearch";
import type { FleetServer } from "../../../host/fleet-server";
import type { FleetTls } from "../../fleet-tls";
import type { HostFiles } from "../../../host/host-files";
import type { ICertificateAuthority } from "../../../certificate/issuing-certificate-authority";
import type { Kibana } from "../../../host/kibana";
import { folderBelow } from "../../../private/paths";
import { expression } from "../../../private/terraform/text";
import type { AuthorityId, HostKind } from "../../page-data";

type Gathered = Record<string, unknown>;
type IdOf = (ca: ICertificateAuthority) => AuthorityId;

export function fleetServerHost(fleet: FleetTls, host: FleetServer, idOf: IdOf): Gathered {
  return { ...place("fleet-server", fleet, host, idOf), command: command(host) };
}

export function elasticsearchHost(fleet: FleetTls, host: Elasticsearch, idOf: IdOf): Gathered {
  return {
    ...place("elasticsearch", fleet, host, idOf),
    settings: { title: "For elasticsearch.yml", file: "elasticsearch.tls.yml", text: host.settings },
  };
}

export function kibanaHost(fleet: FleetTls, host: Kibana, idOf: IdOf): Gathered {
  return {
    ...place("kibana", fleet, host, idOf),
    settings: { title: "For kibana.yml", file: "kibana.tls.yml", text: host.settings },
  };
}

/** Agents whose folders are alike share what is said of them, so that a thousand need little more than a hundred. */
export function agentGroups(agents: Agent[]): Gathered[] {
  const groups = new Map<string, Agent[]>();
  for (const agent of agents) {
    const key = JSON.stringify([folderOf(agent.files), agent.containerEnvironment !== undefined]);
    groups.set(key, [...(groups.get(key) ?? []), agent]);
  }
  return [...groups.values()].map((members) => ({
    ...folderOf((members[0] as Agent).files),
    commandFile: command(members[0] as Agent)["file"],
    members: members.map((agent) => ({
      id: agent.node.id,
      certificate: [
        ...agent.files._certificates.map(({ certificate }) => leaf(certificate)),
        ...agent.files._copies.map(({ pem }) => ({ pem })),
      ][0],
      command: command(agent)["text"],
    })),
  }));
}

function place(kind: HostKind, fleet: FleetTls, host: Construct & { readonly files: HostFiles }, idOf: IdOf): Gathered {
  const { node, files } = host;
  return {
    kind,
    id: node.id,
    folder: folderBelow(fleet.outputDirectory, files._outputDirectory),
    ...folderOf(files),
    certificates: [
      ...files._certificates.map(({ name, certificate }) => ({
        file: name,
        authority: idOf(certificate.issuer),
        ...leaf(certificate),
      })),
      ...files._copies.map(({ name, pem }) => ({ file: `${name}, on the host`, pem })),
    ],
  };
}

function folderOf(files: HostFiles): Gathered {
  return {
    platform: files.platform.name,
    hostDirectory: expression(files.hostDirectory),
    files: files.files.map(({ name, filePermission }) => ({ name, mode: filePermission })),
  };
}

function leaf({ issued }: Certificate): Gathered {
  return { pem: issued.certificatePem, renewBeforeHours: issued.resource.earlyRenewalHoursInput ?? 0 };
}

/** A container reads its environment, so that is what there is to copy. */
function command(host: FleetServer | Agent): Gathered {
  const { files, installCommand, installCommandHoldsSecret, containerEnvironment } = host;
  const file = files.files.find(({ name }) => /-command\.|^container\.env$/.test(name))?.name ?? "";
  if (installCommandHoldsSecret) {
    return { file };
  }
  const environment = containerEnvironment && files.node.findChild(file);
  return { file, text: environment instanceof File ? environment.content : installCommand };
}
