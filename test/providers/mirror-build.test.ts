import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { MirrorBuild } from "../../providers/mirror-build";
import { fakeGo } from "./fake-go";

let folder: string;
let mirror: string;
let modules: string;
let PATH: string;
const silent = () => undefined;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "mirror-build-"));
  mirror = path.join(folder, "mirror");
  modules = path.join(folder, "modules");
  PATH = fakeGo(folder);
  for (const name of ["tls", "local"]) {
    fs.cpSync(path.join(__dirname, "../../providers", name), path.join(modules, name), { recursive: true });
  }
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const build = () => new MirrorBuild(mirror, modules);
const run = () => build().run({ PATH }, silent);

function binaries(): string[] {
  const files = fs.readdirSync(mirror, { recursive: true, encoding: "utf8" });
  return files.filter((file) => path.basename(file).startsWith("terraform-provider-")).sort();
}

function changeOneByte(file: string): void {
  const { atime, mtime } = fs.statSync(file);
  const bytes = fs.readFileSync(file);
  bytes[0]! ^= 1;
  fs.writeFileSync(file, bytes);
  fs.utimesSync(file, atime, mtime);
}

test("a build contains both providers under both registries' names", async () => {
  await run();

  expect(build().isComplete()).toBe(true);
  expect(binaries().map((file) => file.split(path.sep).slice(1, 5).join("/"))).toEqual([
    "registry.opentofu.org/hashicorp/local/2.9.0",
    "registry.opentofu.org/hashicorp/tls/4.1.0",
    "registry.terraform.io/hashicorp/local/2.9.0",
    "registry.terraform.io/hashicorp/tls/4.1.0",
  ]);
});

test("the configuration file names the mirror for the two providers and no other", async () => {
  await run();

  const text = fs.readFileSync(build().configFile, "utf8");
  expect(path.isAbsolute(build().configFile)).toBe(true);
  expect(text).toContain(`path    = "${path.join(mirror, binaries()[0]!.split(path.sep)[0]!)}"`);
  expect(text.match(/"[^"]+\/hashicorp\/[^"]+"/g)).toEqual(
    Array(2)
      .fill([
        '"registry.terraform.io/hashicorp/tls"',
        '"registry.opentofu.org/hashicorp/tls"',
        '"registry.terraform.io/hashicorp/local"',
        '"registry.opentofu.org/hashicorp/local"',
      ])
      .flat(),
  );
});

test("a mirror that was never built is not complete", () => {
  expect(build().isComplete()).toBe(false);
});

test("a build that was killed half-way is not taken for a mirror", async () => {
  await run();
  const [contents] = fs.readdirSync(mirror).filter((name) => name !== "terraform.rc");
  fs.renameSync(path.join(mirror, contents!), path.join(mirror, `${contents}.1.building`));

  expect(build().isComplete()).toBe(false);
});

test.each([
  ["is missing", (file: string) => fs.rmSync(file)],
  ["is cut short", (file: string) => fs.truncateSync(file, 3)],
  ["has one changed byte, with its length and its time as before", changeOneByte],
])("a mirror of which a binary %s is built again", async (_, damage) => {
  await run();
  const whole = binaries();
  damage(path.join(mirror, whole[0]!));
  expect(build().isComplete()).toBe(false);

  await run();

  expect(build().isComplete()).toBe(true);
  expect(binaries()).toEqual(whole);
});

test.each(["go.mod", "go.sum"])("a changed %s asks for another build", async (file) => {
  await run();

  fs.appendFileSync(path.join(modules, "tls", file), "\n");

  expect(build().isComplete()).toBe(false);
});

test("builders that run at once end with one mirror and no leftovers", async () => {
  await Promise.all([run(), run(), run()]);

  expect(build().isComplete()).toBe(true);
  expect(binaries()).toHaveLength(4);
  expect(fs.readdirSync(mirror)).toHaveLength(2);
});

test("what a killed builder left an hour ago is removed, what a living one writes is not", async () => {
  const [abandoned, living] = ["a.building", "b.building"].map((name) => path.join(mirror, name));
  for (const left of [abandoned!, living!]) fs.mkdirSync(left, { recursive: true });
  fs.utimesSync(abandoned!, 0, 0);

  await run();

  expect(fs.existsSync(abandoned!)).toBe(false);
  expect(fs.existsSync(living!)).toBe(true);
});

test("a mirror in a checkout that was moved is named by its new path", async () => {
  await run();
  const moved = path.join(folder, "moved");
  fs.renameSync(mirror, moved);

  expect(new MirrorBuild(moved, modules).isComplete()).toBe(true);
  expect(fs.readFileSync(path.join(moved, "terraform.rc"), "utf8")).toContain(`path    = "${moved}`);
});

test("a failing build names the provider, shows the end of Go's output, and leaves no files", async () => {
  const failing = build().run({ PATH: fakeGo(folder, "fails") }, silent);

  await expect(failing).rejects.toThrow(
    /^the Terraform provider in .*tls cannot be built with Go: go build ended with 1\n/,
  );
  await expect(failing).rejects.toThrow(/\nline 26\n(.*\n)+line 40$/);
  await expect(failing).rejects.not.toThrow(/\nline 25\n/);
  expect(fs.readdirSync(mirror)).toEqual([]);
});
