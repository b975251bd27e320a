import type { Answer } from "../protocol";
import type { Validator } from "../validators";
import type { Edge } from "./edges";
import { Lanes } from "./lanes";
import type { Expected, Outcome } from "./outcome";
import { passes, provesNothing } from "./outcome";
import { ignoresName, Parties } from "./parties";
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
  private readonly servers: Validator[];
  private readonly clients: Validator[];
  private readonly parties = new Parties();
  private turn = 0;
  private readonly waiting: (() => Promise<void>)[] = [];

  public constructor(validators: Validator[]) {
    this.servers = validators.filter((validator) => validator.can("serve"));
    this.clients = validators.filter((validator) => validator.can("connect"));
  }

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
    for (const { kind, pair } of attempts.servers) {
      this.session(edge, kind, { pair }, [
        (client, port) => this.knock(edge, kind, client, port, { serverName: first, isServers: true }),
      ]);
    }
    this.session(edge, "TLS below 1.2", { maxVersion: "TLSv1.1" }, [
      (client, port) => this.knock(edge, "TLS below 1.2", client, port, { serverName: first }),
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
    const wrong: [FaultKind, string][] = [
      ["wrong name", "other.example.com"],
      ["wrong address", "127.0.0.2"],
    ];
    return [
      ...wrong.map(
        ([kind, serverName]): Knock =>
          (client, port) =>
            this.knock(edge, kind, client, port, { serverName }),
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
    const turn = this.turn++;
    this.servers.forEach((server, index) => {
      if (changes.maxVersion !== undefined && server.capabilities.oldest > changes.maxVersion) {
        return;
      }
      const clients = everyPair ? this.clients : [this.clients[(index + turn) % this.clients.length]!];
      this.waiting.push(async () => {
        const serving = await this.parties.serve(server, edge, changes);
        if (!serving.ok) {
          // Whoever does not even load what is wrong lets nobody be deceived by it.
          for (const client of clients) {
            this.record(edge, kind, server, client, "", kind === "good" ? "verified" : "refused", serving);
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

  private readonly current = new Map<number, Validator>();

  private async knock(
    edge: Edge,
    kind: Kind,
    client: Validator,
    port: number,
    how: { serverName: string; pair?: Pair | null; maxVersion?: "TLSv1.1"; isServers?: boolean },
  ): Promise<void> {
    const { isServers = false, serverName, ...changes } = how;
    const server = this.current.get(port)!;
    const expected = expectation(edge, kind, client, isServers);
    let answer = await this.parties.connect(client, edge, { port, serverName }, changes);
    for (let tries = 1; tries < PATIENCE && !answer.ok && provesNothing(answer.error); tries++) {
      answer = await this.parties.connect(client, edge, { port, serverName }, changes);
    }
    this.record(edge, kind, server, client, serverName, expected, answer);
  }

  private record(
    { topology, name: edge, server: { clientAuth } }: Edge,
    kind: Kind,
    server: Validator,
    client: Validator,
    name: string,
    expected: Expected,
    answer: Answer<"connect"> | Answer<"serve">,
  ): void {
    const got = !answer.ok
      ? "refused"
      : "clientCertificate" in answer && answer.clientCertificate
        ? "verified"
        : "anonymous";
    const error = answer.ok ? undefined : answer.error;
    const passed = passes({ expected, got, error });
    const between = { server: server.name, client: client.name };
    this.outcomes.push({ topology, edge, clientAuth, kind, ...between, name, expected, got, error, passed });
  }
}

function expectation(edge: Edge, kind: Kind, client: Validator, isServers: boolean): Expected {
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
      return !isServers && server.clientAuth === "optional" ? "unproven" : "refused";
  }
}
