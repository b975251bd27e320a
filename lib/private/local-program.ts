import { DataLocalCommand } from "@cdktf/provider-local/lib/data-local-command";
import { Fn, Lazy, TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

import { attributeOf, compact } from "./terraform/attributes";
import { programPath } from "./program";

/** Has Terraform run one of the programs of `lib/programs` on an input. Its output is not marked as sensitive. */
export function runLocalProgram(
  scope: Construct,
  id: string,
  program: string,
  input: Record<string, unknown> | (() => Record<string, unknown>),
): string {
  const run = new DataLocalCommand(scope, id, {
    command: "node",
    arguments: [programPath(scope, program)],
    // What is gathered while the app is built is asked for when the stack is written.
    stdin:
      typeof input === "function" ? Lazy.stringValue({ produce: () => Fn.jsonencode(input()) }) : Fn.jsonencode(input),
  });
  return attributeOf(compact(run), "stdout");
}

/** The same, for an output that holds a secret: nothing but the local refers to it. */
export function runSecretProgram(
  scope: Construct,
  id: string,
  program: string,
  input: Record<string, unknown>,
): TerraformLocal {
  return new TerraformLocal(scope, `${id}-output`, Fn.sensitive(runLocalProgram(scope, id, program, input)));
}
