import type { AuthorityText } from "../private/given/read-authority";
import { AuthorityFault, readAuthority } from "../private/given/read-authority";
import { ProgramFault, runProgram } from "./run-program";

/** Reads and checks a given CA whose text only Terraform knows. Its output contains certificates, no key. */
function program(input: AuthorityText): string {
  try {
    return JSON.stringify(readAuthority(input, new Date()));
  } catch (error) {
    throw error instanceof AuthorityFault ? new ProgramFault(error.message) : error;
  }
}

runProgram("read-authority", program);
