import { fileIn } from "../private/given/file-content";
import type { LeafText } from "../private/given/read-leaf";
import { readLeaf } from "../private/given/read-leaf";
import { ProgramError, runProgram } from "./run-program";

/** Checks the copy of a certificate on a host. Its output is empty. */
function program({ what, ...leaf }: LeafText & { readonly what: string }): string {
  const problems = readLeaf({ ...leaf, file: fileIn(what) }, new Date());
  if (problems.length > 0) {
    throw new ProgramError(problems.map((problem) => `${what} ${problem.what}; ${problem.fix}`).join("; "));
  }
  return "";
}

runProgram("check-leaf", program);
