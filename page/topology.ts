import { AUTHORITIES } from "./certificate-facts";
import type { AuthorityId, PageData, PageFleetServerHosts, PageHost } from "../lib/fleet/page-data";

/** A file by which a role proves itself, or trusts another. */
export interface Chip {
  readonly label: string;
  /** The CAs that it stands for. */
  readonly authorities: AuthorityId[];
  readonly note?: string;
}

/** One kind of host in the diagram. */
export interface Role {
  readonly kind: "agents" | "fleet-server" | "elasticsearch" | "kibana";
  readonly title: string;
  readonly subtitle: string;
  readonly presents: Chip[];
  readonly trusts: Chip[];
}

/** Connections: client, server, and URL. */
export interface Connection {
  readonly number: number;
  readonly from: Role["kind"];
  readonly to: Role["kind"];
  readonly label: string;
  readonly isMutual: boolean;
  /** The same in sentences. */
  readonly text: string[];
}

/** Content of the diagram: the roles and their connections. */
export interface Topology {
  readonly roles: Role[];
  readonly connections: Connection[];
}

/** Derives which certificates are presented and trusted on each connection. */
export function topologyOf(data: PageData): Topology {
  const ofKind = (kind: Role["kind"]): PageHost[] => data.hosts.filter((host) => host.kind === kind);
  const kibana = ofKind("kibana");
  const roles: Role[] = [
    agents(data),
    fleetServer(data, ofKind("fleet-server")),
    elasticsearch(data, ofKind("elasticsearch")),
  ];
  if (kibana.length > 0) {
    roles.push({
      kind: "kibana",
      title: "Kibana",
      subtitle: idsOf(kibana),
      presents: presentedBy(kibana, "kibana-es-cert.pem", []),
      trusts: trusted(data, "elasticsearch"),
    });
  }
  return { roles, connections: connections(data, kibana.length > 0 ? (roles[3] as Role) : undefined) };
}

/** Number of the fleet's agents, in all stacks. */
export function agentCount({ agents, agentsElsewhere }: PageData): number {
  return agents.reduce((sum, { members }) => sum + members.length, 0) + agentsElsewhere.length;
}

function agents(data: PageData): Role {
  const count = agentCount(data);
  return {
    kind: "agents",
    title: "Elastic Agents",
    subtitle: count === 1 ? "1 agent" : `${count} agents`,
    presents: data.isMutual ? [{ label: "agent-cert.pem", authorities: ["agent"] }] : [],
    trusts: [...trusted(data, "fleet"), ...trusted(data, "elasticsearch")],
  };
}

function fleetServer(data: PageData, hosts: PageHost[]): Role {
  if (data.isExternal) {
    return {
      kind: "fleet-server",
      title: "Fleet Server",
      subtitle: "runs elsewhere",
      presents: [{ label: "its own certificate", authorities: ["fleet"] }],
      trusts: data.isMutual ? trusted(data, "agent") : [],
    };
  }
  const note = data.isMutual ? (data.isOneCertificate ? "to all" : "to agents") : undefined;
  const [fleetEsIssuer] = data.elasticsearchClientAuthorities;
  const client: Chip[] =
    data.isMutual && !data.isOneCertificate
      ? [
          ...presentedBy(hosts, "agent-cert.pem", ["agent"], "to itself"),
          ...presentedBy(hosts, "fleet-es-cert.pem", fleetEsIssuer ? [fleetEsIssuer] : [], "to Elasticsearch"),
        ]
      : [];
  return {
    kind: "fleet-server",
    title: hosts.length === 1 ? "Fleet Server" : `${hosts.length} Fleet Servers`,
    subtitle: idsOf(hosts),
    presents: [{ label: "fleet-cert.pem", authorities: ["fleet"], note }, ...client],
    trusts: [
      ...trusted(data, "fleet"),
      ...(data.isMutual ? trusted(data, "agent") : []),
      ...trusted(data, "elasticsearch"),
    ],
  };
}

function elasticsearch(data: PageData, hosts: PageHost[]): Role {
  const admitted = data.elasticsearchClientAuthorities;
  return {
    kind: "elasticsearch",
    title: "Elasticsearch",
    subtitle: hosts.length === 0 ? "exists elsewhere" : idsOf(hosts),
    presents: presentedBy(hosts, "es-cert.pem", ["elasticsearch"]).concat(
      hosts.some(({ certificates }) => certificates.length > 0)
        ? []
        : [{ label: "its own certificate", authorities: ["elasticsearch"] }],
    ),
    trusts: admitted.length === 0 ? [] : [{ label: "es-client-ca.pem", authorities: admitted }],
  };
}

/** File and issuer, as the hosts have them; without what is already on a host. */
function presentedBy(hosts: PageHost[], file: string, otherwise: AuthorityId[], note?: string): Chip[] {
  const found = hosts.flatMap(({ certificates }) => certificates).find((certificate) => certificate.file === file);
  if (found?.authority) {
    return [{ label: file, authorities: [found.authority], note }];
  }
  return otherwise.length === 0 || note === undefined ? [] : [{ label: "a certificate", authorities: otherwise, note }];
}

function trusted(data: PageData, id: AuthorityId): Chip[] {
  const authority = data.authorities.find((each) => each.id === id);
  const isSystem = authority?.pem === undefined && authority?.hostPath === undefined;
  return authority === undefined
    ? []
    : [{ label: isSystem ? "system's CAs" : (fileNameOf(authority.hostPath) ?? authority.file), authorities: [id] }];
}

function connections(data: PageData, kibana: Role | undefined): Connection[] {
  const esAsks = data.elasticsearchClientAuthentication ?? "none";
  const toFleet = data.isExternal && data.isMutual ? "its own setting" : data.clientAuthentication;
  const verifies = (who: string, id: AuthorityId): string => `${who} with ${trusted(data, id)[0]?.label ?? ""}`;
  const presented = "and Elasticsearch checks it with es-client-ca.pem";
  const shown = data.isMutual && esAsks !== "none";
  const toElasticsearch = data.isOneCertificate ? "fleet-cert.pem" : "fleet-es-cert.pem";
  const kibanaShows = kibana !== undefined && kibana.presents.length > 0;
  const fleetServerConnection: Omit<Connection, "number"> = {
    from: "fleet-server",
    to: "elasticsearch",
    label: tlsName(shown ? esAsks : "none"),
    isMutual: shown,
    text: [
      `Fleet Server dials ${data.elasticsearchUrl}.`,
      `Elasticsearch presents its certificate, and ${verifies("Fleet Server checks it", "elasticsearch")}.`,
      ...(shown ? [`Fleet Server presents ${toElasticsearch}, ${presented} (${esAsks}).`] : []),
      ...(shown && !data.isOneCertificate
        ? ["Once its policy's output names agent-cert.pem, it presents that one instead."]
        : []),
    ],
  };
  const all: Omit<Connection, "number">[] = [
    {
      from: "agents",
      to: "fleet-server",
      label: tlsName(toFleet),
      isMutual: toFleet !== "none",
      text: [
        ...data.fleetServerHosts.map(dialledText),
        `Fleet Server presents ${data.isExternal ? "its own certificate" : "fleet-cert.pem"}, and ${verifies("agents check it", "fleet")}.`,
        ...(toFleet === "none"
          ? []
          : [`Agents present agent-cert.pem, and Fleet Server checks it with agent-ca.pem (${toFleet}).`]),
      ],
    },
    ...(data.isExternal ? [] : [fleetServerConnection]),
    {
      from: "agents",
      to: "elasticsearch",
      label: `data, ${tlsName(shown ? esAsks : "none")}`,
      isMutual: shown,
      text: [
        `Agents ship their data to ${data.elasticsearchUrl}, by the output of their policy.`,
        "They check Elasticsearch's certificate with the CA in the output's settings.",
        ...(shown ? [`They present agent-cert.pem, ${presented} (${esAsks}).`] : []),
      ],
    },
  ];
  if (kibana) {
    all.push({
      from: "kibana",
      to: "elasticsearch",
      label: tlsName(kibanaShows ? esAsks : "none"),
      isMutual: kibanaShows,
      text: [
        `Kibana dials ${data.elasticsearchUrl}, and ${verifies("checks Elasticsearch's certificate", "elasticsearch")}.`,
        kibanaShows ? `It presents kibana-es-cert.pem, ${presented}.` : "It presents no certificate.",
      ],
    });
  }
  return all.map((connection, index) => ({ ...connection, number: index + 1 }));
}

function dialledText({ name, urls }: PageFleetServerHosts, index: number): string {
  const [first, ...others] = urls;
  const whose = index === 0 ? "Agents" : `Agents of the Fleet Server hosts ${name}`;
  return `${whose} dial ${first ?? ""}${others.length === 0 ? "" : `, then ${others.join(", ")}`}.`;
}

function tlsName(clientAuthentication: string): string {
  return clientAuthentication === "none" ? "one-way TLS" : "mutual TLS";
}

function idsOf(hosts: PageHost[]): string {
  const ids = hosts.slice(0, 2).map(({ id }) => id);
  return hosts.length > ids.length ? `${ids.join(", ")} and ${hosts.length - ids.length} more` : ids.join(", ");
}

function fileNameOf(hostPath: string | undefined): string | undefined {
  return hostPath?.split(/[\\/]/).pop();
}

/** The name of a chip for who cannot see it. */
export function chipText({ label, authorities, note }: Chip): string {
  const cas = authorities.map((id) => AUTHORITIES[id].name).join(" and ");
  return `${label}${note === undefined ? "" : ` ${note}`} (${cas})`;
}
