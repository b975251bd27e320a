import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { parse } from "yaml";

import type { HostFiles } from "../../../lib";
import type { PasteShell } from "../../support/paste";
import type { ClientAuth, Edge as CommandEdge } from "../protocol";
import type { Deployment, Deployed } from "./deploy";
import { Host } from "./host";
import type { Pair } from "./signer";
import { pemsOf } from "./signer";

export type EdgeName =
  "agent-to-fleet" | "fleet-to-local" | "fleet-to-url" | "fleet-to-elasticsearch" | "agent-to-elasticsearch";

/** Who listens. */
export interface ServerParty {
  pair: Pair;
  clientCas: string[];
  clientAuth: ClientAuth;
  /** The host whose command says all of that, for Elastic's own code. */
  host?: Host;
}

/** Who connects. */
export interface ClientParty {
  pair: Pair | undefined;
  cas: string[];
  /** For Elastic's own code: what of a host's command connects, or the output settings that its policy has. */
  host: Host;
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
}

const LOCAL_NAMES = ["localhost", "127.0.0.1", "::1"];

/** Every connection of a deployed fleet, as its emitted commands, settings and files say. */
export async function edgesOf(deployment: Deployment, deployed: Deployed, shell: PasteShell): Promise<Edge[]> {
  const { topology, fleet, folder } = deployed;
  const onHosts = {
    ...Object.fromEntries(
      Object.entries(topology.onHosts ?? {}).map(([path, name]) => [path, deployment.given.path(name)]),
    ),
    "/etc/elastic-agent/certs/service-token": deployment.given.path("service-token"),
  };
  const read = async (path: string, files: HostFiles): Promise<Host> => {
    const host = new Host(join(folder, path), files.hostDirectory, onHosts);
    await host.readCommand(shell);
    return host;
  };
  const agents = await Promise.all(fleet.agents.map(({ node, files }) => read(`agents/${node.id}`, files)));
  const edges: Omit<Edge, "topology" | "everyPair">[] = [];

  for (const [index, { node, files }] of fleet.fleetServers.entries()) {
    const host = await read(index === 0 ? "fleet-server" : `fleet-servers/${node.id}`, files);
    const server = listener(host);
    const names = topology.dialled?.[node.id] ?? [fleet.fleetServerHost];
    for (const agent of agents) {
      const client = {
        pair: agent.pair("elastic-agent-cert"),
        cas: agent.files("certificate-authorities"),
        host: agent,
      };
      edges.push({
        name: "agent-to-fleet",
        server,
        client: { ...client, edge: "agent-to-fleet" },
        names: [...names, ...LOCAL_NAMES],
      });
    }
    const own = { pair: host.pair("elastic-agent-cert"), cas: host.files("certificate-authorities"), host };
    edges.push({ name: "fleet-to-local", server, client: { ...own, edge: "fleet-to-local" }, names: ["localhost"] });
    // Before 9.2.7 a Fleet Server's own agent enrols through --url.
    const [named] = names;
    edges.push({ name: "fleet-to-url", server, client: { ...own, edge: "agent-to-fleet" }, names: [named!] });

    const towards = { pair: host.pair("fleet-server-es-cert"), cas: host.files("fleet-server-es-ca"), host };
    for (const [elasticsearch, known] of listenersOfElasticsearch(deployment, deployed)) {
      edges.push({
        name: "fleet-to-elasticsearch",
        server: elasticsearch,
        client: { ...towards, edge: "fleet-to-elasticsearch" },
        names: known,
      });
    }
  }
  const settingsOf = ({ folder: place }: Host) => join(folder, "outputs", `${basename(place)}.yml`);
  for (const agent of agents) {
    for (const [elasticsearch, known] of listenersOfElasticsearch(deployment, deployed)) {
      edges.push({
        name: "agent-to-elasticsearch",
        server: elasticsearch,
        client: output(agent, settingsOf(agent)),
        names: known,
      });
    }
  }
  return edges.map((edge) => ({ ...edge, topology: topology.name, everyPair: topology.everyPair ?? false }));
}

function listener(host: Host): ServerParty {
  return {
    pair: host.pair("fleet-server-cert")!,
    clientCas: host.files("certificate-authorities"),
    clientAuth: (host.flag("fleet-server-client-auth") ?? "none") as ClientAuth,
    host,
  };
}

/** Elasticsearch as its emitted settings have it, once for each kind of client authentication that they allow. */
function listenersOfElasticsearch(deployment: Deployment, { topology, folder }: Deployed): [ServerParty, string[]][] {
  const names = topology.elasticsearchNames ?? { elasticsearch: ["es.example.com"] };
  return Object.entries(names).flatMap(([id, known]) => {
    const place = join(folder, id === "elasticsearch" ? id : `elasticsearch-nodes/${id}`);
    const settings = elasticsearchSettings(place);
    // An Elasticsearch that is there already serves what it always did.
    const pair = settings.pair ?? {
      certificate: deployment.given.path("theirs.pem"),
      key: deployment.given.path("theirs-key.pem"),
      passphrase: null,
    };
    const modes: ClientAuth[] = settings.clientCas.length > 0 ? ["none", "optional", "required"] : ["none"];
    return modes.map((clientAuth): [ServerParty, string[]] => [
      { pair, clientCas: settings.clientCas, clientAuth },
      known,
    ]);
  });
}

/** What `elasticsearch.tls.yml` names, below the folder that lies in Elasticsearch's configuration directory. */
function elasticsearchSettings(folder: string): { pair?: Pair; clientCas: string[] } {
  const settings = parse(readFileSync(join(folder, "elasticsearch.tls.yml"), "utf8")) as Record<string, unknown>;
  const setting = (name: string) => settings[`xpack.security.http.ssl.${name}`];
  const local = (path: unknown) => join(folder, String(path).replace(/^certs\//, ""));
  const clientCas = ((setting("certificate_authorities") as string[] | undefined) ?? []).map(local);
  const [certificate, key] = [setting("certificate"), setting("key")];
  return certificate === undefined
    ? { clientCas }
    : { clientCas, pair: { certificate: local(certificate), key: local(key), passphrase: null } };
}

/** An agent's output to Elasticsearch, as its emitted settings say. */
function output(host: Host, settings: string): ClientParty {
  const { ssl } = parse(readFileSync(settings, "utf8")) as { ssl: Record<string, unknown> };
  const [certificate, key, passphrase] = ["certificate", "key", "key_passphrase_path"].map(
    (name) => ssl[name] as string | undefined,
  );
  return {
    pair: certificate === undefined ? undefined : host.pairAt(certificate, key!, passphrase),
    // What settings trust by its text or its fingerprint, others are given by the host's file of the same CA.
    cas: [join(host.folder, "es-ca.pem")],
    host,
    output: ssl,
  };
}

/** Whether what is trusted is no root, which OpenSSL, Node and Python have to be told. */
export function hasPartialTrust(files: string[]): boolean {
  return files.some((file) =>
    pemsOf(file).some((pem) => {
      const certificate = new X509Certificate(pem);
      return certificate.subject !== certificate.issuer;
    }),
  );
}
