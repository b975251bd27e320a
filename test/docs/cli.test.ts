import * as fs from "node:fs";
import * as path from "node:path";

import { run } from "../../bin/fleet-tls";
import { SUBCOMMANDS } from "../../scripts/cli-page";

const ROOT = path.join(__dirname, "..", "..");
const PAGE = fs.readFileSync(path.join(ROOT, "docs", "cli.md"), "utf8");

async function fleetTls(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const printed = { out: "", err: "" };
  const io = {
    out: (text: string) => (printed.out += text),
    err: (text: string) => (printed.err += text),
    now: new Date(),
    env: {},
  };
  return { code: await run(args, io), ...printed };
}

/** The long options of a text, without those of sentences about other programs. */
function optionsIn(help: string): string[] {
  return [...new Set([...help.matchAll(/^ +--([a-z-]+)/gm)].map(([, name]) => name!))];
}

/** Names of the options that a source file hands to parseArgs. */
function parsedOptions(file: string): string[] {
  const source = fs.readFileSync(path.join(ROOT, file), "utf8");
  return [...source.matchAll(/^ +"?([a-z-]+)"?: \{ type: "(?:string|boolean)"/gm)].map(([, name]) => name!);
}

/** A usable value for a placeholder of a help. */
const VALUES: Readonly<Record<string, string>> = {
  N: "1",
  DURATION: "12h",
  "NAME=VALUE": "A=b",
  X: "9.5.2",
  CHECK: "6",
};

test("the page has every subcommand that the program names", async () => {
  const { err } = await fleetTls("no-such-subcommand");
  const names = /allowed are ([^;]*);/.exec(err)![1]!.split(", ");
  expect(Object.keys(SUBCOMMANDS).sort()).toEqual(names.sort());
});

describe.each(Object.keys(SUBCOMMANDS))("%s", (name) => {
  test("its --help is on the page", async () => {
    const { code, out } = await fleetTls(name, "--help");
    expect(code).toBe(0);
    expect(PAGE).toContain(`\n${out.trimEnd()}\n`);
  });

  test("every option of its help is accepted, and another one is not", async () => {
    const { out } = await fleetTls(name, "--help");
    for (const option of optionsIn(out)) {
      const [, placeholder] = new RegExp(`--${option}(?:, -.)? ([A-Z=|]+)`).exec(out) ?? [];
      const value = placeholder === undefined ? [] : [VALUES[placeholder] ?? "x"];
      expect([option, (await fleetTls(name, `--${option}`, ...value, "--help")).code]).toEqual([option, 0]);
    }
    expect((await fleetTls(name, "--no-such-option", "--help")).code).toBe(2);
  });
});

test.each([
  ["bin/verify.ts", ["verify"]],
  ["bin/expiring.ts", ["expiring"]],
  ["deploy/private/options.ts", ["synth", "diff", "deploy", "assemble", "destroy"]],
])("every option that %s reads is in a help", async (file, names) => {
  const helps = await Promise.all(names.map(async (name) => (await fleetTls(name, "--help")).out));
  const documented = new Set([...helps.join("\n").matchAll(/--([a-z-]+)/g)].map(([, name]) => name!));
  const parsed = parsedOptions(file).filter((name) => name !== "help");
  expect(parsed.length).toBeGreaterThan(0);
  expect(parsed.filter((name) => !documented.has(name))).toEqual([]);
});
