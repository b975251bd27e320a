import type { Edge } from "../conformance/matrix/edges";
import { Lanes } from "../conformance/matrix/lanes";
import { provesNothing } from "../conformance/matrix/outcome";
import { canConnect, canServe, Parties } from "../conformance/matrix/parties";
import type { Answer } from "../conformance/protocol";
import type { Validator } from "../conformance/validators";

/** Two hosts of a fleet of which one is a deploy behind or ahead of the other. */
export interface Pair {
  /** As in `introduced → switched`: whose files the server has, and whose the client. */
  readonly name: string;
  readonly server: Edge;
  readonly client: Edge;
  /** Whether each has to let the other in. */
  readonly fits: boolean;
}

export interface PairResult {
  readonly handshakes: number;
  readonly accepted: number;
  readonly refused: number;
  /** Whatever came out otherwise than it had to. */
  readonly wrong: string[];
}

/** Servers that listen at the same time. */
const AT_ONCE = 4;
const PATIENCE = 3;

/** Has every validator play the server of each pair, and every other one the client. */
export async function shakeHands(validators: readonly Validator[], pairs: readonly Pair[]): Promise<PairResult> {
  const lanes = new Lanes(AT_ONCE);
  const parties = new Parties();
  const result = { handshakes: 0, accepted: 0, refused: 0, wrong: [] as string[] };
  const sessions = pairs.flatMap((pair) => {
    const edge = { ...pair.server, client: pair.client.client };
    return validators
      .filter((each) => canServe(each, edge))
      .map((server) => () => session(parties, validators, server, edge, pair, result));
  });
  await Promise.all(sessions.map((each) => lanes.run(each)));
  return result;
}

async function session(
  parties: Parties,
  validators: readonly Validator[],
  server: Validator,
  edge: Edge,
  { name, fits }: Pair,
  result: { handshakes: number; accepted: number; refused: number; wrong: string[] },
): Promise<void> {
  const [serverName] = edge.names as [string];
  const serving = await parties.serve(server, edge);
  if (!serving.ok) throw new Error(`${name}, ${edge.name}: ${server.name} does not serve: ${serving.error}`);
  for (const client of validators.filter((each) => canConnect(each, edge))) {
    let answer: Answer<"connect">;
    let tries = 0;
    do {
      answer = await parties.connect(client, edge, { port: serving.port, serverName });
    } while (!answer.ok && isUndecided(answer.error, fits) && ++tries < PATIENCE);
    const isVerified = answer.ok && answer.clientCertificate;
    const isRefused = !answer.ok && !provesNothing(answer.error);
    result.handshakes++;
    result.accepted += isVerified ? 1 : 0;
    result.refused += isRefused ? 1 : 0;
    if (fits ? !isVerified : !isRefused) {
      const got = answer.ok ? (isVerified ? "accepted" : "let in without a certificate") : answer.error;
      result.wrong.push(`${name}, ${edge.name}, ${client.name} at ${server.name}: ${got}`);
    }
  }
  await server.request({ op: "close", server: serving.server });
}

/** A busy server cuts off what takes longer than its bound. Whoever is refused for its certificate is so every time. */
function isUndecided(error: string, fits: boolean): boolean {
  return (
    provesNothing(error) || (fits && /EOF|reset|hang up|connection ended|closed connection|broken pipe/i.test(error))
  );
}
