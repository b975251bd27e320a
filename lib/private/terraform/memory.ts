import type { Construct } from "constructs";

import type { TerraformDataConfig } from "./data";
import { TerraformData } from "./data";

/**
 * A resource that keeps the time of the plan that created it, so that a plan shows whether it is new. Terraform cannot
 * read a former value that changes, but it knows while planning what it creates or replaces.
 */
export function createMemory(scope: Construct, id: string, config: TerraformDataConfig = {}): TerraformData {
  return new TerraformData(scope, id, {
    input: { planned: "${plantimestamp()}" },
    ignoreInputChanges: true,
    ...config,
  });
}

/** Whether this very plan makes a memory: known while planning. Two plans of one second are one to Terraform. */
export function isNew({ address }: { readonly address: string }): string {
  return `${address}.input.planned == plantimestamp()`;
}
