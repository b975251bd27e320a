import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { stripVTControlCharacters } from "node:util";

import { timeLeft } from "../../deploy/private/progress";
import type { TerraformProject } from "../support/terraform";
import { deployProject } from "./project";

// util-linux's `script` runs a program on a terminal of its own.
const withTerminal = spawnSync("script", ["--version"]).status === 0 ? test : test.skip;
const HOST = "fleet-tls/mutual/fleet/agents/web-1";

let project: TerraformProject | undefined;
afterEach(() => project?.dispose());

/** Runs `fleet-tls` on a terminal, where somebody types an answer whenever a question ends with a colon. */
async function onTerminal(
  args: readonly string[],
  answer: string,
  environment: Record<string, string> = {},
  redirection = "",
): Promise<{ code: number | null; shown: string }> {
  const quoted = project!
    .fleetTlsCommand(args)
    .map((word) => `'${word}'`)
    .join(" ");
  const env = await project!.environment({ ...environment, TERM: "xterm" });
  const child = spawn("script", ["-qec", `stty cols 100 rows 30; ${quoted} ${redirection}`, "/dev/null"], {
    cwd: project!.folder,
    env,
    stdio: "pipe",
  });
  let shown = "";
  let answered = 0;
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    shown += stripVTControlCharacters(piece);
    const questions = shown.split(/(?:for every stack|to go on): /).length - 1;
    for (; answered < questions; answered++) child.stdin.write(`${answer}\n`);
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, shown };
}

withTerminal(
  "a first deploy asks nothing; one that replaces shows what, asks, and does as it is answered",
  async () => {
    project = deployProject();
    const first = await onTerminal(["deploy", "mutual"], "no");
    expect(first).toMatchObject({ code: 0, shown: expect.stringContaining("mutual: 3 added, 0 changed, 0 destroyed") });
    expect(first.shown).not.toContain("yes, no, or all");
    // The board: stacks done of all, and what each is doing.
    expect(first.shown).toMatch(/0 of 1 stack done/);

    const declined = await onTerminal(["deploy", "mutual"], "no", { GENERATION: "2" });
    expect(declined.code).toBe(1);
    expect(declined.shown).toContain(`1 file of 1 host is rewritten`);
    expect(declined.shown).toContain(`${HOST}: secret rewritten`);
    expect(declined.shown).toContain("mutual: error: not deployed: declined");
    expect(project.read(`${HOST}/secret`)).toBe("1");

    expect((await onTerminal(["deploy"], "all", { GENERATION: "2" })).code).toBe(0);
    expect(project.read(`${HOST}/secret`)).toBe("2");
    const yes = await onTerminal(["deploy", "--yes"], "no", { GENERATION: "3" });
    expect({ ...yes, asked: yes.shown.includes("yes, no, or all") }).toMatchObject({ code: 0, asked: false });
    expect(project.read(`${HOST}/secret`)).toBe("3");
  },
);

withTerminal("a destroy says what it does to a live fleet, and asks for the fleet's name", async () => {
  project = deployProject();
  await project.fleetTls(["deploy", "mutual"]);
  const declined = await onTerminal(["destroy", "mutual"], "yes");
  expect(declined.code).toBe(1);
  expect(declined.shown).toContain("Hosts keep the copies that they have, and work until their certificates end.");
  expect(declined.shown).toContain("type mutual/fleet to go on: ");
  expect(declined.shown).toContain("nothing is destroyed: mutual/fleet was not typed");
  expect(fs.existsSync(project.path(HOST))).toBe(true);

  expect((await onTerminal(["destroy", "mutual"], "mutual/fleet")).code).toBe(0);
  expect(fs.existsSync(project.path(HOST))).toBe(false);
});

withTerminal("a question is asked on the terminal when stdout and stderr are redirected", async () => {
  project = deployProject();
  await project.fleetTls(["deploy", "mutual"]);
  const declined = await onTerminal(["destroy", "mutual"], "no", {}, "> out 2> log");
  expect(declined).toMatchObject({ code: 1, shown: expect.stringContaining("type mutual/fleet to go on: ") });
  expect(project.read("log")).toContain("nothing is destroyed: mutual/fleet was not typed");
  expect(fs.existsSync(project.path(HOST))).toBe(true);
  expect((await onTerminal(["destroy", "mutual"], "mutual/fleet", {}, "> out 2> log")).code).toBe(0);
  expect(fs.existsSync(project.path(HOST))).toBe(false);
});

withTerminal.each([
  ["deploy", "not deployed: declined"],
  ["destroy", "nothing is destroyed: mutual/fleet was not typed"],
])("an interrupt at the question of a %s is no answer, but an interrupt", async (command, said) => {
  project = deployProject();
  await project.fleetTls(["deploy", "mutual"]);
  const { code, shown } = await onTerminal([command, "mutual"], "\u0003", { GENERATION: "2" });
  expect({ code, shown }).toEqual({ code: 130, shown: expect.stringContaining(said) });
  expect(project.read(`${HOST}/secret`)).toBe("1");
});

test.each([
  [0.5, 10_000, ", about 10 s left"],
  [0.1, 60_000, ", about 9 min left"],
  [0.01, 60_000, ""],
  [0.5, 1_000, ""],
  [1, 60_000, ""],
])("at %d after %d ms the time left is %j", (share, elapsed, text) => {
  expect(timeLeft(share, elapsed)).toBe(text);
});
