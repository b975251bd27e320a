import { DataLocalCommand } from "@cdktf/provider-local/lib/data-local-command";
import type { Precondition } from "cdktf";
import { Fn, Lazy, TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

import { attributeOf, compact } from "./terraform/attributes";
import { programPath } from "./program";

/**
 * Declares a run of one of the programs of `lib/programs`. Its output is not marked as sensitive. Preconditions are
 * checked at plan even where the input is known at apply alone.
 */
export function runLocalProgram(
  scope: Construct,
  id: string,
  program: string,
  input: Record<string, unknown> | (() => Record<string, unknown>),
  precondition?: Precondition[],
): string {
  const run = new DataLocalCommand(scope, id, {
    command: "node",
    arguments: [programPath(scope, program)],
    // Input that is collected while the app is built is read at synthesis.
    stdin:
      typeof input === "function" ? Lazy.stringValue({ produce: () => Fn.jsonencode(input()) }) : Fn.jsonencode(input),
    lifecycle: precondition && { precondition },
  });
  return attributeOf(compact(run), "stdout");
}

/** The same, for an output that contains a secret: only the local refers to it. */
export function runSecretProgram(
  scope: Construct,
  id: string,
  program: string,
  input: Record<string, unknown>,
  precondition?: Precondition[],
): TerraformLocal {
  const output = runLocalProgram(scope, id, program, input, precondition);
  return new TerraformLocal(scope, `${id}-output`, Fn.sensitive(output));
}
