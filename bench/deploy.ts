import { execFileSync } from "node:child_process";
import * as path from "node:path";

import { providerEnvironment } from "../providers/mirror";
import { copyProject } from "../test/support/project-copy";
import type { Measure } from "./measure";
import { measure, table } from "./measure";

const STACKS = ["one-way", "mutual"];

/** `main.ts` by cdktf, from synth to destroy, in a copy of the project. */
export async function deployTable(scratch: string): Promise<string> {
  const environment = await providerEnvironment({ preferMirror: true });
  const project = copyProject(path.join(scratch, "project"));
  execFileSync("npm", ["run", "--silent", "programs"], { cwd: project });
  const cdktf = (...args: string[]): Measure => measure(["npx", "cdktf", ...args], project, environment);
  const deploy = (...stacks: string[]): Measure => cdktf("deploy", ...stacks, "--auto-approve", "--skip-provider-lock");
  const steps: [string, () => Measure][] = [
    ["synth of both stacks", () => cdktf("synth")],
    ...STACKS.map((stack): [string, () => Measure] => [`first deploy of ${stack}`, () => deploy(stack)]),
    ["second deploy of both, nothing to do", () => deploy(...STACKS)],
    ["destroy of both", () => cdktf("destroy", ...STACKS, "--auto-approve", "--skip-provider-lock")],
  ];
  const rows = steps.map(([what, run]) => {
    const { seconds, mebibytes } = run();
    return [what, seconds.toFixed(1), mebibytes.toFixed(0)];
  });
  return table("`main.ts` by cdktf", ["what", "wall time (s)", "memory of the largest process (MiB)"], rows);
}
