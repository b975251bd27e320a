import { Project } from "./project";

let project: Project;
beforeEach(() => {
  // A configuration of the user's own: these tests ask neither the registry nor the mirror.
  project = new Project("", { TF_CLI_CONFIG_FILE: __filename });
});
afterEach(() => project.remove());

const node = (script: string) => [process.execPath, "-e", script];

test("the command sees where the providers are and that nothing is to be reported", async () => {
  const { stdout } = await project.run(
    "with-providers",
    node(
      "const { TF_CLI_CONFIG_FILE, CHECKPOINT_DISABLE } = process.env; console.log(TF_CLI_CONFIG_FILE, CHECKPOINT_DISABLE)",
    ),
  );

  expect(stdout).toBe(`${__filename} 1\n`);
});

test.each([
  ["its own code", "process.exit(7)", 7],
  ["128 and the signal's number", "process.kill(process.pid, 'SIGKILL')", 137],
])("the command's end is told by %s, and no plan is left", async (_, script, code) => {
  project.write("cdktf.out/stacks/one-way/plan", "keys");

  await expect(project.run("with-providers", node(script))).resolves.toMatchObject({ code });
  expect(project.exists("cdktf.out/stacks/one-way/plan")).toBe(false);
  expect(project.mode("cdktf.out")).toBe(0o700);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s reaches the command, and no plan is left", async (signal) => {
  project.write("cdktf.out/stacks/one-way/plan", "keys");
  const script = `process.on("${signal}", () => process.exit(3)); setInterval(() => 0, 1000); console.error("ready")`;

  const { code } = await project.run("with-providers", node(script), (child, stderr) => {
    if (stderr.endsWith("ready\n")) child.kill(signal);
  });

  expect(code).toBe(3);
  expect(project.exists("cdktf.out/stacks/one-way/plan")).toBe(false);
});

test("a command that is not there is named in one line", async () => {
  await expect(project.run("with-providers", ["no-such-command"])).resolves.toEqual({
    code: 1,
    stdout: "",
    stderr: "no-such-command cannot be run: spawn no-such-command ENOENT\n",
  });
});

test("no command at all is told how to write one", async () => {
  const { code, stderr } = await project.run("with-providers");

  expect(code).toBe(1);
  expect(stderr).toMatch(/^no command was given; .*COMMAND ARGS\n$/);
});
