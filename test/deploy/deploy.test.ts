import * as fs from "node:fs";

import type { TerraformProject } from "../support/terraform";
import { deployProject, leftovers, resources } from "./project";

let project: TerraformProject;
afterEach(() => project.dispose());

const plans = () =>
  fs.readdirSync(project.folder, { recursive: true, encoding: "utf8" }).filter((name) => /plan$/.test(name));

test("a deploy prints the commands and nothing else on stdout, and leaves no plan", async () => {
  project = deployProject();
  const { code, stdout, stderr } = await project.fleetTls(["deploy"]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("one-way: plan: 3 to add") });
  expect(stdout).toBe(`# mutual/fleet

# fleet-server
install \\
--url='x'

# fleet-agent-commands contains secrets and is not shown: run install-command.sh of the host's folder, or see
# terraform -chdir=cdktf.out/stacks/mutual output -json fleet-agent-commands

# one-way/fleet

# fleet-server
install \\
--url='x'

# web-1
install 1 ${"x".repeat(200)}

# web-2
install 2
`);
  expect(stderr).not.toContain("install 2");
  const pending = "agents/web-1/agent-cert has no certificate yet: run the script";
  const warning = "warning: fleet/es-ca: expires soon; renew it";
  expect(stderr).toContain(
    `${warning}\n${pending}\n${pending}\n4 files in fleet-tls; next: copy each host's folder to its host`,
  );
  expect(project.mode("cdktf.out")).toBe(0o700);
  expect(plans()).toEqual([]);
  expect(leftovers(project)).toEqual([]);

  // The named command shows what the message leaves out.
  const show = /^# (terraform .*)$/m.exec(stdout)![1]!;
  expect((await project.program("sh", ["-c", show])).stdout).toContain("install 2");
});

test("a local state is closed to others from its first byte, and so is its backup", async () => {
  project = deployProject();
  const modes = new Set<string>();
  const watch = setInterval(() => {
    for (const name of fs.readdirSync(project.folder).filter((one) => one.includes("tfstate"))) {
      const stat = fs.statSync(project.path(name), { throwIfNoEntry: false });
      if (stat && !name.endsWith(".lock.info")) modes.add((stat.mode & 0o777).toString(8));
    }
  }, 1);
  try {
    expect(
      await project.program("sh", ["-c", 'umask 0; exec "$@"', "sh", ...project.fleetTlsCommand(["deploy"])]),
    ).toMatchObject({ code: 0 });
    await project.fleetTls(["deploy"], { GENERATION: "2" });
  } finally {
    clearInterval(watch);
  }
  expect([...modes]).toEqual(["600"]);
  expect(project.exists("terraform.mutual.tfstate.backup")).toBe(true);
  // Files are as open as their stack says: no umask of ours changes them.
  expect(project.mode("fleet-tls/mutual/fleet/agents/web-1/secret")).toBe(0o600);
});

test("the output of a failing app is shown, and nothing is deployed", async () => {
  project = deployProject({ REFUSED: "1" });
  const { code, stdout, stderr } = await project.fleetTls(["deploy"]);

  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("Error: fleetServerUrl is refused");
  expect(stderr).toMatch(/^fleet-tls: the app could not be synthesised: .* ended with exit code 1$/m);
  expect(leftovers(project)).toEqual([]);
});

test("commands to paste are quoted, and files outside the project are said where they are", async () => {
  project = deployProject();
  project.write("main.ts", project.read("main.ts").replace("/../../../fleet-tls/", "/../../../../else where/fleet/"));
  const { code, stdout, stderr } = await project.fleetTls(["deploy", "--output", "my out"]);
  expect(`exit code ${code}: ${stderr}`).toMatch(/^exit code 0/);
  const [, command] = /^# (terraform .*)$/m.exec(stdout)!;
  const shown = await project.program("sh", ["-c", command!]);
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('"web-2":"install 2"') });
  expect(stderr).toContain("\n4 files in ../else where/fleet; next: ");
});

test("a stack that the code no longer has is named until it is destroyed", async () => {
  project = deployProject();
  const text = project.read("main.ts");
  await project.fleetTls(["deploy"]);
  project.write("main.ts", text.replace('["one-way", "mutual"]', '["mutual"]'));
  const warning =
    /^warning: the app no longer has the stack one-way, which is deployed: its files stay, and its state/m;
  expect(await project.fleetTls(["diff"])).toMatchObject({ code: 0, stderr: expect.stringMatching(warning) });
  expect(await project.fleetTls(["deploy"])).toMatchObject({ code: 0, stderr: expect.stringMatching(warning) });
  project.write("main.ts", text);
  expect((await project.fleetTls(["destroy", "one-way"])).stderr).not.toMatch(warning);
  project.write("main.ts", text.replace('["one-way", "mutual"]', '["mutual"]'));
  expect((await project.fleetTls(["diff"])).stderr).not.toMatch(warning);
});

test("a refusal at plan prints its reason every time, whole and once; the other stacks are deployed", async () => {
  project = deployProject({ GATED: "mutual" });
  for (let i = 0; i < 3; i++) {
    const { code, stdout, stderr } = await project.fleetTls(["deploy"]);

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.split("mutual: error: Resource precondition failed")).toHaveLength(2);
    expect(stderr.split("reason ".repeat(98) + "reason")).toHaveLength(2);
    expect(stderr).toContain("at mutual/key, tls_private_key.key, cdk.tf.json line");
    expect(stderr).toMatch(/^deployed: one-way\nfailed: mutual\n/m);
    expect(resources(project, "one-way")).toBe(3);
  }
  const next = await project.fleetTls(["deploy", "--var", "secret=open"]);
  expect(next).toMatchObject({ code: 0, stderr: expect.stringContaining("mutual: 3 added, 0 changed, 0 destroyed") });
});

test("what depends on a stack that failed is not started, and named", async () => {
  project = deployProject({ READS: "1", GATED: "one-way" });
  const { code, stderr } = await project.fleetTls(["deploy"]);

  expect(code).toBe(1);
  expect(stderr).toMatch(/^failed: one-way\nnot started: mutual\n/m);

  const next = await project.fleetTls(["deploy", "--var=secret=open", "--parallelism", "5"]);
  expect(next.code).toBe(0);
  // In order: the other stack reads this one's output.
  expect(next.stderr.indexOf("mutual: initialising")).toBeGreaterThan(next.stderr.indexOf("one-way: 4 added"));
  const key = (stack: string, name: string) => project.read(`fleet-tls/${stack}/fleet/agents/web-1/${name}.pem`);
  expect(key("mutual", "read")).toBe(key("one-way", "key.pub"));
});

test("an interrupted deploy keeps its resources in the state, and the next one creates the rest", async () => {
  project = deployProject({ SLOW: "200" });
  let interrupted = false;
  const { code, stdout, stderr } = await project.fleetTls(
    ["deploy", "one-way", "--terraform-parallelism", "1"],
    {},
    (child, said) => {
      if (interrupted || !said.includes("25 of 203 resources")) return;
      interrupted = child.kill("SIGINT");
      // As npm and the terminal do between them: the second is the same interrupt.
      child.kill("SIGINT");
    },
  );

  expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  expect(stderr).toContain("interrupted: Terraform finishes its current step and saves its state");
  expect(stderr).toContain("one-way: error: execution halted");
  expect(resources(project, "one-way")).toBeGreaterThanOrEqual(25);
  expect(resources(project, "one-way")).toBeLessThan(203);
  expect(project.exists(".terraform.one-way.tfstate.lock.info")).toBe(false);
  expect(leftovers(project)).toEqual([]);

  const next = await project.fleetTls(["deploy", "one-way"], { SLOW: "30" });
  expect(next.code).toBe(0);
  expect(resources(project, "one-way")).toBe(33);
});

test.each<[string, string[], RegExp]>([
  ["a stack that is not there", ["deploy", "tow-way"], /there is no stack "tow-way", allowed are mutual, one-way/],
  [
    "a number that is none",
    ["deploy", "--parallelism=many"],
    /--parallelism: not usable, got "many", allowed are whole/,
  ],
  ["a duration that is none", ["deploy", "--lock-timeout=1d"], /--lock-timeout: not a duration, got "1d", allowed are/],
  ["a variable without a value", ["deploy", "--var", "secret"], /--var: not NAME=VALUE, got "secret"/],
  [
    "a variable that no stack declares",
    ["deploy", "--var", "secrte=x"],
    /--var: .*, got "secrte", allowed are secret; correct its name/,
  ],
  [
    "an empty list of stacks",
    ["destroy", "--yes", "--stacks", ""],
    /^fleet-tls: stacks: no stack is named, got "", allowed/,
  ],
  ["an empty name of a stack", ["destroy", "--yes", ""], /^fleet-tls: stacks: no stack is named, got "", allowed/],
  ["a plan directory of a destroy", ["destroy", "--plan-dir", "plans"], /has no option --plan-dir; fleet-tls/],
  ["an option of another command", ["deploy", "--exit-code"], /has no option --exit-code; fleet-tls/],
  ["an unknown option", ["deploy", "--fast"], /has no option --fast; fleet-tls/],
])("%s is refused with exit code 2", async (_, args, message) => {
  project = deployProject();
  expect(await project.fleetTls(args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(message) });
});

test("a folder without a project, or without an app, is refused with what to do", async () => {
  project = deployProject();
  project.write("cdktf.json", "{}");
  expect((await project.fleetTls(["deploy"])).stderr).toMatch(
    /^fleet-tls: cdktf.json: app is missing, allowed is .*; add it, or use --app$/m,
  );
  fs.rmSync(project.path("cdktf.json"));
  expect((await project.fleetTls(["deploy"])).stderr).toMatch(
    /^fleet-tls: there is no cdktf.json in .*; run this command in the folder/m,
  );
});
