import * as path from "node:path";

import { AssetType, TerraformAsset, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** The path by which Terraform finds one of the programs of `lib/programs`: one copy a stack. */
export function programPath(scope: Construct, name: string): string {
  const stack = TerraformStack.of(scope);
  const id = `fleet-tls-program-${name}`;
  const asset =
    (stack.node.tryFindChild(id) as TerraformAsset | undefined) ??
    new TerraformAsset(stack, id, {
      path: path.join(__dirname, "..", "programs", `${name}.js`),
      type: AssetType.FILE,
    });
  return `\${path.module}/${asset.path}`;
}
