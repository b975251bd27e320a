import type { Answer } from "../protocol";
import type { Validator } from "../validators";
import type { Edge } from "./edges";
import { Lanes } from "./lanes";
import type { Expected, Outcome } from "./outcome";
import { passes } from "./outcome";
import { canConnect, canServe, ignoresName, Parties } from "./parties";
import { provesNothing } from "./reasons";
import type { FaultKind, Substitute } from "./refusals";
import type { Pair } from "./signer";

/** What of an edge is tried, beside its good handshakes. */
export interface Attempts {
  servers: Substitute[];
  clients: Substitute[];
}

/** Servers that listen at the same time: more of them only make each other late on two cores. */
const AT_ONCE = 4;
const PATIENCE = 3;

type Kind = Outcome["kind"];
type Knock = (client: Validator, port: number) => Promise<void>;

/** Has every validator play both parties of edges, and gathers what comes of it. */
export class Runner {
  public readonly outcomes: Outcome[] = [];
  private readonly parties = new Parties();
  private readonly turns = new Map<string, number>();
  private readonly waiting: (() => Promise<void>)[] = [];

  /** @param failed is told of each outcome that must not be, as soon as it is there */
  public constructor(
    private readonly validators: Validator[],
    private readonly failed: (outcome: Outcome) => void = () => undefined,
  ) {}

  /** Plans an edge: its good handshakes by each name, then whatever must be refused. */
  public add(edge: Edge, attempts: Attempts): void {
    const [first, ...others] = edge.names as [string, ...string[]];
    this.session(edge, "good", {}, [
      (client, port) => this.knock(edge, "good", client, port, { serverName: first }),
      ...this.knocks(edge, first, attempts.clients),
    ]);
    for (const serverName of others) {
      this.session(edge, "good", { everyPair: false }, [
        (client, port) => this.knock(edge, "good", client, port, { serverName }),
      ]);
    }
    if (!edge.showsBadServers) {
      return;
    }
    for (const { kind, pair } of attempts.servers) {
      this.session(edge, kind, { pair }, [
        (client, port) => this.knock(edge, kind, client, port, { serverName: first, judge: "client" }),
      ]);
    }
    this.session(edge, "TLS below 1.2", { maxVersion: "TLSv1.1" }, [
      (client, port) => this.knock(edge, "TLS below 1.2", client, port, { serverName: first, judge: "client" }),
    ]);
  }

  /** Runs all that was planned. */
  public async run(): Promise<void> {
    const lanes = new Lanes(AT_ONCE);
    await Promise.all(this.waiting.splice(0).map((session) => lanes.run(session)));
  }

  /** What clients try at a server that has nothing wrong. */
  private knocks(edge: Edge, first: string, clients: Substitute[]): Knock[] {
    const { server, client: own } = edge;
    const authenticates = server.clientAuth !== "none" && own.pair !== undefined;
    const wrong: [FaultKind, string][] = edge.showsBadServers
      ? [
          ["wrong name", "other.example.com"],
          ["wrong address", "127.0.0.2"],
        ]
      : [];
    return [
      ...wrong.map(
        ([kind, serverName]): Knock =>
          (client, port) =>
            this.knock(edge, kind, client, port, { serverName, judge: "client" }),
      ),
      (client, port) => this.knock(edge, "TLS below 1.2", client, port, { serverName: first, maxVersion: "TLSv1.1" }),
      ...(authenticates
        ? [null, ...clients].map(
            (substitute): Knock =>
              (client, port) =>
                this.knock(edge, substitute?.kind ?? "no client certificate", client, port, {
                  serverName: first,
                  pair: substitute?.pair ?? null,
                }),
          )
        : []),
    ];
  }

  /** A server for each validator that can, and the clients whose turn it is at each. */
  private session(
    edge: Edge,
    kind: Kind,
    { everyPair = edge.everyPair, ...changes }: { everyPair?: boolean; pair?: Pair; maxVersion?: "TLSv1.1" },
    knocks: Knock[],
  ): void {
    const everyone = this.validators.filter((each) => canConnect(each, edge));
    const servers = this.validators.filter((each) => canServe(each, edge));
    const turn = this.turn(edge, kind, knocks.length);
    servers.forEach((server, index) => {
      if (changes.maxVersion !== undefined && server.capabilities.oldest > changes.maxVersion) {
        return;
      }
      // Where there are more clients than servers, some servers have two of them, so that each has its turn.
      const rounds = Math.ceil(everyone.length / servers.length);
      const own = Array.from({ length: rounds }, (_, round) => index + turn + round * servers.length);
      const clients = everyPair ? everyone : own.map((place) => everyone[place % everyone.length]!);
      this.waiting.push(async () => {
        const serving = await this.parties.serve(server, edge, changes);
        if (!serving.ok) {
          // Whoever does not even load what is wrong lets nobody be deceived by it.
          for (const client of clients) {
            this.record({ edge, kind, judge: "client", server, client, name: "" }, serving);
          }
          return;
        }
        this.current.set(serving.port, server);
        for (const client of clients) {
          for (const knock of knocks) {
            await knock(client, serving.port);
          }
        }
        await server.request({ op: "close", server: serving.server });
      });
    });
  }

  /** Counted for each kind of session by itself, so that no rhythm of the others keeps two validators from meeting. */
  private turn({ name, server: { clientAuth } }: Edge, kind: Kind, knocks: number): number {
    const cell = `${name} ${clientAuth} ${kind} ${knocks > 1}`;
    const turn = this.turns.get(cell) ?? 0;
    this.turns.set(cell, turn + 1);
    return turn;
  }

  private readonly current = new Map<number, Validator>();

  private async knock(
    edge: Edge,
    kind: Kind,
    client: Validator,
    port: number,
    how: { serverName: string; pair?: Pair | null; maxVersion?: "TLSv1.1"; judge?: Outcome["judge"] },
  ): Promise<void> {
    const { judge = "server", serverName, ...changes } = how;
    if (changes.maxVersion !== undefined && client.capabilities.oldest > changes.maxVersion) {
      return;
    }
    const server = this.current.get(port)!;
    let answer = await this.parties.connect(client, edge, { port, serverName }, changes);
    for (let tries = 1; tries < PATIENCE && !answer.ok && provesNothing(answer.error); tries++) {
      answer = await this.parties.connect(client, edge, { port, serverName }, changes);
    }
    this.record({ edge, kind, judge, server, client, name: serverName }, answer);
  }

  private record(attempt: Attempt, answer: Answer<"connect"> | Answer<"serve">): void {
    const { edge, server, client, ...tried } = attempt;
    const expected = expectation(attempt);
    const got = !answer.ok
      ? "refused"
      : "clientCertificate" in answer && answer.clientCertificate
        ? "verified"
        : "anonymous";
    const error = answer.ok ? undefined : answer.error;
    const { topology, name, server: listener } = edge;
    const outcome = {
      ...tried,
      ...{ topology, edge: name, clientAuth: listener.clientAuth },
      ...{ server: server.name, client: client.name, expected, error },
      got: got as Outcome["got"],
    };
    const passed = passes(outcome);
    this.outcomes.push({ ...outcome, passed });
    if (!passed) {
      this.failed({ ...outcome, passed });
    }
  }
}

/** One thing that is tried between two validators. */
interface Attempt extends Pick<Outcome, "kind" | "judge" | "name"> {
  edge: Edge;
  server: Validator;
  client: Validator;
}

function expectation({ edge, kind, client, judge }: Attempt): Expected {
  const { server, client: own } = edge;
  const good: Expected = server.clientAuth !== "none" && own.pair !== undefined ? "verified" : "anonymous";
  switch (kind) {
    case "good":
    case "control":
    case "control below an intermediate":
      return good;
    case "no client certificate":
      return server.clientAuth === "required" ? "refused" : "anonymous";
    case "wrong name":
    case "wrong address":
      return ignoresName(client, edge) ? "gap" : "refused";
    case "TLS below 1.2":
      return "refused";
    default:
      return judge === "server" && server.clientAuth === "optional" ? "unproven" : "refused";
  }
}
