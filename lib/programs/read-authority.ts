import type { AuthorityText } from "../private/given/read-authority";
import { AuthorityError, readAuthority } from "../private/given/read-authority";
import { ProgramError, runProgram } from "./run-program";

/** Reads and checks a given CA whose text only Terraform knows. Its output contains certificates, no key. */
function program(input: AuthorityText): string {
  try {
    return JSON.stringify(readAuthority(input, new Date()));
  } catch (error) {
    throw error instanceof AuthorityError ? new ProgramError(error.message.replaceAll("\n", "; ")) : error;
  }
}

runProgram("read-authority", program);
