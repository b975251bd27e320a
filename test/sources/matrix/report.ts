import * as fs from "node:fs";
import * as path from "node:path";

import type { Skipped } from "../../conformance/validators";
import type { Factor } from "./factors";
import { obstacle } from "./factors";
import type { ProvedFleet } from "./fleets";
import type { Covering } from "./pairwise";
import type { Trial } from "./proof";

/** What a whole run came to. */
export interface Result {
  readonly covering: Covering<Factor>;
  readonly trials: readonly Trial[];
  readonly versions: Readonly<Record<string, Record<string, string>>>;
  readonly skipped: readonly Skipped[];
}

const FILE = path.join(__dirname, "..", "..", "..", "docs", "source-matrix.md");

const FACTORS: readonly Factor[] = ["CAs", "leaves", "CA algorithm", "leaf algorithm", "mode"];

/** A trial, so that it can be found again. */
export function describe({ fleet: { id, row }, what, failure }: Trial): string {
  return `${id} (${FACTORS.map((factor) => row[factor]).join(" · ")}): ${what}: ${failure ?? "accepted"}`;
}

/** Writes the page of the last good run. */
export function writeReport({ covering, trials, versions, skipped }: Result): void {
  const { rows, pairs, impossible } = covering;
  const count = (kind: Trial["kind"]): number => trials.filter((trial) => trial.kind === kind).length;
  const number = ({ id }: ProvedFleet): number => Number(id.replace(/\D+/, ""));
  const fleets = [...new Set(trials.map(({ fleet }) => fleet))].sort((one, other) => number(one) - number(other));
  const tools = Object.entries(versions).map(([name, own]) => `${name} (${Object.entries(own).flat().join(" ")})`);
  const lines = [
    "# Every source, with every algorithm, in every mode",
    "",
    "Results of the last successful run of `npm run test:sources`, which writes this page.",
    "",
    "Each line is a fleet that Terraform really deployed, with a second deploy for keys that are generated on hosts. Its folders",
    "were copied to the paths in its commands. Every two values of different columns meet in at least one fleet. In each fleet,",
    "`openssl verify -x509_strict` accepted every certificate for its purpose and for every name that clients dial, and every",
    "connection was made twice, with Elastic's TLS code at one end and OpenSSL at the other, and the other way round.",
    "",
    `${rows.length} fleets, ${pairs} pairs of values, ${count("verification")} verifications, ${count("handshake")} handshakes: all accepted; ` +
      `${count("control")} handshakes by a wrong name: all refused. ` +
      `By ${tools.join(" and ")}.` +
      skipped.map(({ name, reason }) => ` Skipped: ${name}, ${reason}.`).join(""),
    "",
    `| ${FACTORS.join(" | ")} | trials |`,
    `|${" --- |".repeat(FACTORS.length + 1)}`,
    ...fleets.map(
      (fleet) =>
        `| ${FACTORS.map((factor) => fleet.row[factor]).join(" | ")} | ${trials.filter((trial) => trial.fleet === fleet).length} |`,
    ),
    "",
    "## Combinations that do not exist",
    "",
    ...reasons(impossible).map((line) => `- ${line}`),
    "",
  ];
  fs.writeFileSync(FILE, lines.join("\n"));
}

/** The pairs that cannot be, by the reasons why. */
function reasons(impossible: Covering<Factor>["impossible"]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { factors, values } of impossible) {
    const [one, other] = factors;
    const reason = obstacle({ [one]: values[0], [other]: values[1] }) ?? "for more than one reason";
    byReason.set(reason, [...(byReason.get(reason) ?? []), values.join(" with ")]);
  }
  return [...byReason].map(([reason, which]) => `${which.join("; ")}: ${reason}.`);
}
