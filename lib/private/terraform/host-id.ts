import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { ALLOWED_ID, unusableId } from "../construct-id";
import type { Problem } from "../problems";
import { InputError, quoted } from "../problems";
import { isToken } from "../token-marks";
import { isRefusedByWindows } from "../windows-paths";

const USABLE = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

/**
 * Checks the id of a host, an output or a shared certificate before a construct gets it: constructs refuse some ids with
 * errors of their own, rewrite others, and put the rest into every message.
 *
 * @param use what the id becomes
 * @throws naming `id` if it is not usable, or if a construct of the scope has it already, upper and lower case alike
 */
export function hostId(scope: Construct, id: string, use = "a folder and a certificate's common name"): string {
  const refuse = (problem: Omit<Problem, "where" | "allowed">, allowed = ALLOWED_ID): never => {
    throw new InputError([{ ...problem, where: `${scope.node.path}: id`, allowed }]);
  };
  const unusable = unusableId(id);
  if (unusable) {
    const hint = isToken(id) ? "; names that clients dial belong in names, which may be Terraform tokens" : "";
    return refuse({ ...unusable, fix: `${unusable.fix}${hint}` });
  }
  if (!USABLE.test(id)) {
    const fix = "choose such an id; names that clients dial belong in names";
    return refuse({ what: `cannot be ${use}`, got: quoted(id), fix });
  }
  if (isRefusedByWindows(`/${id}`)) {
    return refuse(
      { what: "cannot be a folder on Windows", got: quoted(id), fix: "choose another id" },
      "no dot at the end, and no device name such as CON, NUL or COM1, not even with an extension",
    );
  }
  const same = scope.node.children.find(({ node }) => node.id.toLowerCase() === id.toLowerCase());
  if (same !== undefined) {
    const isSame = same.node.id === id;
    const what = isSame ? "is already in use" : `differs from "${same.node.id}" in upper and lower case alone`;
    return refuse(
      { what, got: quoted(id), fix: "choose another id" },
      `an id that nothing else in ${scope.node.path} has`,
    );
  }
  if (/^[0-9]/.test(id) && TerraformStack.isStack(scope)) {
    return refuse(
      {
        what: "begins with a digit, and so would the names of its Terraform resources, which Terraform refuses",
        got: quoted(id),
        fix: "put a letter before it, or add the host through the fleet",
      },
      "a letter or an underscore first, for a host that is directly in a stack",
    );
  }
  return id;
}
