import * as path from "node:path";

import type { Meanwhile, Run } from "../support/execute";
import { execute } from "../support/execute";

const SCRIPT = path.join(__dirname, "../../scripts/with-providers.ts");

// A configuration of the user's own: these tests ask neither the registry nor the mirror.
const env = { ...process.env, TF_CLI_CONFIG_FILE: __filename };

const withProviders = (args: readonly string[], meanwhile?: Meanwhile): Promise<Run> =>
  execute(process.execPath, ["-r", "tsx/cjs", SCRIPT, ...args], { env, meanwhile });
const node = (script: string) => [process.execPath, "-e", script];

test("the command sees where the providers are and that nothing is to be reported", async () => {
  const { stdout } = await withProviders(
    node(
      "const { TF_CLI_CONFIG_FILE, CHECKPOINT_DISABLE } = process.env; console.log(TF_CLI_CONFIG_FILE, CHECKPOINT_DISABLE)",
    ),
  );

  expect(stdout).toBe(`${__filename} 1\n`);
});

test.each([
  ["its own code", "process.exit(7)", 7],
  ["128 and the signal's number", "process.kill(process.pid, 'SIGKILL')", 137],
])("the exit code is %s", async (_, script, code) => {
  await expect(withProviders(node(script))).resolves.toMatchObject({ code });
});

test.each(["SIGINT", "SIGTERM"] as const)("%s reaches the command", async (signal) => {
  const script = `process.on("${signal}", () => process.exit(3)); setInterval(() => 0, 1000); console.error("ready")`;

  const { code } = await withProviders(node(script), (child, stderr) => {
    if (stderr.endsWith("ready\n")) child.kill(signal);
  });

  expect(code).toBe(3);
});

test("a missing command is named in one line", async () => {
  await expect(withProviders(["no-such-command"])).resolves.toEqual({
    code: 1,
    stdout: "",
    stderr: "no-such-command cannot be run: spawn no-such-command ENOENT\n",
  });
});

test("an empty command line prints how to write a command", async () => {
  const { code, stderr } = await withProviders([]);

  expect(code).toBe(1);
  expect(stderr).toMatch(/^no command was given; .*COMMAND ARGS\n$/);
});
