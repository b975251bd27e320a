import { spawn, spawnSync } from "node:child_process";
import type { Readable } from "node:stream";

import type { TerraformProject } from "../support/terraform";
import { deployProject, leftovers, resources } from "./project";

// util-linux's `script` runs a program on a terminal of its own.
const withTerminal = spawnSync("script", ["--version"]).status === 0 ? test : test.skip;
const SLOW = ["deploy", "one-way", "--terraform-parallelism", "1"];

let project: TerraformProject;
afterEach(() => project.dispose());

function inShell(args: readonly string[]): string {
  return project
    .fleetTlsCommand(args)
    .map((word) => `'${word}'`)
    .join(" ");
}

test("a deploy whose output nobody reads any more is finished", async () => {
  project = deployProject({ SLOW: "40" });
  const { stdout } = await project.program("bash", [
    "-c",
    `${inShell(SLOW)} 2>&1 >/dev/null | head -4; echo "exit codes \${PIPESTATUS[*]}"`,
  ]);
  expect(stdout).toMatch(/^synthesising\n[^]*exit codes 0 0\n$/);
  expect(resources(project, "one-way")).toBe(43);
  expect(project.exists(".terraform.one-way.tfstate.lock.info")).toBe(false);
});

withTerminal("a deploy whose terminal is closed saves its state, and removes its plan", async () => {
  project = deployProject({ SLOW: "200" });
  const env = await project.environment({ TERM: "xterm" });
  // The last descriptor is closed when the deploy has ended, with or without a terminal.
  const terminal = spawn("script", ["-qec", `stty cols 100 rows 30; exec ${inShell(SLOW)}`, "/dev/null"], {
    cwd: project.folder,
    env,
    stdio: ["pipe", "pipe", "ignore", "pipe"],
  });
  const ended = new Promise((resolve) => terminal.stdio[3]!.once("close", resolve));
  (terminal.stdio[3] as Readable).resume();
  let shown = "";
  terminal.stdout!.setEncoding("utf8").on("data", (piece: string) => {
    shown += piece;
    if (/applying [1-9]\d of 203/.test(shown)) terminal.kill("SIGKILL");
  });
  await ended;
  expect(resources(project, "one-way")).toBeGreaterThanOrEqual(10);
  expect(resources(project, "one-way")).toBeLessThan(203);
  expect(project.exists(".terraform.one-way.tfstate.lock.info")).toBe(false);
  expect(leftovers(project)).toEqual([]);
});

test("commands that cannot be written are an error", async () => {
  project = deployProject();
  const { stdout } = await project.program("bash", ["-c", `${inShell(["deploy", "one-way"])} >/dev/full; echo $?`]);
  expect(stdout).toBe("1\n");
});
