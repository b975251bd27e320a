import { Fn, TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

import { valueOf } from "./attributes";
import { expression, literalArgument } from "./text";

/**
 * The condition that a secret matches a pattern (RE2). Terraform prints every value that a failed condition reads, so
 * it reads a sensitive local, whether the secret itself is marked or not.
 */
export function hiddenCondition(scope: Construct, id: string, secret: string, pattern: string): unknown {
  return matches(valueOf(new TerraformLocal(scope, id, Fn.sensitive(expression(secret)))), pattern);
}

/** The condition that text matches a pattern (RE2). */
export function matches(text: string, pattern: string): unknown {
  return Fn.can(Fn.regex(literalArgument(pattern), expression(text)));
}
