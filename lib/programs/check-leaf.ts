import type { LeafText } from "../private/given/read-leaf";
import { readLeaf } from "../private/given/read-leaf";
import { ProgramFault, runProgram } from "./run-program";

/** Checks the copy of a certificate on a host. Its output is empty. */
function program({ what, ...leaf }: LeafText & { readonly what: string }): string {
  const faults = readLeaf(leaf, new Date());
  if (faults.length > 0) {
    throw new ProgramFault(faults.map((fault) => `${what} ${fault.what}; ${fault.fix}`).join("; "));
  }
  return "";
}

runProgram("check-leaf", program);
