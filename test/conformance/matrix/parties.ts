import type { Answer, ConnectRequest, ServeRequest } from "../protocol";
import type { Validator } from "../validators";
import type { Edge } from "./edges";
import { hasPartialTrust } from "./edges";
import type { Host, HostPair } from "./host";
import type { Pair } from "./signer";

const ROLES = ["elastic-agent-cert", "fleet-server-es-cert"];

/** Plays the parties of an edge by a validator: Elastic's own code by the emitted command, the others by its files. */
export class Parties {
  private readonly commands = new Map<string, Promise<string>>();

  /** Listens as the edge's server, or with another pair in place of its own. */
  public async serve(
    validator: Validator,
    { server, client }: Edge,
    changes: { pair?: Pair; maxVersion?: ServeRequest["maxVersion"] } = {},
  ): Promise<Answer<"serve">> {
    const { pair = server.pair, ...others } = changes;
    if (validator.capabilities.settings) {
      const listener = server.elasticsearch!.listener(server.clientAuth, { pair, maxVersion: others.maxVersion });
      return validator.request({ op: "serve", ...listener });
    }
    const authenticates = server.clientAuth !== "none" && client.pair !== undefined;
    if (server.host && validator.can("command")) {
      const overrides = pair === server.pair ? {} : inPlaceOf(server.pair as HostPair, pair);
      const command = await this.command(validator, server.host, server.host.argv, overrides);
      return "error" in command ? command : validator.request({ op: "serve", command: command.handle, ...others });
    }
    return validator.request({
      op: "serve",
      ...pair,
      ...(server.clientAuth === "none" ? {} : { clientCas: server.clientCas, clientAuth: server.clientAuth }),
      partialChain: authenticates && hasPartialTrust(server.clientCas),
      ...others,
    });
  }

  /** Connects as the edge's client, or with another pair than its own, or with none. */
  public async connect(
    validator: Validator,
    { client }: Edge,
    target: { port: number; serverName: string },
    changes: { pair?: Pair | null; maxVersion?: ConnectRequest["maxVersion"] } = {},
  ): Promise<Answer<"connect">> {
    const { pair = client.pair ?? null, ...others } = changes;
    if (!validator.can("command")) {
      const own = pair ?? { certificate: null, key: null, passphrase: null };
      const partialChain = hasPartialTrust(client.cas);
      return validator.request({ op: "connect", ...target, cas: client.cas, ...own, partialChain, ...others });
    }
    const host = client.host!;
    const overrides = pair === null || pair === client.pair ? {} : inPlaceOf(client.pair as HostPair, pair);
    if (client.output) {
      const { certificate, key, key_passphrase_path, ...trust } = client.output;
      const output = pair === null ? trust : { certificate, key, key_passphrase_path, ...trust };
      const directories = { ...host.directories, ...overrides };
      return validator.request({ op: "connect", ...target, output: defined(output), directories, ...others });
    }
    const argv = pair === null ? withoutPairs(host) : host.argv;
    const command = await this.command(validator, host, argv, overrides);
    return "error" in command
      ? command
      : validator.request({ op: "connect", ...target, command: command.handle, edge: client.edge!, ...others });
  }

  /** What a validator knows a command by, read once. */
  private async command(
    validator: Validator,
    host: Host,
    argv: string[],
    overrides: Record<string, string>,
  ): Promise<{ handle: string } | { id: number; ok: false; error: string }> {
    const directories = { ...host.directories, ...overrides };
    const key = JSON.stringify([validator.name, argv, directories]);
    const known = this.commands.get(key);
    if (known !== undefined) {
      return { handle: await known };
    }
    const answer = await validator.request({ op: "command", argv, directories });
    if (!answer.ok) {
      return answer;
    }
    if (answer.mode === "standalone" || answer.prompts || answer.repeated.length > 0 || answer.stray.length > 0) {
      throw new Error(`${validator.name} reads the command of ${host.folder} as ${JSON.stringify(answer)}`);
    }
    this.commands.set(key, Promise.resolve(answer.command));
    return { handle: answer.command };
  }
}

/** Elasticsearch's own reading of settings plays nothing else. */
export function canServe(validator: Validator, { server }: Edge): boolean {
  return validator.can("serve") && (!validator.capabilities.settings || server.elasticsearch !== undefined);
}

/** Elastic's own TLS code is on hosts that have a command; Kibana has none. */
export function canConnect(validator: Validator, { client }: Edge): boolean {
  return validator.can("connect") && (!validator.can("command") || client.host !== undefined);
}

/** Whether this client is known not to check whom it reached: facts of elastic-agent and fleet-server, see the docs. */
export function ignoresName(validator: Validator, { client }: Edge): boolean {
  if (!validator.can("command") || client.output) {
    return false;
  }
  // Any TLS option towards Elasticsearch takes the name's check away (fleet-server internal/pkg/config/output.go).
  const hasOption = client.host!.argv.some((word) => /^--fleet-server-es-(ca|cert|insecure)/.test(word));
  return (
    (client.edge === "fleet-to-elasticsearch" && hasOption) ||
    (client.edge === "fleet-to-local" && validator.capabilities.reload)
  );
}

/** The paths that a command or an output names, with other files behind them. */
function inPlaceOf(own: HostPair, pair: Pair): Record<string, string> {
  const { certificate, key, passphrase } = own.hostPaths;
  return {
    [certificate]: pair.certificate,
    [key]: pair.key,
    ...(passphrase !== null && pair.passphrase !== null ? { [passphrase]: pair.passphrase } : {}),
  };
}

function withoutPairs({ argv }: Host): string[] {
  const flags = ROLES.flatMap((role) => [role, `${role}-key`, `${role}-key-passphrase`]);
  return argv.filter((word) => !flags.some((flag) => word.startsWith(`--${flag}=`)));
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
