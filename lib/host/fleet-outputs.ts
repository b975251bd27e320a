import { FleetOutput } from "./fleet-output";
import type { IFleetTls } from "./ifleet-tls";
import { groupIn } from "../private/terraform/group";

const GROUP = "outputs";
const DEFAULT_ID = "default";

/** The output of hosts that have none of their own, created on first use. */
export function defaultOutputOf(fleet: IFleetTls): FleetOutput {
  const group = groupIn(fleet, GROUP);
  const existing = group.node.tryFindChild(DEFAULT_ID) as FleetOutput | undefined;
  return existing ?? new FleetOutput(group, DEFAULT_ID, { fleet });
}

/** The outputs of a fleet. */
export function outputsOf(fleet: IFleetTls): FleetOutput[] {
  return (fleet.node.tryFindChild(GROUP)?.node.children ?? []) as FleetOutput[];
}
