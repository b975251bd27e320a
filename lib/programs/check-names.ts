import type { NamesText } from "../private/given/read-names";
import { readNames } from "../private/given/read-names";
import { ProgramError, runProgram } from "./run-program";

/** Checks names that only Terraform knows, or those below a CA that only Terraform knows. Its output is empty. */
function program(input: NamesText): string {
  const problems = readNames(input);
  if (problems.length > 0) {
    throw new ProgramError(problems.map(({ where, what, fix }) => `${where}: ${what}; ${fix}`).join("; "));
  }
  return "";
}

runProgram("check-names", program);
