import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  closeOutputFolder,
  closeStates,
  removeEmptyFolders,
  removeEmptyStates,
  removeForeignLocks,
  removePlans,
} from "../../scripts/leftovers";

let project: string;
let previousUmask: number;
beforeEach(() => {
  previousUmask = process.umask(0o022);
  project = fs.mkdtempSync(path.join(os.tmpdir(), "leftovers-"));
});
afterEach(() => {
  process.umask(previousUmask);
  fs.rmSync(project, { recursive: true, force: true });
});

function write(name: string, text = ""): string {
  const file = path.join(project, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

const files = () =>
  fs
    .readdirSync(project, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(project, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
const mode = (name: string) => fs.statSync(path.join(project, name)).mode & 0o777;

const EMPTY = JSON.stringify({ version: 4, resources: [] });
const FULL = JSON.stringify({ version: 4, resources: [{ type: "tls_private_key" }] });

test("the plans of all stacks are removed, and nothing else of them", () => {
  for (const name of ["one-way/plan", "mutual/plan", "mutual/cdk.tf.json"]) write(`cdktf.out/stacks/${name}`);

  removePlans(path.join(project, "cdktf.out"));

  expect(files()).toEqual(["cdktf.out/stacks/mutual/cdk.tf.json"]);
});

test("without an output folder there is no plan to remove", () => {
  expect(() => removePlans(path.join(project, "cdktf.out"))).not.toThrow();
});

test.each([
  ["that is not there yet", () => undefined],
  ["that is open", () => fs.mkdirSync(path.join(project, "cdktf.out"), { mode: 0o755 })],
])("an output folder %s is closed to others", (_, prepare) => {
  prepare();
  closeOutputFolder(path.join(project, "cdktf.out"));

  expect(mode("cdktf.out")).toBe(0o700);
});

const SIGNED = 'hashes = [\n "h1:x=",\n "zh:0a",\n]';
const BUILT = 'hashes = [\n "h1:x=",\n]';
test.each([
  ["mirror", []],
  ["registry", ["cdktf.out/stacks/signed/.terraform.lock.hcl"]],
  ["configured", ["cdktf.out/stacks/signed/.terraform.lock.hcl"]],
] as const)("providers from the %s leave the locks %j", (origin, left) => {
  write("cdktf.out/stacks/signed/.terraform.lock.hcl", SIGNED);
  write("cdktf.out/stacks/built/.terraform.lock.hcl", BUILT);

  removeForeignLocks(path.join(project, "cdktf.out"), origin);

  expect(files()).toEqual(left);
});

test("states and their backups are closed to others, other files are not", () => {
  const states = ["terraform.one-way.tfstate", "terraform.one-way.tfstate.backup", "terraform.a.tfstate.17.backup"];
  for (const name of [...states, "terraform.tfvars", "README.md"]) write(name);

  closeStates(project);

  expect(states.map(mode)).toEqual([0o600, 0o600, 0o600]);
  expect(["terraform.tfvars", "README.md"].map(mode)).toEqual([0o644, 0o644]);
});

test("a state without resources goes, with its backups and lock; one with resources keeps all", () => {
  for (const name of ["", ".backup", ".17.backup"]) write(`terraform.one-way.tfstate${name}`, name ? FULL : EMPTY);
  for (const name of ["", ".backup"]) write(`terraform.mutual.tfstate${name}`, FULL);
  write(".terraform.one-way.tfstate.lock.info");
  write("terraform.one-way.tfstate.mine");

  removeEmptyStates(project);

  expect(files()).toEqual([
    "terraform.mutual.tfstate",
    "terraform.mutual.tfstate.backup",
    "terraform.one-way.tfstate.mine",
  ]);
});

test.each(["", "{", "{}", '{"resources":{}}'])("a state that reads %j may hold anything, and stays", (text) => {
  write("terraform.one-way.tfstate", text);

  removeEmptyStates(project);

  expect(files()).toEqual(["terraform.one-way.tfstate"]);
});

test("empty folders go, those above a file stay, and so does the file", () => {
  write("fleet-tls/mutual/fleet/agents/web-1/mine.txt");
  for (const name of ["mutual/fleet/agents/web-2", "one-way/fleet"]) {
    fs.mkdirSync(path.join(project, "fleet-tls", name), { recursive: true });
  }

  removeEmptyFolders(path.join(project, "fleet-tls"));

  expect(fs.readdirSync(path.join(project, "fleet-tls"), { recursive: true }).sort()).toEqual([
    "mutual",
    "mutual/fleet",
    "mutual/fleet/agents",
    "mutual/fleet/agents/web-1",
    "mutual/fleet/agents/web-1/mine.txt",
  ]);
});

test("a folder that is empty throughout goes itself, and one that is not there is no fault", () => {
  fs.mkdirSync(path.join(project, "fleet-tls/a/b"), { recursive: true });

  removeEmptyFolders(path.join(project, "fleet-tls"));
  removeEmptyFolders(path.join(project, "fleet-tls"));

  expect(fs.existsSync(path.join(project, "fleet-tls"))).toBe(false);
});

test("folders behind a link are not ours to remove", () => {
  fs.mkdirSync(path.join(project, "elsewhere/empty"), { recursive: true });
  fs.mkdirSync(path.join(project, "fleet-tls"));
  fs.symlinkSync(path.join(project, "elsewhere"), path.join(project, "fleet-tls/link"));

  removeEmptyFolders(path.join(project, "fleet-tls"));

  expect(fs.existsSync(path.join(project, "elsewhere/empty"))).toBe(true);
});
