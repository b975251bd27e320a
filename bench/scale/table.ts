import { goals } from "./goals";
import { METHODS, STEPS } from "./methods";
import type { Row } from "./rows";
import { findRow, growth } from "./rows";

/** Steps, sizes and methods as a page of Markdown; what was not run says so. */
export function page(rows: readonly Row[], sizes: readonly number[]): string {
  const tables = STEPS.map((step) => {
    const head = [
      "method",
      ...sizes.map((size) => `${size} agents`),
      ...(step === "first apply" ? ["growth exponent"] : []),
    ];
    const body = METHODS.filter(
      ({ name }) => step === "first apply" || rows.some((r) => r.method === name && r.step === step),
    ).map(({ name, most }) => {
      const cells = sizes.map((size) => cell(findRow(rows, name, size, step), size > most, size));
      return [
        name,
        ...cells,
        ...(step === "first apply"
          ? [wholeGrowth(sizes.flatMap((size) => findRow(rows, name, size, step) ?? []))]
          : []),
      ];
    });
    return section(`${step[0]!.toUpperCase()}${step.slice(1)}`, head, body);
  });
  const reached = goals(rows);
  return [
    "# Many agents, side by side",
    "",
    `As \`npm run bench -- scale\` wrote it: ${[...new Set(rows.map(({ run }) => run))].sort().join("; ")}. Each cell has wall`,
    "time, CPU time, and the most memory of all processes at once. The machine is shared and noisy: compare columns of one",
    "run, and CPU time rather than wall time. The agents are mutual, with a key, a certificate and five files each.",
    "",
    ...(reached.length === 0 ? [] : section("Goals", ["what", "goal", "this run"], reached)),
    ...tables.flat(),
  ].join("\n");
}

function section(title: string, head: readonly string[], body: readonly (readonly string[])[]): string[] {
  return [`## ${title}`, "", line(head), line(head.map(() => "---")), ...body.map(line), ""];
}

function cell(row: Row | undefined, isTooMany: boolean, agents: number): string {
  if (!row) return isTooMany ? "" : "not run";
  const { seconds, cpuSeconds, mebibytes } = row;
  const each = row.step === "first apply" ? `, ${((1000 * seconds) / agents).toFixed(0)} ms an agent` : "";
  return `${seconds.toFixed(1)} s, CPU ${cpuSeconds.toFixed(1)} s, ${mebibytes.toFixed(0)} MiB${each}`;
}

/** Of the CPU time from the least to the most agents. */
function wholeGrowth(rows: readonly Row[]): string {
  const [first, last] = [rows[0], rows.at(-1)];
  return !first || !last || first === last ? "not run" : growth(first, last, "cpuSeconds");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
