import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { LocalState } from "../../deploy/private/local-state";
import { Processes } from "../../deploy/private/processes";
import { Stack } from "../../deploy/private/stack";
import { Terraform } from "../../deploy/private/terraform";
import { recoverState } from "../support/recover-state";

const STATE = "terraform.mutual.tfstate";
let project: string;
let lines: string[];
beforeEach(() => {
  project = fs.mkdtempSync(path.join(os.tmpdir(), "state-recovery-"));
  lines = [];
});
afterEach(() => fs.rmSync(project, { recursive: true, force: true }));

const write = (name: string, text: string) => fs.writeFileSync(path.join(project, name), text);
const read = (name: string) => fs.readFileSync(path.join(project, name), "utf8");
const environment = (env: NodeJS.ProcessEnv) => ({
  ...{ ...process.env, TF_CLI_CONFIG_FILE: "", CHECKPOINT_DISABLE: "1" },
  ...env,
});
const findTerraform = (env: NodeJS.ProcessEnv) => Terraform.find(new Processes(), environment(env), project);
const recover = async (file = STATE, env: NodeJS.ProcessEnv = {}) => {
  const said = await recoverState(path.join(project, file), environment(env));
  if (said !== undefined) lines.push(said);
};

function state(serial: number, value = "kept"): string {
  const outputs = { what: { value, type: "string" } };
  const lineage = "7c6d2d5e-7cf5-4a37-8d9f-1f1f0e0f5b11";
  return JSON.stringify({ version: 4, terraform_version: "1.5.7", serial, lineage, outputs, resources: [] });
}

test("a complete state is left unchanged, even next to other files", async () => {
  write(STATE, state(7));
  write(`${STATE}.backup`, state(3, "older"));
  await recover();
  expect(read(STATE)).toBe(state(7));
  expect(lines).toEqual([]);
});

test.each([
  ["empty", ""],
  ["cut off", state(8).slice(0, 100)],
])("a state that is %s becomes what it was before the run that broke it", async (_, broken) => {
  write(STATE, broken);
  write(`${STATE}.backup`, state(7));
  await recover();
  expect(JSON.parse(read(STATE)).outputs.what.value).toBe("kept");
  expect(JSON.parse(read(STATE)).serial).toBeGreaterThan(6);
  expect(lines).toEqual([`${STATE} was lost when Terraform was killed: restored to the state before that run`]);
});

test("a state that OpenTofu encrypted is left unchanged, and not read", async () => {
  const encrypted = JSON.stringify({ serial: 7, meta: {}, encrypted_data: "c2VjcmV0", encryption_version: "v0" });
  write(STATE, encrypted);
  write(`${STATE}.backup`, encrypted);
  await recover();
  expect(read(STATE)).toBe(encrypted);
  expect(lines).toEqual([]);
  expect(new LocalState(path.join(project, STATE)).read()).toBeUndefined();
});

test("a state is read whole or not at all", () => {
  const readState = () => new LocalState(path.join(project, STATE)).read();
  expect(readState()).toBeUndefined();
  write(STATE, "");
  expect(readState()).toBeUndefined();
  write(STATE, state(7).slice(0, 100));
  expect(readState()).toBeUndefined();
  write(STATE, state(7));
  expect(readState()).toBe(state(7));
});

test("what is left of a state is kept, closed to others, for it may be the only copy of a key", async () => {
  write(STATE, '{"version": 4, "private_key_pem": "');
  await recover();
  expect(read(STATE)).toBe("");
  const kept = fs.readdirSync(project).filter((name) => /^terraform\.mutual\.tfstate\.\d+\.backup$/.test(name));
  expect(kept.map(read)).toEqual(['{"version": 4, "private_key_pem": "']);
  expect(fs.statSync(path.join(project, kept[0]!)).mode & 0o777).toBe(0o600);
  expect(lines).toEqual([expect.stringMatching(/this deploy starts with an empty state$/)]);
});

const stackOf = (local: object) =>
  new Stack(
    "mutual",
    project,
    [],
    JSON.stringify({ terraform: { backend: { local } }, output: { what: { value: "kept" } } }),
  );

test.each([
  [{ path: STATE }, "terraform.tfstate.d/staging/terraform.tfstate"],
  [{ path: STATE, workspace_dir: "states" }, "states/staging/terraform.tfstate"],
])("the state of a workspace with the backend %j is what Terraform writes to %s", async (backend, file) => {
  const terraform = await findTerraform({ TF_WORKSPACE: "staging" });
  const stack = stackOf(backend);
  write("cdk.tf.json", stack.text);
  for (const args of [["init"], ["apply", "-auto-approve"]]) {
    const { code, stderr } = await terraform.read(stack, [...args, "-input=false", "-no-color"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  }
  expect(stack.localState("staging")).toBe(path.join(project, file));
  expect(LocalState.of(terraform, stack)!.read()).toContain("kept");
});

test("the workspace is that of the environment, else the one that was selected, else the default one", async () => {
  const workspace = async (env: NodeJS.ProcessEnv) => (await findTerraform(env)).workspace(stackOf({}));
  expect(await workspace({})).toBe("default");
  fs.mkdirSync(path.join(project, ".terraform"));
  write(".terraform/environment", "live\n");
  expect(await workspace({})).toBe("live");
  expect(await workspace({ TF_WORKSPACE: "staging" })).toBe("staging");
  expect(await workspace({ TF_DATA_DIR: "data" })).toBe("default");
  const remote = new Stack("remote", project, [], '{"terraform":{"backend":{"s3":{}}}}');
  expect(LocalState.of(await findTerraform({}), remote)).toBeUndefined();
});

test("a broken state of a workspace becomes what it was, and the default workspace's is left unchanged", async () => {
  const inWorkspace = "terraform.tfstate.d/staging/terraform.tfstate";
  fs.mkdirSync(path.dirname(path.join(project, inWorkspace)), { recursive: true });
  write(STATE, state(3, "of the default workspace"));
  write(inWorkspace, "");
  write(`${inWorkspace}.backup`, state(7));
  await recover(inWorkspace, { TF_WORKSPACE: "staging", TF_DATA_DIR: path.join(project, "data") });
  expect(fs.existsSync(path.join(project, "data"))).toBe(false);
  expect(JSON.parse(read(inWorkspace)).outputs.what.value).toBe("kept");
  expect(read(STATE)).toBe(state(3, "of the default workspace"));
  expect(lines).toEqual([expect.stringMatching(/restored to the state before that run$/)]);
});

// A lock of POSIX, as Terraform's own, which Node cannot take.
const withPython = spawnSync("python3", ["-c", "import fcntl"]).status === 0 ? test : test.skip;

withPython("the state of a deploy that runs is not touched: Terraform has the lock", async () => {
  write(STATE, "");
  write(`${STATE}.backup`, state(7));
  const hold =
    "import fcntl,sys;f=open(sys.argv[1],'r+');fcntl.lockf(f,fcntl.LOCK_EX);print(1,flush=True);sys.stdin.read()";
  const holder = spawn("python3", ["-c", hold, path.join(project, STATE)]);
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  try {
    await expect(recover()).rejects.toThrow(/let it finish, then try again: [^]*acquiring the state lock/);
    expect(read(STATE)).toBe("");
  } finally {
    holder.kill();
  }
});

test("an empty state that no run has written into yet is no loss", async () => {
  new LocalState(path.join(project, STATE)).close();
  fs.rmSync(path.join(project, `${STATE}.backup`));
  await recover();
  expect(lines).toEqual([]);
});

test("the files that Terraform will write are there, closed to others, and go again if it does not", () => {
  const local = new LocalState(path.join(project, STATE));
  local.close();
  const modes = [STATE, `${STATE}.backup`].map((name) => fs.statSync(path.join(project, name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o600]);
  local.tidy();
  expect(fs.readdirSync(project)).toEqual([]);
});

test("a state without resources is removed, and a backup is named by the time of the destroy", () => {
  write(STATE, state(9));
  write(`${STATE}.backup`, state(8));
  const kept = new LocalState(path.join(project, STATE)).retire(new Date("2026-01-02T03:04:05Z"));
  expect(kept).toBe(path.join(project, `${STATE}.20260102T030405Z.backup`));
  expect(fs.readFileSync(kept!, "utf8")).toBe(state(8));
  expect(fs.readdirSync(project)).toEqual([path.basename(kept!)]);
});

test.each(["", "{", "{}", '{"resources":{}}', '{"resources":[{}]}'])("a state that reads %j stays", (text) => {
  write(STATE, text);
  expect(new LocalState(path.join(project, STATE)).retire(new Date())).toBeUndefined();
  expect(read(STATE)).toBe(text);
});
