import * as fs from "node:fs";
import * as path from "node:path";

import type { Outcome } from "./outcome";

const FILE = path.join(__dirname, "..", "..", "docs", "live-changes.md");

const HEAD = `## What one deploy does

Written by \`npm run test:live-changes\`, which deploys each fleet, makes the change, and tries every connection with each host
before, between and after its steps (old, files copied, command run). Rows of CA sources: \`a\` and \`b\` are CAs of the same
stack, A and B are given in files; with \`trustOnly\` and \`system\` others sign what the hosts present. "No such fleet" means
that the first deploy is refused. In a rotation, 1 and 2 are generations. \`npm run test:live-changes -- TEXT\` runs the changes whose name contains TEXT; rows that
exist are kept, \`--again\` runs them again.

| change | last run | outcome | details |
| --- | --- | --- | --- |
`;

/** Rows of the table in the docs, by the change's name. */
export class OutcomeTable {
  private readonly rows = new Map<string, string>();

  constructor() {
    const table = fs.readFileSync(FILE, "utf8").split("## What one deploy does")[1] ?? "";
    for (const row of table.split("\n").filter((line) => /^\| (?!change|---)/.test(line))) {
      this.rows.set(row.split(" | ")[0]!.slice(2), row);
    }
  }

  public has(name: string): boolean {
    return this.rows.has(name);
  }

  /** Puts a row in place of its last one, in the order of the names; rows of changes that are gone go too. */
  public write(name: string, { verdict, detail }: Outcome, order: readonly string[]): void {
    const cells = [name, new Date().toISOString().slice(0, 10), verdict, detail];
    this.rows.set(name, `| ${cells.map((cell) => cell.replace(/\|/g, "\\|").replace(/\s+/g, " ")).join(" | ")} |`);
    const head = fs.readFileSync(FILE, "utf8").split("## What one deploy does")[0]!.trimEnd();
    const rows = order.flatMap((each) => this.rows.get(each) ?? []);
    fs.writeFileSync(FILE, `${head}\n\n${HEAD}${rows.join("\n")}\n`);
  }
}
