import * as fs from "node:fs";
import * as path from "node:path";

import fc from "fast-check";

/** How many cases all targets try together: these in `npm test`, many more in `npm run test:fuzz`. */
const TOTAL = Number(process.env["FUZZ_RUNS"] ?? 2_000);

/** The same cases in every `npm test`; `npm run test:fuzz` chooses a new seed, and prints it. */
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);

/** File in which `npm run test:fuzz` collects what was tried. */
const REPORT = process.env["FUZZ_REPORT"];

const REGRESSIONS = path.join(__dirname, "regressions");

/** What every input is, so that one that fails can be kept as a file. */
export type Input = string | Buffer;

/** A parser, and the property that has to hold for every input. */
export interface Target<T extends Input> {
  /** Its part of all cases, in percent. */
  readonly percent: number;
  readonly input: fc.Arbitrary<T>;
  /** Throws when it does not hold. */
  readonly holds: (input: T) => void | Promise<void>;
}

/** One line of the report of `npm run test:fuzz`. */
export interface Tried {
  readonly target: string;
  readonly cases: number;
  readonly regressions: number;
  readonly failed: boolean;
}

/** Declares a test that fuzzes a target, first with every input that it ever failed on. */
export function fuzz<T extends Input>(target: string, { percent, input, holds }: Target<T>): void {
  const cases = Math.ceil((TOTAL * percent) / 100);
  const run = async (): Promise<void> => {
    const kept = readRegressions(target) as T[];
    for (const one of kept) await holds(one);
    const property = fc.asyncProperty(input, async (one) => holds(one));
    const { failed, numRuns, ...details } = await fc.check(property, { numRuns: cases, seed: SEED });
    report({ target, cases: numRuns, regressions: kept.length, failed });
    if (failed) {
      const [failing] = details.counterexample!;
      keepRegression(target, [...kept, failing]);
      const message = await fc.asyncDefaultReportMessage({ failed, numRuns, ...details } as fc.RunDetails<[T]>);
      throw new Error(`${message}\n\nkept in ${path.basename(regressionFile(target))}`, {
        cause: details.errorInstance,
      });
    }
  };
  test(`fuzz: ${target}`, run, 60_000 + 100 * cases);
}

function report(tried: Tried): void {
  if (REPORT !== undefined) fs.appendFileSync(REPORT, `${JSON.stringify(tried)}\n`);
}

function readRegressions(target: string): Input[] {
  const file = regressionFile(target);
  if (!fs.existsSync(file)) return [];
  const kept = JSON.parse(fs.readFileSync(file, "utf8")) as { text?: string; base64?: string }[];
  return kept.map(({ text, base64 }) => text ?? Buffer.from(base64!, "base64"));
}

/** Next to the tests, to be committed with the fix. */
function keepRegression(target: string, inputs: readonly Input[]): void {
  const encoded = inputs.map((one) => (typeof one === "string" ? { text: one } : { base64: one.toString("base64") }));
  fs.mkdirSync(REGRESSIONS, { recursive: true });
  fs.writeFileSync(regressionFile(target), `${JSON.stringify(encoded, undefined, 2)}\n`);
}

function regressionFile(target: string): string {
  return path.join(REGRESSIONS, `${target.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.json`);
}
