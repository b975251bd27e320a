import type { Answer } from "../protocol";
import type { Validator } from "../validators";
import type { Edge } from "./edges";
import { Lanes } from "./lanes";
import type { Expected, Outcome } from "./outcome";
import { passes } from "./outcome";
import { ignoresName, Parties } from "./parties";
import { isBroken } from "./reasons";
import type { Attempts, Meeting, Session, Trial } from "./sessions";
import { sessionsOf, Turns } from "./sessions";

/** Servers that listen at the same time: many more of them only make each other late on two cores. */
const AT_ONCE = 8;
const PATIENCE = 3;

/** Has every validator play both parties of edges, and gathers what comes of it. */
export class Runner {
  public readonly outcomes: Outcome[] = [];
  private readonly parties = new Parties();
  private readonly turns: Turns;
  private readonly waiting: (() => Promise<void>)[] = [];

  /** @param failed called with each outcome that must not be, as soon as it is known */
  public constructor(
    validators: Validator[],
    private readonly failed: (outcome: Outcome) => void = () => undefined,
  ) {
    this.turns = new Turns(validators);
  }

  /** Plans what is tried on an edge. */
  public add(edge: Edge, attempts: Attempts): void {
    for (const session of sessionsOf(edge, attempts)) {
      for (const meeting of this.turns.meetings(session)) {
        this.waiting.push(() => this.meet(session, meeting));
      }
    }
  }

  /** Runs all that was planned. */
  public async run(): Promise<void> {
    const lanes = new Lanes(AT_ONCE);
    await Promise.all(this.waiting.splice(0).map((meeting) => lanes.run(meeting)));
  }

  private async meet({ edge, changes }: Session, { server, clients, trials }: Meeting): Promise<void> {
    const serving = await patiently("refused", () => this.parties.serve(server, edge, changes));
    for (const client of clients) {
      for (const trial of trials.filter((each) => canTry(client, each))) {
        // Whoever does not even load what is wrong lets nobody be deceived by it.
        const answer = serving.ok ? await this.knock(edge, client, serving.port, trial) : serving;
        this.record(edge, server, client, trial, answer);
      }
    }
    if (serving.ok) {
      await server.request({ op: "close", server: serving.server });
    }
  }

  private knock(edge: Edge, client: Validator, port: number, trial: Trial): Promise<Answer<"connect">> {
    const { serverName, pair, maxVersion } = trial;
    const changes = { ...(pair === undefined ? {} : { pair }), ...(maxVersion === undefined ? {} : { maxVersion }) };
    return patiently(expectation(edge, client, trial), () =>
      this.parties.connect(client, edge, { port, serverName }, changes),
    );
  }

  private record(
    edge: Edge,
    server: Validator,
    client: Validator,
    trial: Trial,
    answer: Answer<"connect"> | Answer<"serve">,
  ): void {
    const { kind, judge, serverName: name } = trial;
    const { topology, name: edgeName, server: listener } = edge;
    const outcome = {
      ...{ topology, edge: edgeName, clientAuth: listener.clientAuth, kind, judge, name },
      ...{ server: server.name, client: client.name },
      expected: expectation(edge, client, trial),
      got: gotOf(answer),
      error: answer.ok ? undefined : answer.error,
    };
    const passed = passes(outcome);
    this.outcomes.push({ ...outcome, passed });
    if (!passed) {
      this.failed({ ...outcome, passed });
    }
  }
}

/** Asks again where a busy machine, and nothing that was wrong, may have ended a connection. */
async function patiently<A extends Answer<"connect"> | Answer<"serve">>(
  expected: Expected,
  ask: () => Promise<A>,
): Promise<A> {
  const isIdle = (answer: A) => !answer.ok && isBroken(answer.error, expected === "refused" || expected === "unproven");
  let answer = await ask();
  for (let tries = 1; tries < PATIENCE && isIdle(answer); tries++) {
    answer = await ask();
  }
  return answer;
}

/** A client that has no such version shows nothing by not connecting. */
function canTry(client: Validator, { maxVersion }: Trial): boolean {
  return maxVersion === undefined || client.capabilities.oldest <= maxVersion;
}

function gotOf(answer: Answer<"connect"> | Answer<"serve">): Outcome["got"] {
  if (!answer.ok) {
    return "refused";
  }
  return "clientCertificate" in answer && answer.clientCertificate ? "verified" : "anonymous";
}

function expectation(edge: Edge, client: Validator, { kind, judge }: Trial): Expected {
  const { server, client: own } = edge;
  switch (kind) {
    case "good":
    case "control":
    case "control below an intermediate":
      return server.clientAuth !== "none" && own.pair !== undefined ? "verified" : "anonymous";
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
