import { spawnSync } from "node:child_process";
import * as path from "node:path";

/** How a program ended. */
export interface ProgramRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the programs of `lib/programs` as Terraform does; a text is handed over as it is. */
export function runProgram(name: string, input: unknown): ProgramRun {
  const program = path.join(__dirname, "..", "..", "lib", "programs", `${name}.js`);
  const text = typeof input === "string" ? input : JSON.stringify(input);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], { input: text, encoding: "utf8" });
  return { status, stdout, stderr };
}
