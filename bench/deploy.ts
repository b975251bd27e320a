import { execFileSync } from "node:child_process";
import * as path from "node:path";

import { providerEnvironment } from "../providers/mirror";
import { copyProject } from "../test/support/project-copy";
import type { Measure } from "./measure";
import { measure, table } from "./measure";

const STACKS = ["one-way", "mutual"];

/** `main.ts` by `fleet-tls`, from synth to destroy, in a copy of the project. */
export async function deployTable(scratch: string): Promise<string> {
  const environment = await providerEnvironment({ preferMirror: true });
  const project = copyProject(path.join(scratch, "project"));
  execFileSync("npm", ["run", "--silent", "programs"], { cwd: project });
  const command = ["node", "-r", "tsx/cjs", "bin/fleet-tls.ts"];
  const fleetTls = (...args: string[]): Measure => measure([...command, ...args], project, environment);
  const steps: [string, () => Measure][] = [
    ["synth of both stacks", () => fleetTls("synth")],
    ...STACKS.map((stack): [string, () => Measure] => [`first deploy of ${stack}`, () => fleetTls("deploy", stack)]),
    ["second deploy of both, nothing to do", () => fleetTls("deploy")],
    ["destroy of both", () => fleetTls("destroy")],
  ];
  const rows = steps.map(([what, run]) => {
    const { seconds, mebibytes } = run();
    return [what, seconds.toFixed(1), mebibytes.toFixed(0)];
  });
  return table("`main.ts` by `fleet-tls`", ["what", "wall time (s)", "memory of the largest process (MiB)"], rows);
}
