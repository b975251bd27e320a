import { Fn } from "cdktf";

import { expression, isKnown, literalArgument, plainText } from "./terraform/text";

/** From a stack's folder, `cdktf.out/stacks/NAME`, to the folder that holds `cdktf.out`. */
const PROJECT = "${path.module}/../../..";

/**
 * A path on the machine that runs Terraform. A relative one is relative to the folder that holds the app's
 * `cdktf.out`, so the plan is the same wherever that folder lies.
 */
export function projectPath(path: string): string {
  if (isKnown(path)) {
    return path.startsWith("/") ? plainText(path) : `${PROJECT}/${plainText(path)}`;
  }
  return projectPathArgument(path);
}

/** The same as an argument of an `Fn` call, where `path.module` would be text; in a root module it is `.`. */
export function projectPathArgument(path: string): string {
  if (isKnown(path)) {
    return literalArgument(path.startsWith("/") ? path : `./../../../${path}`);
  }
  const whole = expression(path);
  const isAbsolute = Fn.can(Fn.regex("^/", whole));
  return Fn.conditional(isAbsolute, whole, Fn.join("", ["./../../../", whole])) as string;
}

/** What a folder is called as seen from one that holds it. */
export function folderBelow(parent: string, folder: string): string {
  return folder.slice(parent.replace(/\/+$/, "").length + 1);
}
