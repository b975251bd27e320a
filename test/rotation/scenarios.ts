import type { Scenario } from "../faults/scenario";
import { GATE_RUNS } from "./gate-runs";
import { KILLED_ROTATIONS } from "./kills";
import { LIVE } from "./live";
import { PAIRS } from "./pairs";
import { RECEIVERS } from "./receivers";
import { TIME_TRAVEL } from "./time-travel";

/** Every long proof of a rotation, in the order of the report: each file adds its own list here. */
export const SCENARIOS: readonly Scenario[] = [
  ...GATE_RUNS,
  ...KILLED_ROTATIONS,
  ...TIME_TRAVEL,
  ...LIVE,
  ...RECEIVERS,
  ...PAIRS,
];
