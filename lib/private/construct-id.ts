import type { Problem } from "./problems";
import { quoted } from "./problems";
import { isToken } from "./token-marks";

/** What the ids of hosts may be; an id becomes a folder, a certificate's common name and part of a Terraform name. */
export const ALLOWED_ID = "1 to 64 letters, digits, dots, hyphens and underscores, no dot or hyphen first";

type IdProblem = Omit<Problem, "where" | "allowed">;

/** Problem of an id that no construct can have. */
export function unusableId(id: unknown): IdProblem | undefined {
  if (isToken(id)) {
    // Not shown: its text is cdktf's own number for it.
    return { what: "is a Terraform token, and a construct needs its id at synthesis", fix: "write the id as text" };
  }
  // A scope keeps its children in an object (constructs, Node.addChild), where these are there already.
  return typeof id === "string" && id in {}
    ? { what: "is the name of something that every JavaScript object has", got: quoted(id), fix: "choose another id" }
    : undefined;
}

/** The same of an id that becomes a part of a path: constructs turn a slash into two hyphens, which another id may have. */
export function unusablePart(id: string): IdProblem | undefined {
  return /[/\\\s\p{Cc}]/u.test(id) || /^\.+$/.test(id)
    ? { what: "cannot be a part of paths and Terraform names", got: quoted(id), fix: "choose such an id" }
    : undefined;
}
