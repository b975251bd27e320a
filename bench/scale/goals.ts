import { LOCAL, MODULE, OPENSSL, PG } from "./methods";
import type { Step } from "./methods";
import type { Row } from "./rows";
import { findRow, growth } from "./rows";

const FIRST = "first apply";

/** What the package aims at, and what the rows say of it; a goal without its rows is left out. */
export function goals(rows: readonly Row[]): string[][] {
  const of = (method: string, agents: number, step: Step): Row | undefined => findRow(rows, method, agents, step);
  const ratio = (one: Row | undefined, other: Row | undefined): string | undefined =>
    one &&
    other &&
    `${(one.seconds / other.seconds).toFixed(1)} (CPU ${(one.cpuSeconds / other.cpuSeconds).toFixed(1)})`;
  const exponent = (method: string): string | undefined => {
    const [least, most] = [of(method, 50, FIRST), of(method, 1000, FIRST)];
    return least && most && `${growth(least, most, "seconds")} (CPU ${growth(least, most, "cpuSeconds")})`;
  };
  const seconds = (method: string, step: Step): string | undefined => {
    const row = of(method, 1000, step);
    return row && `${row.seconds.toFixed(1)} s`;
  };
  const memory = (agents: number): string | undefined => {
    const used = rows.filter((row) => row.agents === agents && [PG, LOCAL].includes(row.method));
    return used.length === 0 ? undefined : `${Math.max(...used.map(({ mebibytes }) => mebibytes)).toFixed(0)} MiB`;
  };
  return [
    ["growth exponent of the first apply, 50 to 1,000 agents, PostgreSQL", "≤ 1.1", exponent(PG)],
    ["growth exponent of the first apply, 50 to 1,000 agents, local state", "≤ 1.1", exponent(LOCAL)],
    [
      "`for_each` module to AgentStacks on PostgreSQL, first apply of 500",
      "≥ 10",
      ratio(of(MODULE, 500, FIRST), of(PG, 500, FIRST)),
    ],
    [
      "AgentStacks on PostgreSQL to the OpenSSL loop, first apply of 1,000",
      "≤ 2",
      ratio(of(PG, 1000, FIRST), of(OPENSSL, 1000, FIRST)),
    ],
    ["one agent added to 1,000, PostgreSQL", "< 10 s", seconds(PG, "one agent added")],
    ["one agent added to 1,000, local state", "< 10 s", seconds(LOCAL, "one agent added")],
    ["nothing to do for 1,000, PostgreSQL", "< 10 s", seconds(PG, "nothing to do")],
    ["nothing to do for 1,000, local state", "< 5 s", seconds(LOCAL, "nothing to do")],
    ["most memory with 1,000 agents", "< 1,024 MiB", memory(1000)],
    ["most memory with 10,000 agents", "≤ 1,536 MiB", memory(10_000)],
  ].flatMap(([what, goal, got]) => (got === undefined ? [] : [[what!, goal!, got]]));
}
