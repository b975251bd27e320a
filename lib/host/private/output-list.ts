import type { IConstruct } from "constructs";

const OUTPUTS = new WeakMap<IConstruct, IConstruct[]>();

/** Adds an output to those of its fleet. */
export function addToOutputs(fleet: IConstruct, output: IConstruct): void {
  OUTPUTS.set(fleet, [...listedOutputs(fleet), output]);
}

/** The outputs of a fleet, in the order in which they were created. */
export function listedOutputs(fleet: IConstruct): readonly IConstruct[] {
  return OUTPUTS.get(fleet) ?? [];
}
