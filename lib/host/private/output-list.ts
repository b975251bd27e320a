import type { FleetOutput } from "../fleet-output";
import type { IFleetTls } from "../ifleet-tls";

const OUTPUTS = new WeakMap<IFleetTls, FleetOutput[]>();

/** Adds an output to those of its fleet. */
export function addToOutputs(fleet: IFleetTls, output: FleetOutput): void {
  OUTPUTS.set(fleet, [...outputsOf(fleet), output]);
}

/** The outputs of a fleet, in the order in which they were created. */
export function outputsOf(fleet: IFleetTls): FleetOutput[] {
  return [...(OUTPUTS.get(fleet) ?? [])];
}
