import type { Scenario } from "../faults/scenario";

/** Every long proof of a rotation, in the order of the report: each file adds its own list here. */
export const SCENARIOS: readonly Scenario[] = [];
