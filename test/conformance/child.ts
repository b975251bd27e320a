import { spawn } from "node:child_process";
import { TIMEOUT, withoutThread } from "./answering";

export interface ChildOptions {
  /** Standard input, which stays open while `complete` waits for more output. */
  input?: string;
  /** Ends what would run on until the other side does, once its output is whole. */
  complete?: (output: string) => boolean;
  env?: Record<string, string>;
}

/** Runs a program, gives its standard output, and fails with what it complains of. */
export function runChild(program: string, words: string[], options: ChildOptions = {}): Promise<string> {
  const { input = "", complete, env } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { timeout: TIMEOUT, env: { ...process.env, ...env } });
    let output = "";
    let complaints = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (complete?.(output)) {
        resolve(output);
        child.kill();
      }
    });
    child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) {
        resolve(output);
      } else if (signal === null) {
        reject(new Error(summary(complaints) || summary(output) || `${program} ended with code ${code}`));
      } else {
        reject(new Error(`${program}: no end within ${TIMEOUT} ms`));
      }
    });
    child.stdin.on("error", () => undefined).write(input);
    if (complete === undefined) {
      child.stdin.end();
    }
  });
}

/** The lines that name a failure. */
function summary(complaints: string): string {
  const lines = complaints.split("\n").filter((line) => /error|alert|fail|bad|not /i.test(line));
  return (lines.length > 0 ? lines : complaints.split("\n")).map(withoutThread).join("; ");
}
