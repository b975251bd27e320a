import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** Terraform 1.5.7 or newer; OpenTofu counts from 1.6. What this library emits needs `plantimestamp` (1.5). */
const REQUIRED_VERSION = ">= 1.5.7";

/** Makes old versions of Terraform refuse to run, unless the stack sets the required version itself. */
export function requireTerraformVersion(scope: Construct): void {
  const stack = TerraformStack.of(scope);
  const { terraform } = (stack as unknown as { rawOverrides: { terraform?: Record<string, unknown> } }).rawOverrides;
  if (terraform?.["required_version"] === undefined) {
    stack.addOverride("terraform.required_version", REQUIRED_VERSION);
  }
}
