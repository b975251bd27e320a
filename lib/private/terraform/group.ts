import type { IConstruct } from "constructs";
import { Construct } from "constructs";

/** A construct that only groups others, created on first use. */
export function groupIn(parent: IConstruct, id: string): Construct {
  return (parent.node.tryFindChild(id) as Construct | undefined) ?? new Construct(parent as Construct, id);
}
