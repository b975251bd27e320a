import type { IFleetHost } from "../../host/fleet-host";
import { HostKind } from "../../host/host-kind";
import type { AuthorityId } from "../page-data";

/** Role of a CA in a fleet. */
export interface AuthorityRole {
  /** Name in the page's data. */
  readonly name: AuthorityId;
  /** Id of its construct, and first part of its keys in outputs. */
  readonly id: string;
  /** Prop that configures it. */
  readonly prop: string;
  /** Name as text shows it. */
  readonly title: string;
  /** File by which hosts trust it. */
  readonly file: string;
  /** Whether its leaves are for clients. */
  readonly isForClients: boolean;
  /** Whether Fleet Server accepts its clients in a mutual fleet. */
  readonly admitsClients: boolean;
}

export const FLEET_CA: AuthorityRole = {
  name: "fleet",
  id: "fleet-ca",
  prop: "fleetCa",
  title: "Fleet CA",
  file: "fleet-ca.pem",
  isForClients: false,
  admitsClients: true,
};

export const ELASTICSEARCH_CA: AuthorityRole = {
  name: "elasticsearch",
  id: "elasticsearch-ca",
  prop: "elasticsearchCa",
  title: "Elasticsearch CA",
  file: "es-ca.pem",
  isForClients: false,
  admitsClients: false,
};

export const AGENT_CA: AuthorityRole = {
  name: "agent",
  id: "agent-ca",
  prop: "agentCa",
  title: "Agent CA",
  file: "agent-ca.pem",
  isForClients: true,
  admitsClients: true,
};

/** A CA that issues the Fleet Servers' client certificates towards Elasticsearch alone. */
export const FLEET_ES_CA: AuthorityRole = {
  name: "fleetEs",
  id: "fleet-es-issuer",
  prop: "fleetEsIssuer",
  title: "Fleet ES CA",
  file: "es-client-ca.pem",
  isForClients: true,
  admitsClients: false,
};

/** CA of the server certificates of inputs on agents' hosts. Applications trust it; no host of the fleet does. */
export const INPUT_CA: AuthorityRole = {
  name: "input",
  id: "input-ca",
  prop: "inputCa",
  title: "Input CA",
  file: "the clients of inputs",
  isForClients: false,
  admitsClients: false,
};

/** A proxy's own CA: agents trust it as they would trust Fleet Server's. */
export function proxyCaRole(id: string): AuthorityRole {
  return {
    name: "proxy",
    id: `proxy-ca-${id}`,
    prop: "ca",
    title: `Proxy CA ${id}`,
    file: FLEET_CA.file,
    isForClients: false,
    admitsClients: false,
  };
}

/** CA of the server behind a proxy, which the proxy alone trusts. */
export function upstreamCaRole(id: string): AuthorityRole {
  return {
    name: "proxy",
    id: `proxy-upstream-ca-${id}`,
    prop: "upstreamCa",
    title: `Upstream CA ${id}`,
    file: "upstream-ca.pem",
    isForClients: false,
    admitsClients: false,
  };
}

/** CA of a server that outputs ship to, other than the fleet's Elasticsearch, or of Kibana. */
export function receiverRole({ kind, id }: Pick<IFleetHost, "kind" | "id">): AuthorityRole {
  const isKibana = kind === HostKind.KIBANA;
  return {
    name: isKibana ? "kibana" : "receiver",
    id: `${kind.id}-${id}-ca`,
    prop: "ca",
    title: `CA of ${kind.title} ${id}`,
    file: isKibana ? "the clients of Kibana" : "the output's settings",
    isForClients: false,
    admitsClients: false,
  };
}

/** CA of a server from which agents download their binaries. */
export function downloadCaRole(id: string): AuthorityRole {
  return {
    name: "download",
    id: `download-ca-${id}`,
    prop: "ca",
    title: `CA of the download source ${id}`,
    file: "the download source's settings",
    isForClients: false,
    admitsClients: false,
  };
}

/** CA of a forward proxy. */
export function fleetProxyCaRole(id: string): AuthorityRole {
  return {
    name: "fleetProxy",
    id: `fleet-proxy-ca-${id}`,
    prop: "ca",
    title: `CA of the Fleet proxy ${id}`,
    file: "proxy-ca.pem",
    isForClients: false,
    admitsClients: false,
  };
}
