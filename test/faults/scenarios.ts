import { CLOCKS } from "./clocks";
import { DISKS } from "./disks";
import { KILLS } from "./kills";
import { LOCKS } from "./locks";
import { LOST_AUTHORITIES } from "./lost-authority";
import { NAMES } from "./names";
import { PLACES } from "./places";
import type { Scenario } from "./scenario";
import { STATES } from "./states";

/** Every scenario, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  ...KILLS,
  ...LOST_AUTHORITIES,
  ...DISKS,
  ...PLACES,
  ...LOCKS,
  ...STATES,
  ...CLOCKS,
  ...NAMES,
];
