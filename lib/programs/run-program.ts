import { readFileSync } from "node:fs";

/** Error of a program as the user sees it: one line, without a secret. */
export class ProgramError extends Error {}

/**
 * Runs a program that Terraform calls (`data.local_command`): JSON on stdin, text on stdout, one line on stderr when it
 * fails. The same input gives the same output, so that a second plan is empty.
 */
export function runProgram<T>(name: string, program: (input: T) => string): void {
  try {
    process.stdout.write(program(JSON.parse(readFileSync(0, "utf8")) as T));
  } catch (error) {
    // Node's own messages about keys and JSON can quote their input, which may be secret.
    const reason = error instanceof ProgramError ? error.message : "its input could not be read";
    process.stderr.write(`${name}: ${reason.replace(/\s+/g, " ")}\n`);
    process.exitCode = 1;
  }
}
