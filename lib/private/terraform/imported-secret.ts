import type { TerraformStack } from "cdktf";
import { Fn, TerraformLocal } from "cdktf";

import { valueOf } from "./attributes";
import { pathId } from "./path-id";

/**
 * A secret of another stack, marked as sensitive again: `terraform_remote_state` hands it over unmarked.
 * One local a stack and secret, however many certificates use it.
 */
export function importSecret(stack: TerraformStack, name: string, value: string): string {
  const id = pathId(stack, "import", name);
  const existing = stack.node.tryFindChild(id) as TerraformLocal | undefined;
  return valueOf(existing ?? new TerraformLocal(stack, id, Fn.sensitive(value)));
}
