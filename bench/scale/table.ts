import { goals } from "./goals";
import type { Cost, Step } from "./methods";
import { METHODS, STEPS } from "./methods";

/** A measured step. */
export interface Row extends Cost {
  readonly method: string;
  readonly agents: number;
  readonly step: Step;
  /** Day of the run, and machine. */
  readonly run: string;
}

/** Steps, sizes and methods as a page of Markdown; what was not run says so. */
export function page(rows: readonly Row[], sizes: readonly number[]): string {
  const find = (method: string, agents: number, step: Step): Row | undefined =>
    rows.find((row) => row.method === method && row.agents === agents && row.step === step);
  const tables = STEPS.map((step) => {
    const head = [
      "method",
      ...sizes.map((size) => `${size} agents`),
      ...(step === "first apply" ? ["growth exponent"] : []),
    ];
    const body = METHODS.filter(
      ({ name }) => step === "first apply" || rows.some((r) => r.method === name && r.step === step),
    ).map(({ name, most }) => {
      const cells = sizes.map((size) => cell(find(name, size, step), size > most, size));
      return [
        name,
        ...cells,
        ...(step === "first apply" ? [growth(sizes.flatMap((size) => find(name, size, step) ?? []))] : []),
      ];
    });
    return [
      `## ${step[0]!.toUpperCase()}${step.slice(1)}`,
      "",
      line(head),
      line(head.map(() => "---")),
      ...body.map(line),
      "",
    ];
  });
  return [
    "# Many agents, side by side",
    "",
    `As \`npm run bench -- scale\` wrote it: ${[...new Set(rows.map(({ run }) => run))].sort().join("; ")}. Each cell has wall`,
    "time, CPU time, and the most memory of all processes at once. The machine is shared and noisy: compare columns of one",
    "run, and CPU time rather than wall time. The agents are mutual, with a key, a certificate and five files each.",
    "",
    ...goalTable(goals(rows)),
    ...tables.flat(),
  ].join("\n");
}

function goalTable(found: readonly string[][]): string[] {
  if (found.length === 0) return [];
  const head = ["what", "goal", "this run"];
  return ["## Goals", "", line(head), line(head.map(() => "---")), ...found.map(line), ""];
}

function cell(row: Row | undefined, isTooMany: boolean, agents: number): string {
  if (!row) return isTooMany ? "" : "not run";
  const { seconds, cpuSeconds, mebibytes } = row;
  const each = row.step === "first apply" ? `, ${((1000 * seconds) / agents).toFixed(0)} ms an agent` : "";
  return `${seconds.toFixed(1)} s, CPU ${cpuSeconds.toFixed(1)} s, ${mebibytes.toFixed(0)} MiB${each}`;
}

/** Of the CPU time from the least to the most agents: 1 is in proportion, 2 the square. */
function growth(rows: readonly Row[]): string {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last || first === last) return "not run";
  return (Math.log(last.cpuSeconds / first.cpuSeconds) / Math.log(last.agents / first.agents)).toFixed(2);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
