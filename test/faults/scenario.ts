/** How a scenario ended. A scenario that throws has failed. */
export interface Outcome {
  /** What was seen, in one line. */
  readonly detail: string;
  /** Processes that were killed, if that is what it is about: after each, the next deploy was right. */
  readonly kills?: number;
}

/** Something that goes wrong, and what has to come of it. */
export interface Scenario {
  readonly name: string;
  /** What happens, in a few words: a row of the table. */
  readonly title: string;
  run(options: ScenarioOptions): Promise<Outcome>;
}

export interface ScenarioOptions {
  /** Repeats a run. */
  readonly seed: string;
  /** How many kills of each kind: half of them between two resources, half at any moment. */
  readonly kills: number;
}

/** Thrown where this machine lacks something: the scenario is then reported as blocked, with the reason. */
export class Blocked extends Error {}

/** Runs something for every item, some at once. */
export async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  use: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await use(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
