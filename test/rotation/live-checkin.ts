import type { CheckinStartRequest, CheckinStats, Tally } from "../conformance/protocol";
import type { Validator } from "../conformance/validators";

/** Repeated check-ins of a host; each start reads the files and settings of that moment. */
export type Dial = () => Promise<Omit<CheckinStartRequest, "op" | "intervalMs">>;

/** How often a host checks in, on a new connection and on one that it keeps open. */
const INTERVAL_MS = 500;

/** One connection of a host that never rests, and what came of it over every restart. */
export class CheckIn {
  private handle?: string;
  private readonly before: CheckinStats = { fresh: nothing(), keptOpen: nothing() };
  private latest: CheckinStats = { fresh: nothing(), keptOpen: nothing() };

  public constructor(
    public readonly name: string,
    private readonly validator: Validator,
    private readonly dial: Dial,
  ) {}

  /** Loads its files, as a process does that starts; one that cannot load them has failed to check in. */
  public async start(): Promise<void> {
    const answer = await this.validator.request({
      op: "checkin-start",
      intervalMs: INTERVAL_MS,
      ...(await this.dial()),
    });
    if (answer.ok) {
      this.handle = answer.checkin;
    } else {
      add(this.before.fresh, { succeeded: 0, failed: 1, errors: { [`not started: ${answer.error}`]: 1 } });
    }
  }

  public async stop(): Promise<void> {
    if (this.handle === undefined) return;
    const answer = await this.validator.request({ op: "checkin-stop", checkin: this.handle });
    this.handle = undefined;
    if (!answer.ok) throw new Error(`${this.name}: ${answer.error}`);
    add(this.before.fresh, answer.fresh);
    add(this.before.keptOpen, answer.keptOpen);
    this.latest = { fresh: nothing(), keptOpen: nothing() };
  }

  public async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Everything so far. */
  public async stats(): Promise<CheckinStats> {
    if (this.handle !== undefined) {
      const answer = await this.validator.request({ op: "checkin-stats", checkin: this.handle });
      if (!answer.ok) throw new Error(`${this.name}: ${answer.error}`);
      this.latest = answer;
    }
    const { fresh, keptOpen } = this.latest;
    return { fresh: sum(this.before.fresh, fresh), keptOpen: sum(this.before.keptOpen, keptOpen) };
  }

  /** How often it has come to an end of trying, well or not; none where it does not run. */
  public async rounds(): Promise<number | undefined> {
    const { keptOpen } = await this.stats();
    return this.handle === undefined ? undefined : keptOpen.succeeded + keptOpen.failed;
  }
}

function nothing(): Tally {
  return { succeeded: 0, failed: 0, errors: {} };
}

function add(to: Tally, more: Tally): void {
  to.succeeded += more.succeeded;
  to.failed += more.failed;
  for (const [text, count] of Object.entries(more.errors)) to.errors[text] = (to.errors[text] ?? 0) + count;
}

function sum(one: Tally, other: Tally): Tally {
  const both = nothing();
  add(both, one);
  add(both, other);
  return both;
}
