import { DefaultTokenResolver, StringConcat, TerraformStack, TerraformVariable, Tokenization } from "cdktf";
import type { Construct } from "constructs";

import { isKnown, literalArgument, plainText } from "../../../private/terraform/text";

/**
 * Text that Terraform knows while planning, and that is no secret, so that it can be the key of a resource: a literal, or
 * a token made of variables that are not sensitive. For any other token it is the token's own expression.
 */
export function stableText(scope: Construct, text: string): string {
  if (isKnown(text)) {
    return plainText(text);
  }
  const stack = TerraformStack.of(scope);
  const resolver = new DefaultTokenResolver(new StringConcat());
  const code = String(Tokenization.resolve(text, { scope, resolver, preparing: false }));
  const open = new Set(
    stack.node
      .findAll()
      .filter((element) => element instanceof TerraformVariable && element.sensitive !== true)
      .map((element) => `var.${(element as TerraformVariable).friendlyUniqueId}`),
  );
  // The text of string literals, such as a pattern or a host, refers to nothing.
  const references =
    code.replace(/"(?:[^"\\$]|\\.|\$(?!\{))*"/g, '""').match(/\b[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*(?:\.[\w-]+)*/g) ?? [];
  return references.every((reference) => open.has(reference)) ? text : literalArgument(code);
}
