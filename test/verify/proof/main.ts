import * as fs from "node:fs";
import * as path from "node:path";

import { publicRoots, thisMachine } from "../../../bin/machine";
import { findFolders, findObjects } from "../../../bin/read-folders";
import { StackVersion } from "../../../lib";
import type { VerifyInput, VerifyOptions } from "../../../verify/verify-hosts";
import { verifyHosts } from "../../../verify/verify-hosts";
import { applyFleets, cacheFolder } from "./fleets";
import { MUTATIONS } from "./mutations";
import { recipeOf } from "./recipe";

const ROOT = path.join(__dirname, "..", "..", "..");
const PAGE = path.join(ROOT, "docs", "verify-proof.md");

/** How often a mutation was made and found, with the first fleet where it was not. */
interface Tally {
  made: number;
  found: number;
  first?: number;
}

function read(folder: string): VerifyInput {
  const folders = findFolders([folder]);
  return { folders, outputs: findObjects(folders, [folder]), kibana: [] };
}

function linesOf(input: VerifyInput, options: VerifyOptions): string[] {
  return verifyHosts(input, options).report.entries.map(
    ({ severity, places, what }) =>
      `${severity} ${places.map(({ host, file }) => `${host}/${file ?? ""}`).join()}: ${what}`,
  );
}

async function main(count: number): Promise<boolean> {
  const folders = await applyFleets(count, cacheFolder(), (text) => process.stderr.write(`${text}\n`));
  // The fleets are as old as the cache: every one is judged on the day after it was made.
  const at = new Date(Math.max(...folders.map((folder) => fs.statSync(folder).mtimeMs)) + 86_400_000);
  const inputs = folders.map(read);
  const tallies = new Map(MUTATIONS.map(({ title }) => [title, { made: 0, found: 0 } as Tally]));
  const alarms: string[] = [];
  for (const [number, input] of inputs.entries()) {
    const { version, platform } = recipeOf(number);
    const stackVersion = version === undefined ? undefined : StackVersion.of(version);
    const defend = platform === "defend";
    const options = { at, publicRoots: publicRoots(), fips: false, defend, machine: thisMachine(), stackVersion };
    alarms.push(...linesOf(input, options).map((line) => `fleet ${number}: ${line}`));
    const other = inputs[(number + 7) % inputs.length]!;
    for (const { title, apply } of MUTATIONS) {
      const mutated = apply({ input, other });
      const tally = tallies.get(title)!;
      if (mutated !== undefined) {
        tally.made += 1;
        if (linesOf(mutated, options).length > 0) tally.found += 1;
        else tally.first ??= number;
      }
    }
  }
  fs.writeFileSync(PAGE, page(count, alarms, tallies));
  process.stdout.write(fs.readFileSync(PAGE, "utf8"));
  alarms.slice(0, 20).forEach((line) => process.stderr.write(`${line}\n`));
  const missed = MUTATIONS.filter(({ title, exempt }) => {
    const { made, found, first } = tallies.get(title)!;
    if (made > found)
      process.stderr.write(`not found: ${title}, ${made - found} of ${made}, first in fleet ${first}\n`);
    return made === 0 || (made > found && exempt === undefined);
  });
  return alarms.length === 0 && missed.length === 0;
}

function page(count: number, alarms: readonly string[], tallies: ReadonlyMap<string, Tally>): string {
  const rows = MUTATIONS.map(({ title, exempt }) => {
    const { made, found } = tallies.get(title)!;
    return `| ${title} | ${made} | ${found} | ${made > found ? (exempt ?? "") : ""} |`;
  });
  return `# What fleet-tls verify finds

Written by \`npm run test:verify\`, which generates ${count} fleets, applies them with Terraform once, and keeps them outside the repository. Each number draws its own mode, sources of the three CAs (generated, named, rotating, an intermediate with and without its root, files, shared by several fleets, one CA for all three jobs in the last ten), Elasticsearch (of the fleet, with a CA of its own, in Elastic Cloud), stack version, platform or container, key algorithm, passphrases, pins, outputs, further hosts and Kibana.

- Fleets without a defect: ${count}, with ${alarms.length} finding${alarms.length === 1 ? "" : "s"}.
- Kinds of mutation, each made in memory on every fleet that has such a file: ${MUTATIONS.length}.

| mutation | made | found | reason for those that are not found |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

void main(Number(process.env["VERIFY_FLEETS"] ?? 300)).then((isGood) => {
  process.exitCode = isGood ? 0 : 1;
});
