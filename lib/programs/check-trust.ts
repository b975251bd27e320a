import type { TrustedList } from "../private/given/read-trust";
import { readTrust } from "../private/given/read-trust";
import { ProgramError, runProgram } from "./run-program";

/** Checks CAs against each other whose text only Terraform knows. Its output says nothing. */
function program({ what, lists }: { readonly what: string; readonly lists: TrustedList[] }): string {
  const problems = readTrust(lists);
  if (problems.length > 0) {
    throw new ProgramError(
      problems.map((problem) => `${what}: ${problem.name} ${problem.what}; ${problem.fix}`).join("; "),
    );
  }
  return "";
}

runProgram("check-trust", program);
