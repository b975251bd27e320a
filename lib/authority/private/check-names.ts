import { TerraformLocal, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { readNames } from "../../private/given/read-names";
import { runLocalProgram } from "../../private/local-program";
import { InputError } from "../../private/problems";
import { expression, isKnown } from "../../private/terraform/text";
import type { AuthorityUses } from "./authority-uses";
import type { NamedLeaf } from "./leaf-names";
import { pathId } from "../../private/terraform/path-id";

/** Certificates whose name constraints apply to the leaves below a CA. */
export interface ConstrainingAuthorities {
  /** As PEM; text or a token. */
  readonly pem: string;
  /** Whether they are one path, all of which apply, or a bundle, one of which signs. */
  readonly isPath: boolean;
}

/**
 * Checks the names of all leaves below a given CA against the name constraints of the CAs above them: at synth where both
 * are known, and else by a program at plan, in each stack that has such a leaf.
 */
export function checkNames(
  generation: Construct,
  { names }: AuthorityUses,
  { pem, isPath }: ConstrainingAuthorities,
): void {
  const checked = new Set<TerraformStack>();
  let local: string | undefined;
  names.forEach((stack, leaf) => {
    if (checked.has(stack) || (isKnown(pem) && leaf.names.every(isKnown))) {
      return;
    }
    checked.add(stack);
    // A local of constant name: another stack that reads it sees its content change alone.
    local ??= isKnown(pem) ? pem : new TerraformLocal(generation, "constraining", pem).asString;
    const authorities = expression(local);
    const isHere = stack === TerraformStack.of(generation);
    const id = isHere ? "check-names" : pathId(stack, "names", generation.node.path);
    runLocalProgram(isHere ? generation : stack, id, "check-names", () => ({
      authorities,
      isPath,
      leaves: names.in(stack).map(({ what, names: all }) => ({ what: expression(what), names: all.map(expression) })),
    }));
  });
  if (isKnown(pem)) {
    const known: NamedLeaf[] = [];
    names.forEach((_, leaf) => known.push({ ...leaf, names: leaf.names.filter(isKnown) }));
    generation.node.addValidation({ validate: () => messages(readNames({ authorities: pem, isPath, leaves: known })) });
  }
}

function messages(problems: ReturnType<typeof readNames>): string[] {
  const allowed = "names that every CA above the certificate permits";
  return problems.length === 0 ? [] : [new InputError(problems.map((problem) => ({ ...problem, allowed }))).message];
}
