import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { onDemandNames } from "../programs";
import { coverageOf } from "./coverage";
import type { LintVerdict } from "./lint-allowed";
import { judge } from "./lint-allowed";
import type { Outcome } from "./outcome";
import { outcomeText } from "./outcome";
import type { FaultKind } from "./refusals";
import type { SuiteResult } from "./suite";
import { authenticationTable, cellTable, pairTable, table } from "./tables";

/** What a run comes to, in figures. */
export interface Figures {
  validators: number;
  topologies: number;
  edges: number;
  handshakes: number;
  good: number;
  refused: number;
  anonymous: number;
  gaps: number;
  pairs: number;
  linted: number;
  properties: number;
  failed: number;
  seconds: number;
}

/** Everything that went wrong, each named so that it can be found again. */
export interface Verdict {
  figures: Figures;
  failures: string[];
  lint?: LintVerdict;
}

export function verdictOf(result: SuiteResult, isFull: boolean): Verdict {
  const { outcomes, properties } = result;
  const lint = result.lint && judge(result.lint);
  const coverage = coverageOf(outcomes);
  const failures = [
    ...outcomes.filter(({ passed }) => !passed).map(outcomeText),
    ...properties
      .filter(({ holds }) => !holds)
      .map(({ file, property }) => `${placeOf(file)}: ${property}: does not hold`),
    ...(lint?.unexpected ?? []).map(
      (found) => `${found.linter}: ${found.severity} ${found.code} on ${found.subject}: ${found.details}`,
    ),
    // A part of the topologies shows neither every finding nor every meeting.
    ...(isFull ? (lint?.stale ?? []) : []).map(
      ({ linter, code }) => `${linter}: ${code} is allowed, and no longer found`,
    ),
    ...(isFull ? coverage.neverMet : []),
  ];
  const passed = outcomes.filter((outcome) => outcome.passed);
  const count = (is: (outcome: Outcome) => boolean) => passed.filter(is).length;
  return {
    failures,
    lint,
    figures: {
      validators: Object.keys(result.versions).length,
      topologies: result.topologies.length,
      edges: result.edges.length,
      handshakes: outcomes.length,
      good: count(({ expected }) => expected === "verified" || expected === "anonymous"),
      refused: count(({ expected, got }) => (expected === "refused" || expected === "unproven") && got === "refused"),
      anonymous: count(({ expected, got }) => expected === "unproven" && got === "anonymous"),
      gaps: count(({ expected }) => expected === "gap"),
      pairs: coverage.met,
      linted: result.lint?.certificates ?? 0,
      properties: properties.filter(({ holds }) => holds).length,
      failed: failures.length,
      seconds: result.seconds,
    },
  };
}

/** Writes report.json and report.md into the folder. */
export function writeReport(folder: string, result: SuiteResult, verdict: Verdict): void {
  mkdirSync(folder, { recursive: true });
  const { outcomes, versions, skipped } = result;
  const rows = Object.entries(tally(outcomes)).map(([cell, counts]) => ({
    ...(JSON.parse(cell) as object),
    ...counts,
  }));
  const { figures, failures } = verdict;
  const json = { date: today(), figures, failures, versions, skipped, cells: rows, reasons: reasonsOf(outcomes) };
  writeFileSync(join(folder, "report.json"), `${JSON.stringify(json, null, 2)}\n`);
  writeFileSync(join(folder, "report.md"), markdown(result, verdict));
}

/** The result as a page: figures first. */
export function markdown(result: SuiteResult, { figures, failures, lint }: Verdict): string {
  const { outcomes, versions, skipped, topologies, edges } = result;
  const onDemand = onDemandNames.filter((name) => !(name in versions));
  const handshakesOf = (name: string) => outcomes.filter(({ topology }) => topology === name);
  return [
    `Run on ${today()}, ${Math.round(figures.seconds / 60)} minutes. ${failures.length === 0 ? "All good ones accepted, all bad ones refused." : `**${failures.length} failures.**`}`,
    "",
    table(
      ["what", "figure"],
      [
        ["validators", figures.validators],
        ["topologies deployed by Terraform", figures.topologies],
        ["connections of their hosts", figures.edges],
        ["good handshakes, each with a request, accepted", figures.good],
        ["bad ones refused", figures.refused],
        ["bad ones treated as anonymous, as `optional` allows", figures.anonymous],
        ["accepted because of a known gap of Elastic's own code (below)", figures.gaps],
        ["pairs of server and client that met, counted for each case on each kind of connection", figures.pairs],
        ["certificates linted", figures.linted],
        ["properties of certificates checked", figures.properties],
      ],
    ),
    "## Validators",
    "",
    table(["validator", "version"], Object.entries(versions)),
    ...skipped.map(({ name, reason }) => `Skipped: ${name}: ${reason}.\n`),
    ...(onDemand.length > 0 ? [`On demand (\`CONFORMANCE_ON_DEMAND=1\`): ${onDemand.join(", ")}.`, ""] : []),
    "## Topologies",
    "",
    table(
      ["topology", "what it shows", "connections", "good", "bad"],
      topologies.map(({ name, shows }) => {
        const own = handshakesOf(name).filter(({ passed }) => passed);
        const good = own.filter(({ expected }) => expected === "verified" || expected === "anonymous").length;
        return [name, shows, edges.filter(({ topology }) => topology === name).length, good, own.length - good];
      }),
    ),
    "## Cells",
    "",
    "Passed handshakes by case and connection; `!` marks failures.",
    "",
    cellTable(outcomes),
    "## Client authentication",
    "",
    "The same by the server's client authentication. Elasticsearch is tried with all three; each is emitted by some topology.",
    "",
    authenticationTable(outcomes),
    "## Validators against each other",
    "",
    "Good handshakes, and after the slash the others.",
    "",
    pairTable(outcomes),
    "## Known gaps of Elastic's code",
    "",
    ...gapTexts(outcomes),
    "",
    ...lintTexts(lint),
    ...(failures.length > 0 ? ["## Failures", "", ...failures.map((failure) => `- ${failure}`), ""] : []),
  ].join("\n");
}

function tally(outcomes: Outcome[]): Record<string, Record<string, number>> {
  const cells: Record<string, Record<string, number>> = {};
  for (const { topology, edge, clientAuth, kind, expected, got, passed } of outcomes) {
    const counts = (cells[JSON.stringify({ topology, edge, clientAuth, kind, expected })] ??= {});
    const name = passed ? got : "failed";
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return cells;
}

/** By which words each client learns of each refusal, without what differs from run to run. */
function reasonsOf(outcomes: Outcome[]): Partial<Record<FaultKind | "good", Record<string, string[]>>> {
  const reasons: Partial<Record<FaultKind | "good", Record<string, string[]>>> = {};
  for (const { kind, client, error } of outcomes) {
    if (error !== undefined) {
      const known = ((reasons[kind] ??= {})[client] ??= []);
      const text = error
        .replace(/[0-9A-F]{12,}/g, "…")
        .replace(/\d{4}-\d\d-\d\dT[^ ]+/g, "…")
        .slice(0, 160);
      if (!known.includes(text) && known.length < 5) {
        known.push(text);
      }
    }
  }
  return reasons;
}

function gapTexts(outcomes: Outcome[]): string[] {
  const gaps = outcomes.filter(({ expected }) => expected === "gap");
  const counts = [...new Set(gaps.map(({ edge, client }) => `${edge}, ${client}`))].map(
    (each) =>
      `- ${each}: a wrong name is not noticed (${gaps.filter(({ edge, client }) => `${edge}, ${client}` === each).length} handshakes).`,
  );
  return counts.length > 0 ? counts : ["None."];
}

function lintTexts(lint: LintVerdict | undefined): string[] {
  return lint === undefined
    ? []
    : [
        "## Lint findings that stay",
        "",
        "zlint found no error.",
        "",
        table(
          ["linter", "finding", "times", "why it stays"],
          lint.counts.map(({ allowed: { linter, code, reason }, count }) => [linter, `\`${code}\``, count, reason]),
        ),
      ];
}

/** A file by its place in the output directory: the folder above is gone after the run. */
function placeOf(file: string): string {
  return file.replace(/^.*?\/fleet-tls\//, "");
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
