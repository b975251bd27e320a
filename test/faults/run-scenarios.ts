import type { Result } from "./report";
import { resultOf, table } from "./report";
import type { Scenario } from "./scenario";

/** A run of scenarios. */
export interface ScenarioRun {
  /** Before `_SEED` and `_KILLS` in the names of its variables. */
  readonly prefix: string;
  readonly kills: number;
  readonly scenarios: readonly Scenario[];
  /** Called after each scenario: a run that is interrupted keeps its results. */
  readonly onResult?: (results: readonly Result[]) => void;
  /** Called after the last scenario; `names` is empty after a whole run. */
  readonly onEnd?: (results: Result[], seed: string, names: readonly string[]) => void;
  readonly cleanUp?: () => Promise<void>;
}

/** Runs the scenarios that the arguments name, all by default, and sets the exit code. */
export function runScenarios(run: ScenarioRun): void {
  start(run, process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exitCode = 1;
    },
  );
}

async function start(run: ScenarioRun, names: readonly string[]): Promise<number> {
  const { prefix, scenarios } = run;
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`no such scenario: ${unknown.join(", ")}; there are\n`);
    for (const { name, title } of scenarios) process.stderr.write(`  ${name.padEnd(28)}${title}\n`);
    return 2;
  }
  const seed = process.env[`${prefix}_SEED`] ?? String(Math.floor(Math.random() * 1e9));
  const kills = Number(process.env[`${prefix}_KILLS`] ?? run.kills);
  process.stdout.write(`${prefix}_SEED=${seed} ${prefix}_KILLS=${kills}\n`);
  const results: Result[] = [];
  try {
    for (const scenario of scenarios.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const result = await resultOf(scenario, { seed, kills });
      results.push(result);
      process.stdout.write(`${table([result])}\n`);
      if (result.error !== undefined) process.stdout.write(`${result.error}\n`);
      run.onResult?.(results);
    }
  } finally {
    await run.cleanUp?.();
  }
  run.onEnd?.(results, seed, names);
  return results.some(({ error }) => error !== undefined) ? 1 : 0;
}
