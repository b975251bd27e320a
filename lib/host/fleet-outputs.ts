import { FleetOutput } from "./fleet-output";
import type { IFleetTls } from "./ifleet-tls";
import { OUTPUTS } from "./private/output-list";
import { groupIn } from "../private/terraform/group";

const DEFAULT_ID = "default";

/** The output of hosts that have none of their own, created on first use. */
export function defaultOutputOf(fleet: IFleetTls): FleetOutput {
  const group = groupIn(fleet, "outputs");
  const existing = group.node.tryFindChild(DEFAULT_ID) as FleetOutput | undefined;
  return existing ?? new FleetOutput(group, DEFAULT_ID, { fleet });
}

/** The outputs of a fleet, in the order in which they were created. */
export function outputsOf(fleet: IFleetTls): FleetOutput[] {
  return OUTPUTS.of(fleet).filter((each) => each instanceof FleetOutput);
}
