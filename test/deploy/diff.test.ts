import * as fs from "node:fs";

import type { TerraformProject } from "../support/terraform";
import { deployProject, leftovers } from "./project";

let project: TerraformProject;
afterEach(() => project.dispose());

const HOST = "fleet-tls/mutual/fleet/agents/web-1";

test("a diff lists the files of each host that are rewritten, changes nothing, and leaves no plan", async () => {
  project = deployProject();
  await project.fleetTls(["deploy"]);
  const before = project.read("terraform.mutual.tfstate");

  expect(await project.fleetTls(["diff"])).toMatchObject({
    code: 0,
    stdout: "mutual: no changes\none-way: no changes\n",
  });
  expect(await project.fleetTls(["diff", "--exit-code"])).toMatchObject({ code: 0 });
  const { code, stdout } = await project.fleetTls(["diff", "mutual", "--exit-code"], {
    TF_CLI_ARGS_plan: "-detailed-exitcode",
    GENERATION: "2",
    CURVE: "P384",
  });
  expect({ code, stdout }).toEqual({
    code: 3,
    stdout: `mutual:
  2 files of 1 host are rewritten
    ${HOST}: key.pub.pem, secret rewritten
  1 tls_private_key replaced: mutual/key
`,
  });
  expect(project.read("terraform.mutual.tfstate")).toBe(before);
  expect(leftovers(project)).toEqual([]);
});

test("--json has names and actions, and no content", async () => {
  project = deployProject();
  await project.fleetTls(["deploy"]);
  fs.rmSync(project.path(`${HOST}/secret`));
  const { stdout } = await project.fleetTls(["diff", "--json"], { TF_VAR_secret: "canary-value" });
  expect(JSON.parse(stdout)).toMatchObject({
    stacks: [
      { name: "mutual", hosts: [{ folder: HOST, files: [{ name: "secret", action: "create" }] }], resources: [] },
      { name: "one-way", hosts: [{ files: [{ name: "secret", action: "replace" }] }] },
    ],
  });
  expect(stdout).not.toContain("canary-value");
});

test("a stack that reads one which is not deployed yet is reported as not plannable", async () => {
  project = deployProject({ READS: "1" });
  const { code, stdout } = await project.fleetTls(["diff"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^mutual: not planned: it reads one-way, which is not deployed yet\none-way:\n/);
});

test("what was approved is what is deployed: plans of 0600 that are gone once applied", async () => {
  project = deployProject();
  await project.fleetTls(["deploy"]);
  await project.fleetTls(["diff", "--plan-dir", "plans"], { GENERATION: "2" });
  expect(fs.readdirSync(project.path("plans")).sort()).toEqual(["mutual.tfplan", "one-way.tfplan"]);
  expect([project.mode("plans"), project.mode("plans/mutual.tfplan")]).toEqual([0o700, 0o600]);

  // The code has moved on meanwhile; the plan has not.
  const { code } = await project.fleetTls(["deploy", "--plan-dir", "plans"], { GENERATION: "3" });
  expect(code).toBe(0);
  expect(project.read(`${HOST}/secret`)).toBe("2");
  expect(fs.readdirSync(project.path("plans"))).toEqual([]);

  // Today's code is not what was applied.
  await project.fleetTls(["deploy"], { GENERATION: "3" });
  expect(project.read(`${HOST}/secret`)).toBe("3");

  const without = await project.fleetTls(["deploy", "--plan-dir", "plans"]);
  expect(without).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/mutual: error: there is no plan .*; make it with/),
  });
});

test("a stale plan is refused with Terraform's reason", async () => {
  project = deployProject();
  await project.fleetTls(["deploy"]);
  await project.fleetTls(["diff", "mutual", "--plan-dir", "plans"], { GENERATION: "2" });
  await project.fleetTls(["deploy", "mutual"], { GENERATION: "3" });
  const { code, stderr } = await project.fleetTls(["deploy", "mutual", "--plan-dir", "plans"]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("mutual: error: Saved plan is stale") });
});

test("a plan to keep is not made of what another stack is about to change", async () => {
  project = deployProject({ READS: "1" });
  await project.fleetTls(["deploy"]);
  const { stdout } = await project.fleetTls(["diff", "--plan-dir", "plans"], { CURVE: "P384" });
  expect(stdout).toContain("mutual: not planned: it reads one-way, which changes; plan it after that is deployed\n");
  expect(fs.readdirSync(project.path("plans"))).toEqual(["one-way.tfplan"]);
});

test("a plan of before is removed when its stack cannot be planned, and its file is closed to others", async () => {
  project = deployProject({ READS: "1" });
  await project.fleetTls(["deploy"]);
  // As a pipeline's artifact has it that was unpacked.
  project.write("plans/mutual.tfplan", "of before");
  fs.chmodSync(project.path("plans/mutual.tfplan"), 0o644);
  await project.fleetTls(["diff", "mutual", "--plan-dir", "plans"], { GENERATION: "2" });
  expect(project.mode("plans/mutual.tfplan")).toBe(0o600);

  const { stdout } = await project.fleetTls(["diff", "--plan-dir", "plans"], { CURVE: "P384" });
  expect(stdout).toContain("mutual: not planned: it reads one-way, which changes");
  expect(fs.readdirSync(project.path("plans"))).toEqual(["one-way.tfplan"]);

  await project.fleetTls(["diff", "mutual", "--plan-dir", "plans"], { GENERATION: "2" });
  const failed = await project.fleetTls(["diff", "--plan-dir", "plans"], { GATED: "one-way", CURVE: "P521" });
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining("not started: mutual") });
  expect(fs.readdirSync(project.path("plans"))).toEqual([]);
});
