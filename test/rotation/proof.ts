import * as fs from "node:fs";
import * as path from "node:path";

import type { Result } from "../faults/report";
import type { Scenario } from "../faults/scenario";

const FILE = path.join(__dirname, "..", "..", "docs", "rotation-proof.md");

const HEAD = `# Proof of the rotation

Written by \`npm run test:rotation\`, which runs every scenario below for real; \`npm run test:rotation -- NAME\` runs one of
them and writes only its row. What each step does and why: [rotation.md](rotation.md).

| scenario | what happens | last run | result | what was seen |
| --- | --- | --- | --- | --- |
`;

/** Puts results into the docs, each in place of its last one; rows of scenarios that are gone go too. */
export function writeProof(results: readonly Result[], scenarios: readonly Scenario[]): void {
  const old = fs.existsSync(FILE) ? fs.readFileSync(FILE, "utf8").split("\n") : [];
  const rows = scenarios.flatMap(({ name }) => {
    const result = results.find(({ scenario }) => scenario.name === name);
    return result ? [rowOf(result)] : old.filter((line) => line.startsWith(`| ${name} |`));
  });
  fs.mkdirSync(path.dirname(FILE), { recursive: true });
  fs.writeFileSync(FILE, `${HEAD}${rows.map((row) => `${row}\n`).join("")}`);
}

function rowOf({ scenario, verdict, outcome }: Result): string {
  const cells = [scenario.name, scenario.title, new Date().toISOString().slice(0, 10), verdict, outcome.detail];
  return `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
}
