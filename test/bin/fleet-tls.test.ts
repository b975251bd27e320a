import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { fleetTls } from "../verify/fleet-fixture";

const empty = mkdtempSync(join(tmpdir(), "fleet-tls-empty-"));
afterAll(() => rmSync(empty, { recursive: true }));

test.each<[string, string[], string]>([
  [
    "no subcommand",
    [],
    "no subcommand is given, allowed are verify, expiring, synth, deploy, assemble, diff, destroy; see fleet-tls --help",
  ],
  ["another subcommand", ["renew"], 'no such subcommand, got "renew", allowed are verify, '],
  ["a misspelt subcommand", ["deplyo"], "; did you mean fleet-tls deploy?\n"],
  ["no directory", ["verify"], "no directory given"],
  ["a directory that is not there", ["verify", join(empty, "x")], "cannot be read: it does not exist (ENOENT)"],
  ["a file for a directory", ["verify", __filename], "not a directory"],
  ["a directory without a host folder", ["expiring", empty], "no host folder"],
  [
    "an unknown option",
    ["verify", "--fast", empty],
    "verify has no option --fast; fleet-tls verify --help lists them\n",
  ],
  [
    "a misspelt option",
    ["verify", "--conect", empty],
    "verify has no option --conect; did you mean --connect? fleet-tls",
  ],
  [
    "an option of another subcommand",
    ["destroy", "--plan-dir=x"],
    "destroy has no option --plan-dir; fleet-tls destroy",
  ],
  [
    "a duration that is none",
    ["verify", "--expiring", "soon", empty],
    'not a duration, got "soon", allowed are such as 30d',
  ],
  ["a version that is none", ["verify", "--stack-version", "latest", empty], "not a version"],
  ["an endpoint that is none", ["verify", "--connect=fleet", empty], "not HOST:PORT"],
  ["a command that is not there", ["verify", "--command", join(empty, "x"), __dirname], "no host folder"],
])("refuses %s with exit code 2", async (_, args, message) => {
  expect(await fleetTls(args)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(message) });
});

test.each([["help"], ["--help"], ["verify", "--help"], ["expiring", "-h"]])(
  "%s %s prints help with its exit codes",
  async (...args) => {
    const { code, out } = await fleetTls(args.filter(Boolean));
    expect(code).toBe(0);
    expect(out).toContain("Exit codes: 0 nothing is");
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
  },
);

test("runs as a program, with its exit code", () => {
  const tsx = join(__dirname, "../../node_modules/.bin/tsx");
  const program = join(__dirname, "../../bin/fleet-tls.ts");
  writeFileSync(join(empty, "es-ca.pem"), "");
  const run = (...args: string[]) => execFileSync(tsx, [program, ...args], { stdio: "pipe" }).toString();
  expect(run("--help")).toContain("fleet-tls verify DIR...");
  expect(() => run("verify", empty)).toThrow(expect.objectContaining({ status: 1 }));
});

test.each(["synth", "deploy", "assemble", "diff", "destroy"])(
  "%s --help prints its options and needs no project",
  async (name) => {
    const { code, out } = await fleetTls([name, "--help"]);
    expect(code).toBe(0);
    expect(out).toContain(`fleet-tls ${name} [`);
  },
);
