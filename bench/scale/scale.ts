import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { format } from "prettier";

import { Postgres } from "../../test/faults/postgres";
import { METHODS } from "./methods";
import type { Row } from "./rows";
import { page } from "./table";

const RESULTS = path.join(__dirname, "results.json");
const PAGE = path.join(__dirname, "README.md");
const SIZES = [50, 200, 500, 1000];

/**
 * Measures each method with each number of agents. A row is saved as soon as it is measured, and what is saved is not
 * measured again: remove `results.json` for a new run.
 */
export async function scale(sizes: readonly number[], names: readonly string[]): Promise<void> {
  const methods = METHODS.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
  const rows = fs.existsSync(RESULTS) ? (JSON.parse(fs.readFileSync(RESULTS, "utf8")) as Row[]) : [];
  const run = `${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} cores, Node ${process.version}`;
  try {
    for (const agents of sizes) {
      for (const method of methods.filter(({ most }) => agents <= most)) {
        const isDone = rows.some((row) => row.method === method.name && row.agents === agents);
        if (isDone) continue;
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
        const measured: Row[] = [];
        try {
          await method.run(folder, agents, (step, work) => {
            measured.push({ method: method.name, agents, step, ...work(), run });
            const { seconds, cpuSeconds, mebibytes } = measured.at(-1)!;
            const cost = `${seconds.toFixed(1)} s, CPU ${cpuSeconds.toFixed(1)} s, ${mebibytes.toFixed(0)} MiB`;
            process.stdout.write(`${method.name}, ${agents} agents, ${step}: ${cost}\n`);
            fs.writeFileSync(RESULTS, `${JSON.stringify([...rows, ...measured], null, 2)}\n`);
          });
        } finally {
          fs.rmSync(folder, { recursive: true, force: true });
        }
        rows.push(...measured);
        await write(rows);
      }
    }
  } finally {
    Postgres.stop();
  }
}

async function write(rows: readonly Row[]): Promise<void> {
  const sizes = [...new Set([...SIZES, ...rows.map(({ agents }) => agents)])].sort((one, other) => one - other);
  fs.writeFileSync(PAGE, await format(page(rows, sizes), { parser: "markdown", printWidth: 120 }));
}
