import { disposeTemplates } from "./kill-template";
import { Postgres } from "./postgres";
import type { Result } from "./report";
import { resultOf, table, writeReport, writeRows } from "./report";
import { SCENARIOS } from "./scenarios";

/** Runs the named scenarios, all when none is named; answers the exit code. */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`no such scenario: ${unknown.join(", ")}; there are\n`);
    for (const { name, title } of SCENARIOS) process.stderr.write(`  ${name.padEnd(28)}${title}\n`);
    return 2;
  }
  const seed = process.env["FAULT_SEED"] ?? String(Math.floor(Math.random() * 1e9));
  const kills = Number(process.env["FAULT_KILLS"] ?? 20);
  process.stdout.write(`FAULT_SEED=${seed} FAULT_KILLS=${kills}\n`);
  const started = Date.now();
  const results: Result[] = [];
  try {
    for (const scenario of SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const result = await resultOf(scenario, { seed, kills });
      results.push(result);
      process.stdout.write(`${table([result])}\n`);
      if (result.error !== undefined) process.stdout.write(`${result.error}\n`);
    }
  } finally {
    await disposeTemplates();
    Postgres.stop();
  }
  if (names.length > 0) writeRows(results);
  else writeReport(results, { seed, seconds: Math.round((Date.now() - started) / 1000) });
  return results.some(({ error }) => error !== undefined) ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  },
);
