import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { Pki } from "../support/pki";
import { changesOf } from "./changes";
import type { Change } from "./outcome";
import { FormerFleet } from "./outcome";
import type { FleetStep } from "./live-fleet";
import { OutcomeTable } from "./table";

/** Runs every change that has no row yet, or those whose name contains a text; answers the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const isAgain = args.includes("--again");
  const [text = ""] = args.filter((arg) => !arg.startsWith("--"));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cdktf-fleet-tls-test-"));
  try {
    const changes = changesOf(new Pki(folder));
    const table = new OutcomeTable();
    const order = changes.map(({ name }) => name);
    const queue = groups(changes.filter(({ name }) => name.includes(text) && (isAgain || !table.has(name))));
    let bad = 0;
    const lane = async (): Promise<void> => {
      for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
        const former = new FormerFleet(group[0]!.before);
        for (const change of group) {
          try {
            const outcome = await former.outcomeOf(change);
            bad += outcome.verdict === "applied, failed, silent" ? 1 : 0;
            table.write(change.name, outcome, order);
            process.stdout.write(`${change.name}: ${outcome.verdict}: ${outcome.detail}\n`);
          } catch (error) {
            // The next run makes the row that is missing.
            bad += 1;
            former.dispose();
            process.stderr.write(`${change.name}: ${(error as Error).message}\n`);
          }
        }
        former.dispose();
      }
    };
    await Promise.all(Array.from({ length: Number(process.env["LIVE_CHANGES_LANES"] ?? 2) }, lane));
    return bad > 0 ? 1 : 0;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Changes of one deployed fleet, together. */
function groups(changes: readonly Change[]): Change[][] {
  const all = new Map<FleetStep, Change[]>();
  for (const change of changes) all.set(change.before, [...(all.get(change.before) ?? []), change]);
  return [...all.values()];
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  },
);
