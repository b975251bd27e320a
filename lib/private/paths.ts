import { Fn, ref, Token } from "cdktf";

import { expression, isKnown, literalArgument, plainText } from "./terraform/text";

/** From a stack's folder, `cdktf.out/stacks/NAME`, to the folder that contains `cdktf.out`. */
const TO_PROJECT = "/../../../";

/**
 * A path on the machine that runs Terraform. A relative one is relative to the folder that contains the app's
 * `cdktf.out`, so the plan is the same wherever that folder is.
 */
export function projectPath(path: string): string {
  if (isKnown(path)) {
    return path.startsWith("/") ? plainText(path) : `\${path.module}${TO_PROJECT}${plainText(path)}`;
  }
  return projectPathArgument(path);
}

/** The same as an argument of an `Fn` call. */
export function projectPathArgument(path: string): string {
  if (isKnown(path)) {
    return path.startsWith("/") ? literalArgument(path) : fromModule(literalArgument(path));
  }
  const whole = expression(path);
  const isAbsolute = Fn.can(Fn.regex("^/", whole));
  return Token.asString(Fn.conditional(isAbsolute, whole, fromModule(whole)));
}

/** A relative path as seen from the module, which is not Terraform's working directory where another module calls it. */
function fromModule(path: string): string {
  // A plain `${path.module}` would be text in an argument.
  return Fn.join("", [Token.asString(ref("path.module")), TO_PROJECT, path]);
}

/** A path below a fleet's output directory; absent if the fleet writes no files. */
export function outputPathOf(
  { outputDirectory }: { readonly outputDirectory?: string },
  below: string,
): string | undefined {
  return outputDirectory === undefined ? undefined : `${outputDirectory.replace(/\/+$/, "")}/${below}`;
}
