import type { IResolvable } from "cdktf";
import { Fn, Token, Tokenization } from "cdktf";

/** A piece of a string: text that is known at synth, or a token that Terraform fills in. */
export interface Fragment {
  readonly literal?: string;
  readonly token?: string;
}

interface StringFragment {
  readonly type: string;
  readonly lit?: unknown;
  readonly token?: IResolvable;
}

export function isKnown(value: string): boolean {
  return !Token.isUnresolved(value);
}

/** Splits a string into literal text and tokens of Terraform. */
function fragmentsOf(value: string): Fragment[] {
  if (isKnown(value)) {
    return value === "" ? [] : [{ literal: value }];
  }
  const { fragments } = Tokenization.reverseString(value) as unknown as { fragments: StringFragment[] };
  return fragments.map((part) => (part.token ? { token: Token.asString(part.token) } : { literal: String(part.lit) }));
}

/**
 * A string for a plain attribute or an output: its literal text stays text.
 * cdktf escapes neither `${` nor `%{` there, so Terraform would evaluate what a user typed.
 */
export function plainText(value: string): string {
  return fragmentsOf(value)
    .map(({ literal, token }) => token ?? escapeTemplate(literal ?? ""))
    .join("");
}

/** Literal text as an argument of an `Fn` call, which cdktf puts between quotes without escaping `"`, `\` and `%{`. */
export function literalArgument(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/%\{/g, "%%{").replace(/\r/g, "\\r");
}

/** A string as one argument of an `Fn` call. Mixed strings are joined by Terraform, since templates nest badly there. */
export function expression(value: string): string {
  const parts = fragmentsOf(value).map(({ literal, token }) => token ?? literalArgument(literal ?? ""));
  return parts.length === 1 ? (parts[0] as string) : Fn.join("", parts);
}

function escapeTemplate(text: string): string {
  return text.replace(/([$%])\{/g, "$1$1{");
}
