import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

import { parse } from "yaml";

import type { HostFiles } from "../../../lib";
import { FleetServer, HostKind, ProxyTarget, ReverseProxy } from "../../../lib";
import type { PasteShell } from "../../support/paste";
import type { ClientAuth, Edge as CommandEdge } from "../protocol";
import type { Deployment, Deployed } from "./deploy";
import { ElasticsearchHost } from "./elasticsearch-host";
import { Host } from "./host";
import { KibanaHost } from "./kibana-host";
import { ProxyHost } from "./proxy-host";
import type { Pair } from "./signer";
import { pemsOf } from "./signer";

export type EdgeName =
  | "agent-to-fleet"
  | "fleet-to-local"
  | "fleet-to-url"
  | "fleet-to-kibana"
  | "proxy-to-fleet"
  | "proxy-to-elasticsearch"
  | "fleet-to-elasticsearch-proxy"
  | "agent-to-elasticsearch-proxy"
  | "fleet-to-elasticsearch"
  | "agent-to-elasticsearch"
  | "kibana-to-elasticsearch";

/** Who listens. */
export interface ServerParty {
  pair: Pair;
  clientCas: string[];
  clientAuth: ClientAuth;
  /** The host whose command says all of that, for Elastic's own code. */
  host?: Host;
  /** The settings that say all of that, for whoever reads Elasticsearch's. */
  elasticsearch?: ElasticsearchHost;
}

/** Who connects. */
export interface ClientParty {
  pair: Pair | undefined;
  cas: string[];
  /** For Elastic's own code: what of a host's command connects, or the output settings that its policy has. */
  host?: Host;
  edge?: CommandEdge;
  output?: Record<string, unknown>;
}

/** One connection of a fleet. */
export interface Edge {
  topology: string;
  name: EdgeName;
  server: ServerParty;
  client: ClientParty;
  /** By which names and addresses the client dials. */
  names: string[];
  everyPair: boolean;
  /** Whether clients are shown bad servers here too: they judge alike whatever is asked of them. */
  showsBadServers: boolean;
}

export type Connection = Pick<Edge, "name" | "server" | "client" | "names"> & { showsBadServers?: boolean };

/** The CA that another team's Fleet Server is given, in the fleet's folder. */
export const FOR_OTHERS = "agent-ca.pem";

const LOCAL_NAMES = ["localhost", "127.0.0.1", "::1"];

/** Every connection of a deployed fleet, as its emitted commands, settings and files say. */
export async function edgesOf(deployment: Deployment, deployed: Deployed, shell: PasteShell): Promise<Edge[]> {
  const { name: topology, everyPair = [] } = deployed.topology;
  const connections = await new Connections(deployment, deployed, shell).all();
  return connections.map(({ showsBadServers = true, ...each }) => ({
    ...each,
    ...{ topology, everyPair: everyPair.includes(each.name), showsBadServers },
  }));
}

class Connections {
  private readonly elasticsearch: { server: ServerParty; names: string[] }[];
  private readonly proxies: { proxy: ReverseProxy; own: ProxyHost }[];
  private turn: number;

  public constructor(
    private readonly deployment: Deployment,
    private readonly deployed: Deployed,
    private readonly shell: PasteShell,
  ) {
    this.elasticsearch = this.listenersOfElasticsearch();
    this.proxies = deployed.fleet.hosts
      .filter((host) => host instanceof ReverseProxy)
      .map((proxy) => ({
        proxy,
        own: new ProxyHost(join(deployed.folder, proxy.folder), proxy, deployment.given.systemRoots),
      }));
    this.turn = deployment.fleets.indexOf(deployed);
  }

  public async all(): Promise<Connection[]> {
    const { fleet, withOutputs } = this.deployed;
    const agents = await Promise.all(
      fleet.agents.map(async ({ node, files, fleetServerHosts: { proxy } }) => ({
        id: node.id,
        host: await this.commanded(`agents/${node.id}`, files),
        proxy,
      })),
    );
    const direct = agents.filter(({ proxy }) => proxy === undefined);
    const servers = await Promise.all(
      fleet.hosts
        .filter((host) => host instanceof FleetServer)
        .map(async ({ node, folder, files }) => ({ id: node.id, host: await this.commanded(folder, files) })),
    );
    return [
      ...servers.flatMap(({ id, host }) => this.ofFleetServer(id, host, direct)),
      ...(servers.length === 0 ? direct : []).map(({ host }) =>
        this.ofAgent(host, this.serverElsewhere, [this.fleetServerHost]),
      ),
      ...this.proxies.flatMap(({ proxy, own }) =>
        proxy.target === ProxyTarget.ELASTICSEARCH
          ? this.towards("proxy-to-elasticsearch", own.client)
          : this.ofProxy(
              proxy.url,
              own,
              agents.filter((agent) => agent.proxy === proxy),
              servers.length === 0 ? [this.serverElsewhere] : servers.map(({ host }) => listenerOf(host)),
            ),
      ),
      ...[...agents, ...servers]
        .filter(({ id }) => withOutputs.includes(id))
        .flatMap(({ id, host }) => this.dial("agent-to-elasticsearch", this.output(id, host))),
      ...fleet.hosts
        .filter(({ kind }) => kind === HostKind.KIBANA)
        .flatMap(({ folder, files }) => {
          const kibana = new KibanaHost(this.host(folder, files));
          return [
            ...this.towards("kibana-to-elasticsearch", {
              pair: kibana.clientPair,
              cas: this.trusted(kibana.elasticsearchCas),
            }).filter(
              ({ name, showsBadServers }) => showsBadServers || this.deployed.topology.everyPair?.includes(name),
            ),
            ...servers.flatMap(({ host }) => kibana.preparedBy(host)),
          ];
        }),
    ];
  }

  private ofFleetServer(id: string, host: Host, agents: { host: Host }[]): Connection[] {
    const { topology } = this.deployed;
    const names = topology.dialled?.[id] ?? [this.fleetServerHost];
    const server = listenerOf(host);
    return [
      ...agents.map((each) => this.ofAgent(each.host, server, [...names, ...LOCAL_NAMES])),
      { name: "fleet-to-local", server, client: this.agent(host, "fleet-to-local"), names: ["localhost"] },
      // Before 9.2.7 a Fleet Server's own agent enrolls through --url.
      { name: "fleet-to-url", server, client: this.agent(host, "agent-to-fleet"), names: names.slice(0, 1) },
      ...this.dial("fleet-to-elasticsearch", {
        pair: host.pair("fleet-server-es-cert"),
        cas: this.trusted(host.files("fleet-server-es-ca")),
        host,
        edge: "fleet-to-elasticsearch",
      }),
    ];
  }

  /** A Fleet Server that somebody else runs. */
  private get serverElsewhere(): ServerParty {
    const { topology, folder } = this.deployed;
    const pair = this.deployment.given.pair(topology.fleetServerServes ?? "company-fleet-server");
    return topology.fleetServerRequires === true
      ? { pair, clientCas: [join(folder, FOR_OTHERS)], clientAuth: "required" }
      : { pair, clientCas: [], clientAuth: "none" };
  }

  /** A reverse proxy in front of Fleet Servers. */
  private ofProxy(url: string, proxy: ProxyHost, agents: { host: Host }[], fleetServers: ServerParty[]): Connection[] {
    const names = [this.fleetServerHost];
    return [
      ...agents.map(({ host }) => this.ofAgent(host, proxy.server, [new URL(url).hostname])),
      ...fleetServers.map((server): Connection => ({ name: "proxy-to-fleet", server, client: proxy.client, names })),
    ];
  }

  private ofAgent(host: Host, server: ServerParty, names: string[]): Connection {
    return { name: "agent-to-fleet", server, client: this.agent(host, "agent-to-fleet"), names };
  }

  private agent(host: Host, edge: CommandEdge): ClientParty {
    return {
      pair: host.pair("elastic-agent-cert"),
      cas: this.trusted(host.files("certificate-authorities")),
      host,
      edge,
    };
  }

  private get fleetServerHost(): string {
    return new URL(this.deployed.fleet.fleetServerUrl).hostname;
  }

  /** What a host dials as Elasticsearch: a proxy, if one is in front of it. */
  private dial(name: "fleet-to-elasticsearch" | "agent-to-elasticsearch", client: ClientParty): Connection[] {
    const { elasticsearchUrl } = this.deployed.fleet;
    const proxies = this.proxies.filter(({ proxy }) => proxy.target === ProxyTarget.ELASTICSEARCH);
    return proxies.length === 0
      ? this.towards(name, client)
      : proxies.map(({ own: { server } }) => ({
          ...{ name: `${name}-proxy` as const, server, client },
          names: [new URL(elasticsearchUrl).hostname],
        }));
  }

  /** Whatever Elasticsearch asks of its clients; bad ones of it take turns among that. */
  private towards(name: EdgeName, client: ClientParty): Connection[] {
    const turn = this.turn++;
    const { length } = this.elasticsearch;
    const required = this.elasticsearch.findIndex(({ server }) => server.clientAuth === "required");
    // Where every pair meets, it does so where certificates are required.
    const isEveryPair = required >= 0 && this.deployed.topology.everyPair?.includes(name);
    const showing = isEveryPair ? required : turn % length;
    return this.elasticsearch.map((each, index) => ({ name, client, ...each, showsBadServers: index === showing }));
  }

  /** An agent's output, as its emitted settings say. */
  private output(id: string, host: Host): ClientParty {
    const settings = readFileSync(join(this.deployed.folder, "outputs", `${id}.yml`), "utf8");
    // Towards a public CA there is no setting at all.
    const { ssl = {} } = (parse(settings) ?? {}) as { ssl?: Record<string, unknown> };
    const [certificate, key, passphrase] = ["certificate", "key", "key_passphrase_path"].map(
      (name) => ssl[name] as string | undefined,
    );
    const listed = (ssl["certificate_authorities"] ?? []) as string[];
    // What settings trust by its text or its fingerprint, others are given by the host's file of the same CA.
    const isFile = ssl["ca_trusted_fingerprint"] === undefined && listed.every((value) => !value.startsWith("-"));
    return {
      pair: certificate === undefined ? undefined : host.pairAt(certificate, key!, passphrase),
      cas: isFile ? this.trusted(listed.map((path) => host.local(path))) : [join(host.folder, "es-ca.pem")],
      host,
      output: ssl,
    };
  }

  /** Elasticsearch as its emitted settings have it, once for each kind of client authentication that they allow. */
  private listenersOfElasticsearch(): { server: ServerParty; names: string[] }[] {
    const { topology, folder } = this.deployed;
    const names = topology.elasticsearchNames ?? { elasticsearch: ["es.example.com"] };
    const { given } = this.deployment;
    const own = given.pair(topology.elasticsearchServes ?? "theirs");
    return Object.entries(names).flatMap(([id, known]) => {
      const place = join(folder, id === "elasticsearch" ? id : `elasticsearch-nodes/${id}`);
      const elasticsearch = new ElasticsearchHost(place, this.deployment.path(), own);
      const { pair, clientCas } = elasticsearch;
      return elasticsearch.modes.map((clientAuth) => ({
        server: { pair, clientCas, clientAuth, elasticsearch },
        names: known,
      }));
    });
  }

  private async commanded(path: string, files: HostFiles): Promise<Host> {
    const host = this.host(path, files);
    await host.readCommand(this.shell);
    return host;
  }

  private host(path: string, { hostDirectory }: HostFiles): Host {
    const { given } = this.deployment;
    const folder = join(this.deployed.folder, path);
    // What the deploy wrote for this host is its own, whatever is at the same path of others.
    const others = Object.entries(this.deployed.topology.onHosts ?? {})
      .filter(([on]) => !existsSync(join(folder, relative(hostDirectory, on))))
      .map(([on, name]) => [on, given.path(name)]);
    return new Host(folder, hostDirectory, {
      "/etc/elastic-agent/certs/service-token": given.path("service-token"),
      ...(Object.fromEntries(others) as Record<string, string>),
    });
  }

  /** What a host is configured to trust, or else what its operating system does. */
  private trusted(files: string[]): string[] {
    return files.length > 0 ? files : [this.deployment.given.systemRoots];
  }
}

/** Fleet Server as its command has it. */
function listenerOf(host: Host): ServerParty {
  return {
    pair: host.pair("fleet-server-cert")!,
    clientCas: host.files("certificate-authorities"),
    clientAuth: (host.flag("fleet-server-client-auth") ?? "none") as ClientAuth,
    host,
  };
}

/** Whether the anchor is no root, which OpenSSL, Node and Python accept only with an option. */
export function hasPartialTrust(files: string[]): boolean {
  return files.some((file) =>
    pemsOf(file).some((pem) => {
      const certificate = new X509Certificate(pem);
      return certificate.subject !== certificate.issuer;
    }),
  );
}
