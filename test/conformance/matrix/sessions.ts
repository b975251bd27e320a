import type { Validator } from "../validators";
import type { Edge } from "./edges";
import type { Outcome } from "./outcome";
import { canConnect, canServe } from "./parties";
import type { FaultKind, Substitute } from "./refusals";
import type { Pair } from "./signer";

/** What is tried on an edge, in addition to its good handshakes. */
export interface Attempts {
  servers: Substitute[];
  clients: Substitute[];
}

/** One thing that a client tries; `pair` in place of its own, or none at all. */
export interface Trial extends Pick<Outcome, "kind" | "judge"> {
  serverName: string;
  pair?: Pair | null;
  maxVersion?: "TLSv1.1";
}

/** A server that listens, with another pair or version in place of its own, and what is tried at it. */
export interface Session extends Pick<Outcome, "kind"> {
  edge: Edge;
  changes: { pair?: Pair; maxVersion?: "TLSv1.1" };
  /** Whether every server meets every client in it. */
  everyPair: boolean;
  /** What each client whose turn it is tries. */
  always: Trial[];
  /** What is tried at every second server only, where not every pair meets. */
  inTurns: Trial[];
}

/** A session with those who play it. */
export interface Meeting {
  server: Validator;
  clients: Validator[];
  trials: Trial[];
}

/** An edge's good handshakes by each name, then whatever must be refused. */
export function sessionsOf(edge: Edge, attempts: Attempts): Session[] {
  const [serverName, ...others] = edge.names as [string, ...string[]];
  const good = (name: string): Trial => ({ kind: "good", judge: "server", serverName: name });
  const common = { edge, changes: {}, everyPair: false, always: [], inTurns: [] };
  const sessions: Session[] = [
    {
      ...common,
      ...{ kind: "good", everyPair: edge.everyPair, always: [good(serverName)] },
      inTurns: clientFaults(edge, serverName, attempts.clients),
    },
    ...others.map((name): Session => ({ ...common, kind: "good", always: [good(name)] })),
  ];
  if (!edge.showsBadServers) {
    return sessions;
  }
  const bad = [...attempts.servers, { kind: "TLS below 1.2" as const, maxVersion: "TLSv1.1" as const }];
  return [
    ...sessions,
    ...bad.map(({ kind, ...changes }): Session => ({
      ...common,
      ...{ kind, changes },
      // What clients judge does not depend on what is asked of them: once, every pair meets. Kibana asks nobody.
      everyPair: edge.everyPair && (edge.server.clientAuth === "required" || edge.name === "fleet-to-kibana"),
      inTurns: [{ kind, judge: "client", serverName }],
    })),
  ];
}

/** What clients try at a server that has nothing wrong. */
function clientFaults(edge: Edge, serverName: string, clients: Substitute[]): Trial[] {
  const { server, client } = edge;
  const wrong: Trial[] = [
    { kind: "wrong name", judge: "client", serverName: "other.example.com" },
    { kind: "wrong address", judge: "client", serverName: "127.0.0.2" },
  ];
  const pairs: { kind: FaultKind; pair: Pair | null }[] = [{ kind: "no client certificate", pair: null }, ...clients];
  return [
    ...(edge.showsBadServers ? wrong : []),
    { kind: "TLS below 1.2", judge: "server", serverName, maxVersion: "TLSv1.1" },
    ...(server.clientAuth !== "none" && client.pair !== undefined
      ? pairs.map((each): Trial => ({ ...each, judge: "server", serverName }))
      : []),
  ];
}

/** Has sessions played by everyone who can. Pairs that do not all meet in one session take turns over many. */
export class Turns {
  private readonly taken = new Map<string, number>();

  public constructor(private readonly validators: Validator[]) {}

  public meetings(session: Session): Meeting[] {
    const { edge, changes, everyPair, always, inTurns } = session;
    const clients = this.validators.filter((each) => canConnect(each, edge));
    const servers = this.validators.filter((each) => canServe(each, edge));
    const turn = this.next(session);
    // Where there are more clients than servers, servers have several of them, so that each has its turn.
    const rounds = Array.from({ length: Math.ceil(clients.length / servers.length) }, (_, round) => round);
    return servers.flatMap((server, index) => {
      const { maxVersion } = changes;
      const isTheirs = everyPair || index % 2 === Math.floor(turn / 2) % 2;
      const trials = isTheirs ? [...always, ...inTurns] : always;
      if (trials.length === 0 || (maxVersion !== undefined && server.capabilities.oldest > maxVersion)) {
        return [];
      }
      const own = rounds.map((round) => clients[(index + turn + round * servers.length) % clients.length]!);
      return [{ server, clients: everyPair ? clients : own, trials }];
    });
  }

  /** Counted for each kind of session by itself, so that no rhythm of the others keeps two validators from meeting. */
  private next({ kind, edge: { name, server }, inTurns }: Session): number {
    const key = `${name} ${server.clientAuth} ${kind} ${inTurns.length > 0}`;
    const turn = this.taken.get(key) ?? 0;
    this.taken.set(key, turn + 1);
    return turn;
  }
}
