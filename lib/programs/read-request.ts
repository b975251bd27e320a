import { fileIn } from "../private/given/file-content";
import type { RequestText } from "../private/given/read-request";
import { readRequest } from "../private/given/read-request";
import { ProgramError, runProgram } from "./run-program";

/** Reads and checks a certificate request, and prints it as it is signed. */
function program(input: RequestText & { readonly what: string }): string {
  const { pem, problems } = readRequest({ ...input, file: fileIn(input.what) });
  if (pem === undefined) {
    throw new ProgramError(problems.map(({ what, fix }) => `${input.what} ${what}; ${fix}`).join("; "));
  }
  return pem;
}

runProgram("read-request", program);
