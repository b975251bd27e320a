import { Token } from "cdktf";

import { quoted } from "./problems";
import { UserError } from "./user-error";

/** Source of a secret that a command needs. */
export type SecretSource =
  | { readonly kind: "host"; readonly path: string }
  | { readonly kind: "file"; readonly value: string }
  | { readonly kind: "argument"; readonly value: string }
  | { readonly kind: "environment"; readonly name: string };

/** A literal would be readable in the synthesised JSON and in version control. */
export function requireToken(what: string, value: string): string {
  if (!Token.isUnresolved(value)) {
    throw new UserError(
      `${what}: the secret is a literal, got ${quoted(typeof value === "string" ? "…" : value)}; ` +
        'allowed: a Terraform token; declare new TerraformVariable(stack, ID, { type: "string", sensitive: true }) ' +
        "and pass its stringValue",
    );
  }
  return value;
}

/** Whether text is the name of an environment variable that both a POSIX shell and PowerShell can read. */
export function isVariableName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
}

/** The name of an environment variable that both a POSIX shell and PowerShell can read. */
export function requireVariableName(what: string, name: string): string {
  if (!isVariableName(name)) {
    throw new UserError(
      `${what}: the name of an environment variable is unusable, got ${quoted(name)}; ` +
        "allowed: letters, digits and underscores, no digit first; write it as in FLEET_ENROLLMENT_TOKEN",
    );
  }
  return name;
}
