import type { Cost, Step } from "./methods";

/** A measured step. */
export interface Row extends Cost {
  readonly method: string;
  readonly agents: number;
  readonly step: Step;
  /** Day of the run, and machine. */
  readonly run: string;
}

export function findRow(rows: readonly Row[], method: string, agents: number, step: Step): Row | undefined {
  return rows.find((row) => row.method === method && row.agents === agents && row.step === step);
}

/** Growth of a cost from one row to another: 1 is in proportion to the agents, 2 the square. */
export function growth(least: Row, most: Row, cost: "seconds" | "cpuSeconds"): string {
  return (Math.log(most[cost] / least[cost]) / Math.log(most.agents / least.agents)).toFixed(2);
}
