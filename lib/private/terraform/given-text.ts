import { DefaultTokenResolver, Fn, StringConcat, Token, Tokenization } from "cdktf";
import type { Construct } from "constructs";

import { projectPathArgument } from "../paths";
import { expression, isKnown } from "./text";
import { BINARY, MISSING } from "../given/file-content";

/** A text that the user gives: as it is, or in a file that Terraform reads at plan. */
export interface GivenText {
  readonly pem?: string;
  readonly file?: string;
}

/** Whether there is one. */
export function isGiven({ pem, file }: GivenText): boolean {
  return pem !== undefined || file !== undefined;
}

/** Whether the text is known at synth. */
export function isTextKnown({ pem }: GivenText): boolean {
  return pem !== undefined && isKnown(pem);
}

/** Whether a text is known while planning: as it is, a variable's value, or an output of another state. */
export function isKnownAtPlan(scope: Construct, text: string): boolean {
  const resolver = new DefaultTokenResolver(new StringConcat());
  const resolved: unknown = Tokenization.resolve(text, { scope, resolver, preparing: false });
  const planned = /^\$\{(var\.[\w-]+|data\.terraform_remote_state\.[\w-]+\.outputs\.[^{}]+)\}$/;
  return isKnown(text) || planned.test(String(resolved));
}

/** A text as one argument of an `Fn` call. */
export function textExpression({ pem, file }: GivenText): string {
  return file === undefined ? expression(pem as string) : fileExpression(file);
}

/**
 * The content of a file. Terraform's own errors for a missing file and for one that is not UTF-8, such as DER, do not say
 * what to do, so both are marked, and a program writes the error.
 */
function fileExpression(file: string): string {
  const path = projectPathArgument(file);
  const content = Fn.try([Fn.file(path), Fn.join("", [BINARY, Fn.filebase64(path)])]);
  return Token.asString(Fn.conditional(Fn.fileexists(path), content, Fn.join("", [MISSING, Fn.abspath(path)])));
}
