import type { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import type { Validator } from "../../conformance/validators";
import { execute } from "../../support/execute";
import { certificatesOf } from "../../support/openssl";
import type { PasteShell } from "../../support/paste";
import type { ProvedFleet } from "./fleets";
import { ELASTICSEARCH_NAME, FLEET_NAMES } from "./fleets";

/** One thing that was tried, and how it failed if it did. */
export interface Trial {
  readonly fleet: ProvedFleet;
  readonly kind: "verification" | "handshake" | "control";
  readonly what: string;
  readonly failure?: string;
}

interface Pair {
  readonly certificate: string;
  readonly key: string;
  readonly passphrase: string | null;
}

/** A connection of a fleet, by the paths of files on its hosts. */
interface Connection {
  readonly name: string;
  readonly server: Pair;
  readonly serverNames: readonly string[];
  /** What the client trusts. */
  readonly trust: string[];
  readonly client?: Pair;
  /** Whose clients the server admits. */
  readonly clientCas: string[];
  readonly clientAuth: "none" | "optional" | "required";
}

const WRONG_NAME = "other.example.com";

/** Tries every connection of a fleet: `openssl verify` of both ends, and handshakes with the two ends' places swapped. */
export async function prove(
  fleet: ProvedFleet,
  folder: string,
  shell: PasteShell,
  stacks: readonly [Validator, Validator],
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const [one, other] = stacks;
  for (const connection of await connectionsOf(fleet, folder, shell)) {
    const note = (kind: Trial["kind"], what: string, failure?: string): void =>
      void trials.push({ fleet, kind, what: `${connection.name}: ${what}`, failure });
    for (const { what, ...verification } of verificationsOf(connection)) {
      note("verification", what, await verify(verification));
    }
    for (const [server, client] of [
      [one, other],
      [other, one],
    ] as const) {
      const between = `${client.name} at ${server.name}`;
      const [right, wrong] = await shakeHands(connection, server, client);
      note("handshake", between, right);
      // A trial that could not fail would show nothing.
      note("control", `${between} by a wrong name`, wrong === undefined ? "was not refused" : undefined);
    }
  }
  return trials;
}

/** What the emitted commands and settings name. */
async function connectionsOf(
  { row, systemTrust }: ProvedFleet,
  folder: string,
  shell: PasteShell,
): Promise<Connection[]> {
  const command = (host: string): Promise<Command> => Command.read(path.join(folder, host), shell);
  const [fleetServer, agent] = await Promise.all([command("fleet-server"), command("agent")]);
  const elasticsearch = elasticsearchOf(path.join(folder, "elasticsearch"));
  const fleetClientCas = row.mode === "one-way" ? [] : fleetServer.list("certificate-authorities");
  const mode = fleetServer.flag("fleet-server-client-auth") ?? "none";
  const towards = { server: elasticsearch.pair, serverNames: [ELASTICSEARCH_NAME], clientCas: elasticsearch.clientCas };
  const clientAuth = elasticsearch.clientCas.length > 0 ? "required" : "none";
  const elasticsearchTrust = fleetServer.list("fleet-server-es-ca", systemTrust?.elasticsearch);
  return [
    {
      name: "agent to Fleet Server",
      server: fleetServer.pair("fleet-server-cert")!,
      serverNames: FLEET_NAMES,
      trust: agent.list("certificate-authorities", systemTrust?.fleet),
      client: agent.pair("elastic-agent-cert"),
      clientCas: fleetClientCas,
      clientAuth: mode as Connection["clientAuth"],
    },
    {
      name: "Fleet Server's own agent to it",
      server: fleetServer.pair("fleet-server-cert")!,
      serverNames: ["localhost"],
      trust: fleetServer.list("certificate-authorities", systemTrust?.fleet),
      client: fleetServer.pair("elastic-agent-cert"),
      clientCas: fleetClientCas,
      clientAuth: mode as Connection["clientAuth"],
    },
    {
      ...towards,
      name: "Fleet Server to Elasticsearch",
      trust: elasticsearchTrust,
      client: fleetServer.pair("fleet-server-es-cert"),
      clientAuth,
    },
    {
      ...towards,
      name: "agent to Elasticsearch",
      // No flag of an agent names it: its policy's output does.
      trust: [path.join(folder, "agent", "es-ca.pem")]
        .filter((file) => fs.existsSync(file))
        .concat(elasticsearchTrust)
        .slice(0, 1),
      client: agent.pair("elastic-agent-cert"),
      clientAuth,
    },
  ];
}

/** What Elasticsearch's emitted settings name; one that is there already presents what it always did. */
function elasticsearchOf(configuration: string): { pair: Pair; clientCas: string[] } {
  const file = path.join(configuration, "certs", "elasticsearch.tls.yml");
  const settings = (fs.existsSync(file) ? parse(fs.readFileSync(file, "utf8")) : {}) as Record<string, unknown>;
  const local = (name: string, otherwise: string): string =>
    path.resolve(configuration, String(settings[`xpack.security.http.ssl.${name}`] ?? otherwise));
  const clientCas = (settings["xpack.security.http.ssl.certificate_authorities"] ?? []) as string[];
  return {
    pair: {
      certificate: local("certificate", "certs/es-cert.pem"),
      key: local("key", "certs/es-cert-key.pem"),
      passphrase: null,
    },
    clientCas: clientCas.map((each) => path.resolve(configuration, each)),
  };
}

/** A host's command, as a shell splits it. */
class Command {
  public static async read(host: string, shell: PasteShell): Promise<Command> {
    const { code, stdout, stderr } = await shell.run(path.join(host, "install-command.sh"), {
      FLEET_ENROLLMENT_TOKEN: "ZHVtbXk=",
    });
    if (code !== 0) throw new Error(`the command of ${host} ended with ${code}: ${stderr}`);
    return new Command(stdout.split("\0"));
  }

  private constructor(private readonly words: readonly string[]) {}

  public flag(name: string): string | undefined {
    return this.words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  }

  /** The files that a flag lists, or what the system trusts where there is no such flag. */
  public list(name: string, otherwise = ""): string[] {
    return (this.flag(name) ?? otherwise).split(",").filter((file) => file !== "");
  }

  public pair(role: string): Pair | undefined {
    const [certificate, key] = [this.flag(role), this.flag(`${role}-key`)];
    return certificate === undefined || key === undefined
      ? undefined
      : { certificate, key, passphrase: this.flag(`${role}-key-passphrase`) ?? null };
  }
}

interface Verification {
  readonly certificate: string;
  readonly trust: string[];
  readonly purpose: "sslserver" | "sslclient";
  readonly name?: string;
}

function verificationsOf({ server, serverNames, trust, client, clientCas, clientAuth }: Connection) {
  const servers = serverNames.map((name) => ({
    what: `the server's certificate by the name ${name}`,
    certificate: server.certificate,
    trust,
    purpose: "sslserver" as const,
    name,
  }));
  const clients = [
    {
      what: "the client's certificate",
      certificate: client?.certificate ?? "",
      trust: clientCas,
      purpose: "sslclient" as const,
    },
  ];
  return clientAuth === "none" ? servers : [...servers, ...clients];
}

/** `openssl verify` at its strictest; answers what it complains of. */
async function verify({ certificate, trust, purpose, name }: Verification): Promise<string | undefined> {
  const named = name === undefined ? [] : [/^[\d.:]+$/.test(name) ? "-verify_ip" : "-verify_hostname", name];
  const { stdout, stderr } = await execute("openssl", [
    ...["verify", "-x509_strict", "-no-CAfile", "-no-CApath", "-no-CAstore", "-purpose", purpose, ...named],
    ...(hasPartialTrust(trust) ? ["-partial_chain"] : []),
    ...trust.flatMap((file) => ["-trusted", file]),
    ...["-untrusted", certificate, certificate],
  ]);
  return stdout.trim() === `${certificate}: OK` ? undefined : `${stdout}${stderr}`.trim();
}

/** A connection with one stack at each end, by the right name and by a wrong one; answers what each fails of. */
async function shakeHands(
  connection: Connection,
  server: Validator,
  client: Validator,
): Promise<[string | undefined, string | undefined]> {
  const { clientCas, clientAuth, trust, serverNames } = connection;
  const serving = await server.request({
    op: "serve",
    ...connection.server,
    ...(clientAuth === "none" ? {} : { clientCas, clientAuth, partialChain: hasPartialTrust(clientCas) }),
  });
  if (!serving.ok) return [`${server.name} does not serve: ${serving.error}`, undefined];
  const dial = async (serverName: string): Promise<string | undefined> => {
    const partialChain = hasPartialTrust(trust);
    const own = { port: serving.port, serverName, cas: trust, partialChain, ...connection.client };
    const answer = await client.request({ op: "connect", ...own });
    if (!answer.ok) return answer.error;
    return answer.clientCertificate || clientAuth === "none"
      ? undefined
      : "the client was let in without a certificate";
  };
  const results: [string | undefined, string | undefined] = [await dial(serverNames[0]!), await dial(WRONG_NAME)];
  await server.request({ op: "close", server: serving.server });
  return results;
}

/** Whether the anchor is no root, which OpenSSL accepts only with an option. */
function hasPartialTrust(files: readonly string[]): boolean {
  return files.flatMap(certificatesOf).some(({ subject, issuer }: X509Certificate) => subject !== issuer);
}
