import * as fs from "node:fs";

import type { TerraformProject } from "../support/terraform";
import { deployProject } from "./project";

const SKIPPED = "unchanged since its last deploy, skipped (--all plans it)";
const SECRET = "fleet-tls/mutual/fleet/agents/web-1/secret";

let project: TerraformProject;
afterEach(() => project.dispose());

/** Deploys; answers which stacks were skipped, once it has succeeded. */
async function skipped(environment: Record<string, string> = {}, args: string[] = []): Promise<string[]> {
  const { code, stderr, stdout } = await project.fleetTls(["deploy", ...args], environment);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  // The commands are printed all the same.
  expect(stdout).toContain("install 2");
  return stderr
    .split("\n")
    .filter((line) => line.endsWith(`: ${SKIPPED}`))
    .map((line) => line.split(":")[0]!)
    .sort();
}

const BOTH = ["mutual", "one-way"];

test("an unchanged stack is skipped with a message; --all plans it", async () => {
  project = deployProject();
  expect(await skipped()).toEqual([]);
  expect(await skipped()).toEqual(BOTH);
  expect(await skipped({}, ["--all"])).toEqual([]);
  expect(await skipped()).toEqual(BOTH);
  // One digest, for the owner alone.
  const record = "cdktf.out/stacks/mutual/.fleet-tls-deployed.json";
  expect(project.mode(record)).toBe(0o600);
  expect(JSON.parse(project.read(record))).toEqual({
    at: expect.any(String),
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("changed code, a variable and another provider lock are planned", async () => {
  project = deployProject();
  await skipped();
  expect(await skipped({ GENERATION: "2" })).toEqual([]);
  expect(await skipped({ GENERATION: "2", TF_VAR_secret: "x" })).toEqual([]);
  expect(await skipped({ GENERATION: "2", TF_VAR_secret: "x" })).toEqual(BOTH);
  expect(project.read(SECRET)).toBe("x2");
  fs.appendFileSync(project.path("cdktf.out/stacks/mutual/.terraform.lock.hcl"), "\n# another\n");
  expect(await skipped({ GENERATION: "2", TF_VAR_secret: "x" })).toEqual(["one-way"]);
});

test.each<[string, () => void]>([
  ["edited", () => project.write(SECRET, "edited")],
  ["removed", () => fs.rmSync(project.path(SECRET))],
])("a file that was %s is put back", async (_, change) => {
  project = deployProject();
  await skipped();
  change();
  expect(await skipped()).toEqual(["one-way"]);
  expect(project.read(SECRET)).toBe("1");
});

test("a lost output directory, and a lost folder of cdktf, are planned", async () => {
  project = deployProject();
  await skipped();
  fs.rmSync(project.path("fleet-tls"), { recursive: true });
  expect(await skipped()).toEqual([]);
  expect(project.read(SECRET)).toBe("1");
  fs.rmSync(project.path("cdktf.out"), { recursive: true });
  expect(await skipped()).toEqual([]);
});

test("what another runner deployed since, and a state that was restored, are planned", async () => {
  project = deployProject();
  await skipped();
  const first = project.read("terraform.mutual.tfstate");
  const record = project.read("cdktf.out/stacks/mutual/.fleet-tls-deployed.json");
  await skipped({ GENERATION: "2" });
  const second = project.read("terraform.mutual.tfstate");

  // The record is of a runner that deployed the first code last; another one deployed the second.
  project.write("cdktf.out/stacks/mutual/.fleet-tls-deployed.json", record);
  expect(await skipped()).not.toContain("mutual");
  expect(project.read(SECRET)).toBe("1");

  project.write("terraform.mutual.tfstate", second);
  expect(await skipped()).not.toContain("mutual");
  project.write("terraform.mutual.tfstate", first);
  expect(await skipped()).toEqual(["one-way"]);
});

test("a workspace has a state of its own, which is what counts", async () => {
  project = deployProject();
  await skipped();
  const other = { TF_WORKSPACE: "other" };
  expect(await skipped(other)).toEqual([]);
  expect(await skipped(other)).toEqual(BOTH);
  const state = "cdktf.out/stacks/mutual/terraform.tfstate.d/other/terraform.tfstate";
  project.write(state, project.read(state).replace(/"serial": \d+/, '"serial": 999'));
  expect(await skipped(other)).toEqual(["one-way"]);
});

test("a stack is planned when what it reads of another one changed, and not when only the other one did", async () => {
  project = deployProject({ READS: "1" });
  await skipped();
  expect(await skipped({ TF_VAR_secret: "" }, ["one-way"])).toEqual([]);
  expect(await skipped()).toContain("mutual");
  // Another key for the one stack alone.
  expect(await skipped({ CURVE: "P384" }, ["one-way"])).toEqual([]);
  const text = project.read("cdktf.out/stacks/mutual/cdk.tf.json");
  const { code, stderr } = await project.fleetTls(["deploy", "mutual", "--skip-synth"]);
  expect({ code, text: project.read("cdktf.out/stacks/mutual/cdk.tf.json") }).toEqual({ code: 0, text });
  expect(stderr).not.toContain(SKIPPED);
});

test("a stack that reads what is elsewhere, or that Terraform warns about, is always planned", async () => {
  project = deployProject();
  const text = project.read("main.ts");
  const data = `stack.addOverride("data.local_file.elsewhere", { filename: "/etc/hostname" });`;
  project.write("main.ts", text.replace("const secret =", `if (name === "mutual") ${data}\n  const secret =`));
  await skipped();
  expect(await skipped()).toEqual(["one-way"]);
});

test("a file that an expression reads is part of the stack", async () => {
  project = deployProject();
  const text = project.read("main.ts");
  project.write("given.pem", "1");
  project.write("main.ts", text.replace('(process.env.GENERATION ?? "1")', '"${file(\\"./../../../given.pem\\")}"'));
  await skipped();
  expect(await skipped()).toEqual(BOTH);
  project.write("given.pem", "2");
  expect(await skipped()).toEqual([]);
  expect(project.read(SECRET)).toBe("2");
});

test("what another run synthesised in the same folder is not deployed by this one", async () => {
  project = deployProject({ SLOW: "20" });
  const stacks = ["mutual", "one-way"].map((name) => `cdktf.out/stacks/${name}/cdk.tf.json`);
  let isWritten = false;
  const { code, stderr } = await project.fleetTls(["deploy", "--parallelism", "1"], {}, (_, said) => {
    if (isWritten || !said.includes(": applying")) return;
    isWritten = true;
    for (const file of stacks) fs.appendFileSync(project.path(file), "\n");
  });
  expect(code).toBe(1);
  expect(stderr.match(/^(?:mutual|one-way): error: another run synthesised this stack while/gm)).toHaveLength(2);
  // One of them was at work, and the other one had not begun.
  expect(stderr.match(/: applying/g)).toHaveLength(1);
  expect(await skipped({ SLOW: "20" })).toEqual([]);
});
