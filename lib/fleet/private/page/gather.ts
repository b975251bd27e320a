import type { Construct } from "constructs";

import { ClientAuthentication } from "../../../command/client-authentication";
import { DownloadSource } from "../../../host/download-source";
import { Elasticsearch } from "../../../host/elasticsearch";
import type { IFleetHost } from "../../../host/fleet-host";
import { FleetProxy } from "../../../host/fleet-proxy";
import { FleetServer } from "../../../host/fleet-server";
import { HostKind } from "../../../host/host-kind";
import type { IFleetTls } from "../../../host/ifleet-tls";
import { FleetServerHosts } from "../../../host/fleet-server-hosts";
import { outputsOf } from "../../../host/fleet-outputs";
import { groupedByOutput, outputCa, outputSettings, outputYaml, shippingHosts } from "../../../host/output-settings";
import { withPort } from "../../../private/urls";
import { expression } from "../../../private/terraform/text";
import type { TrustedCa } from "../trusted-cas";
import { roleOf, trustedCas } from "../trusted-cas";
import { rangeText } from "../runbook/model";
import type { AgentStackList } from "../stacks/agent-stack-list";
import { fleetPrerequisites, isFleetDeclared } from "../prerequisites";
import { pagePolicies, someOf } from "./gather-policies";
import { agentGroups, pageHost } from "./gather-hosts";

/** The order of hosts on the page; other kinds follow. */
const FIRST_KINDS = [HostKind.FLEET_SERVER, HostKind.ELASTICSEARCH, HostKind.KIBANA];

/**
 * What the page shows, as an argument of `jsonencode`: the shape is `PageData`, with values that only Terraform knows
 * where the program will find text. Nothing secret is read: no key, and no command that contains a secret.
 *
 * @param isHere whether a host is in the page's own stack: reading others would make the stacks depend on each other
 */
export function pageData(
  fleet: IFleetTls,
  isHere: (host: Construct) => boolean,
  agentStacks?: AgentStackList,
): Record<string, unknown> {
  const { clientTls } = fleet;
  const agents = fleet.hosts.filter((host) => host.kind === HostKind.AGENT && !agentStacks?.has(host));
  const servers = FIRST_KINDS.flatMap((kind) => fleet.hosts.filter((host) => host.kind === kind));
  const isOther = ({ kind, files }: IFleetHost): boolean =>
    ![HostKind.AGENT, ...FIRST_KINDS].includes(kind) && files.files.length > 0;
  const others = fleet.hosts.filter(isOther);
  const hosts = [...servers, ...others];
  const fleetServer = fleet.hosts.find((host) => host instanceof FleetServer);
  const nodes = fleet.hosts.filter((host) => host instanceof Elasticsearch);
  const cas = trustedCas(fleet);
  return {
    name: expression(fleet.node.path),
    isMutual: clientTls !== undefined,
    isExternal: fleetServer === undefined,
    isOneCertificate: fleetServer?.hasOneCertificate ?? false,
    fleetServerHosts: FleetServerHosts.of(fleet).map(({ name, urls, formerUrls, fleetProxy }) => ({
      name: expression(name),
      urls: [...urls, ...formerUrls].map(expression),
      fleetProxy: fleetProxy && expression(fleetProxy.name),
    })),
    elasticsearchUrl: expression(fleet.elasticsearchUrl),
    clientAuthentication: (fleetServer?.clientAuthentication ?? ClientAuthentication.NONE).mode,
    elasticsearchClientAuthentication:
      nodes.length === 0
        ? undefined
        : [...new Set(nodes.map(({ clientAuthentication }) => clientAuthentication.mode))].join(" or "),
    authorities: cas
      .filter(({ role, ca }) => !["receiver", "kibana"].includes(role.name) || isHere(ca as Construct))
      .map(authority),
    elasticsearchClientAuthorities: (clientTls?.elasticsearchClientCas ?? []).map((ca) => roleOf(ca, cas).name),
    hosts: hosts.filter(isHere).map((host) => pageHost(host, cas)),
    prerequisites: fleetPrerequisites(fleet, fleet.hosts.filter(isHere)).map((one) => ({
      ...one,
      text: expression(one.text),
    })),
    agents: agentGroups(agents.filter(isHere)),
    agentsElsewhere: pathsOf(agents.filter((agent) => !isHere(agent))),
    agentStacks: agentStacks?.paths.length ? agentStacks.paths.map(rangeText) : undefined,
    hostsElsewhere: pathsOf(hosts.filter((host) => !isHere(host))),
    outputs: outputs(fleet, isHere),
    policies: pagePolicies(fleet),
    downloadSources: kibanaObjects("download-sources", DownloadSource.of(fleet)),
    fleetProxies: kibanaObjects("fleet-proxies", FleetProxy.of(fleet)),
    outputUrl: expression(withPort(fleet.elasticsearchUrl, "9200")),
    isFleetDeclared: isFleetDeclared(fleet),
    nextRenewal: fleet.nextRenewal,
    outputDirectory: expression((fleet.outputDirectory ?? "").replace(/\/+$/, "")),
  };
}

/** Objects of Kibana that are files of a folder. */
function kibanaObjects(folder: string, objects: (DownloadSource | FleetProxy)[]): Record<string, unknown>[] {
  return objects.map(({ name, node, settings }) => ({
    name: expression(name),
    file: `${folder}/${node.id}.json`,
    text: settings,
  }));
}

const pathsOf = (hosts: IFleetHost[]): string[] => hosts.map(({ node }) => expression(node.path));

function authority({ role, ca }: TrustedCa): Record<string, unknown> {
  return {
    id: role.name,
    file: role.file,
    pem: ca.trustBundlePem,
    hostPath: ca.trustHostPath === undefined ? undefined : expression(ca.trustHostPath),
  };
}

/** The fleet's outputs; where it has none, what they would have to say, for each kind of host. */
function outputs(fleet: IFleetTls, isHere: (host: Construct) => boolean): Record<string, unknown>[] {
  const existing = outputsOf(fleet);
  if (existing.length > 0) {
    return existing.map((output) => ({
      title: `Output ${output.node.id}`,
      file: `outputs/${output.node.id}.yml`,
      ...someOf(output.hosts),
      text: output.settings,
    }));
  }
  const ca = outputCa(fleet.elasticsearchCa);
  const groups = groupedByOutput(shippingHosts(fleet).filter(isHere), ca);
  return groups.map((hosts, index) => ({
    title: groups.length === 1 ? "Output" : `Output ${index + 1}`,
    ...someOf(hosts),
    text: outputYaml(outputSettings(hosts[0]?.outputPaths ?? {}, ca)),
  }));
}
