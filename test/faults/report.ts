import * as fs from "node:fs";
import * as path from "node:path";

import type { Outcome, Scenario, ScenarioOptions } from "./scenario";
import { Blocked } from "./scenario";

const FILE = path.join(__dirname, "..", "..", "docs", "faults.md");
const BEGIN = "<!-- results: written by npm run test:faults -->";
const END = "<!-- end of results -->";

/** A scenario and how it ended. */
export interface Result {
  readonly scenario: Scenario;
  readonly verdict: "passed" | "blocked" | "FAILED";
  readonly outcome: Outcome;
  readonly error?: string;
}

export async function resultOf(scenario: Scenario, options: ScenarioOptions): Promise<Result> {
  try {
    return { scenario, verdict: "passed", outcome: await scenario.run(options) };
  } catch (error) {
    if (error instanceof Blocked) return { scenario, verdict: "blocked", outcome: { detail: error.message } };
    return { scenario, verdict: "FAILED", outcome: { detail: "see above" }, error: String((error as Error).stack) };
  }
}

/** One line a scenario, for people. */
export function table(results: readonly Result[]): string {
  return results
    .map(({ scenario, verdict, outcome }) => `${verdict.padEnd(8)}${scenario.name.padEnd(28)}${outcome.detail}`)
    .join("\n");
}

/** Puts the results of some scenarios into the docs, each in place of its last one; failures are not written. */
export function writeRows(results: readonly Result[]): void {
  const rows = new Map(
    results.filter(({ error }) => error === undefined).map((each) => [each.scenario.title, rowOf(each)]),
  );
  const lines = fs.readFileSync(FILE, "utf8").split("\n");
  fs.writeFileSync(FILE, lines.map((line) => rows.get(line.split(" | ")[0]?.slice(2) ?? "") ?? line).join("\n"));
}

function rowOf({ scenario, verdict, outcome }: Result): string {
  return `| ${scenario.title} | ${verdict} | ${outcome.detail.replace(/\|/g, "\\|")} |`;
}

/** Puts the results of a whole run into the docs, in place of the last ones. */
export function writeReport(results: readonly Result[], { seed, seconds }: { seed: string; seconds: number }): void {
  const kills = results.reduce((sum, { outcome }) => sum + (outcome.kills ?? 0), 0);
  const count = (which: Result["verdict"]): number => results.filter(({ verdict }) => verdict === which).length;
  const rows = results.map(rowOf);
  const text = [
    BEGIN,
    "",
    `Last whole run: ${new Date().toISOString().slice(0, 10)}, seed ${seed}, ${Math.round(seconds / 60)} minutes. ` +
      `${results.length} scenarios: ${count("passed")} passed, ${count("blocked")} blocked, ${count("FAILED")} failed. ` +
      `**${kills} kills survived.**`,
    "",
    "| what happens | result | what was seen |",
    "| --- | --- | --- |",
    ...rows,
    "",
    END,
  ].join("\n");
  const old = fs.readFileSync(FILE, "utf8");
  fs.writeFileSync(FILE, `${old.slice(0, old.indexOf(BEGIN))}${text}${old.slice(old.indexOf(END) + END.length)}`);
}
