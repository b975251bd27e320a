import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

/** Creates a local, which an expression that is read several times should be, and returns its reference without braces. */
export function createLocal(scope: Construct, id: string, value: unknown): string {
  return `local.${new TerraformLocal(scope, id, value).friendlyUniqueId}`;
}
