import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import type { App } from "cdktf";
import { Fn, TerraformOutput, TerraformVariable } from "cdktf";
import fc from "fast-check";

import { posixShell } from "../../lib/command/render/posix-shell";
import { plain, terraformText } from "../../lib/host/private/terraform-text";
import { inTemporaryFolder, TestStack, withStack } from "../support/apps";
import { asTerraformReads, asHclLiteral, awkwardValue, awkwardValues } from "../support/argument-lists";
import { TerraformProject } from "../support/terraform";

const SHELLS: Readonly<Record<string, readonly string[]>> = {
  sh: ["sh"],
  dash: ["dash"],
  bash: ["bash"],
  "busybox sh": ["busybox", "sh"],
};

/** Reads its arguments like any program: a NUL after each. */
const PRINT = "env printf %s\\\\0";

const isThere = ([program]: readonly string[]): boolean =>
  spawnSync(program as string, ["-c", ":"]).error === undefined;

/** Runs commands in one shell, and answers the arguments of each. */
function argumentsOf(shell: readonly string[], commands: string[]): string[][] {
  const [program, ...args] = shell as [string, ...string[]];
  const script = commands.map((command) => `${command}\necho\n`).join("");
  const output = execFileSync(program, args, { input: script, encoding: "utf8", maxBuffer: 1 << 26 });
  return output
    .split("\0\n")
    .slice(0, -1)
    .map((line) => line.split("\0"));
}

const commandOf = (values: string[]): string =>
  plain(posixShell.manyLines(PRINT, [{ prefix: "install" }, ...values.map((value) => ({ prefix: "--flag=", value }))]));

const expected = (values: string[]): string[] => ["install", ...values.map((value) => `--flag=${value}`)];

test("quotes only where it must", () => {
  const { quote } = posixShell;
  expect(quote("https://fleet.example.com:8220/a_b-c@1%2,+=")).toBe("https://fleet.example.com:8220/a_b-c@1%2,+=");
  expect(quote("")).toBe("''");
  expect(quote("it's")).toBe(`'it'\\''s'`);
  expect(quote("${x} %{if}")).toBe("'${x} %{if}'");
  expect(plain(quote("${x} %{if}"))).toBe("'$${x} %%{if}'");
});

test("a command has its first flag after the subcommand and each other flag on its own line", () => {
  const words = [{ prefix: "install" }, { prefix: "--url=", value: "https://a" }, { prefix: "--force" }];
  expect(posixShell.manyLines("sudo elastic-agent", words)).toBe(
    "sudo elastic-agent install --url=https://a \\\n--force",
  );
  expect(posixShell.oneLine("elastic-agent", words)).toBe("elastic-agent install --url=https://a --force");
});

describe.each(Object.entries(SHELLS))("in %s", (_, shell) => {
  const check = isThere(shell) ? test : test.skip;

  check("any literal arrives as it is", () => {
    const lists = fc.sample(awkwardValues, 300);
    const commands = lists.map((values) => asTerraformReads(commandOf(values)));
    expect(argumentsOf(shell, commands)).toEqual(lists.map(expected));
  });

  check("a variable that is unset or empty stops the command, and another arrives as it is", () => {
    const [program, ...args] = shell as [string, ...string[]];
    const words = [{ prefix: "--token=", environment: "FLEET_TOKEN" }];
    const command = `${asTerraformReads(plain(posixShell.oneLine(PRINT, words)))}\n`;
    const run = (token: string | undefined) =>
      spawnSync(program, args, {
        input: command,
        encoding: "utf8",
        env: { ...process.env, ...(token === undefined ? {} : { FLEET_TOKEN: token }) },
      });
    for (const token of [undefined, ""]) {
      const { status, stdout, stderr } = run(token);
      expect(status).not.toBe(0);
      expect(stdout).toBe("");
      expect(stderr).toContain("FLEET_TOKEN: set it to the token before running this command");
    }
    expect(run(`a 'b' "$c" \\`).stdout).toBe(`--token=a 'b' "$c" \\\0`);
  });
});

describe("through a real apply", () => {
  const values = fc.sample(awkwardValue, 150);
  const project = new TerraformProject();
  let commands: string[];

  function build(app: App): void {
    const stack = new TestStack(app, "quoting");
    const list = new TerraformVariable(stack, "values", { type: "list(string)" }).listValue;
    const words = values.map((literal, index) => ({
      prefix: "--flag=",
      // A token alone, and one between literals.
      value: terraformText(index % 2 === 0 ? element(list, index) : `${literal}${element(list, index)}${literal}`),
    }));
    new TerraformOutput(stack, "commands", { value: words.map((word) => plain(posixShell.oneLine(PRINT, [word]))) });
  }

  const element = (list: string[], index: number): string => Fn.element(list, index) as string;

  beforeAll(async () => {
    project.synth(build);
    await project.apply("quoting", { variables: { values: asHclLiteral(values) } });
    commands = (await project.outputs("quoting"))["commands"]!.value as string[];
  });

  afterAll(() => project.dispose());

  test.each(Object.entries(SHELLS).filter(([, shell]) => isThere(shell)))("any value arrives in %s", (_, shell) => {
    expect(argumentsOf(shell, commands)).toEqual(
      values.map((value, index) => [`--flag=${index % 2 === 0 ? value : `${value}${value}${value}`}`]),
    );
  });
});

test("a script hands the files to one group, or else to one user, and opens nothing else", () => {
  withStack(() => {
    const handover = { directory: "/certs", secretPaths: ["/certs/a key.pem"], publicPaths: ["/certs/ca.pem"] };
    const lines = (more: object): string[] =>
      plain(posixShell.script("run", { ...handover, ...more }))
        .split("\n")
        .slice(3, -2);
    expect(posixShell.script("run")).toBe("#!/bin/sh\nset -eu\nrun\n");
    expect(lines({})).toEqual([]);
    expect(lines({ user: "fleet", group: "elastic" })).toEqual([
      "chgrp elastic /certs '/certs/a key.pem' /certs/ca.pem",
      "chmod 0750 /certs",
      "chmod 0640 '/certs/a key.pem'",
      "chmod 0644 /certs/ca.pem",
    ]);
    expect(lines({ user: "fleet", secretPaths: [] })).toEqual([
      "chown fleet /certs /certs/ca.pem",
      "chmod 0700 /certs",
      "chmod 0644 /certs/ca.pem",
    ]);
  });
});

(process.getuid?.() === 0 ? test : test.skip)(
  "the account can read what it was handed, and nothing else (as root)",
  () => {
    inTemporaryFolder((folder) => {
      const directory = path.join(folder, "it's certs");
      const file = (name: string, mode: number): string => {
        fs.mkdirSync(directory, { recursive: true });
        fs.writeFileSync(path.join(directory, name), name, { mode });
        return path.join(directory, name);
      };
      const [key, other, certificate] = [file("key.pem", 0o600), file("other-key.pem", 0o600), file("cert.pem", 0o644)];
      fs.chmodSync(folder, 0o755);
      fs.chmodSync(directory, 0o700);
      const readable = (user: string, name: string): boolean =>
        spawnSync("setpriv", [`--reuid=${user}`, `--regid=${user}`, "--clear-groups", "cat", name]).status === 0;
      const run = (account: object): number | null => {
        const handover = { directory, secretPaths: [key], publicPaths: [certificate], ...account };
        return spawnSync("sh", { input: asTerraformReads(plain(posixShell.script("true", handover))) }).status;
      };

      expect([key, certificate].some((name) => readable("12345", name))).toBe(false);
      expect(run({ group: "12345" })).toBe(0);
      expect([key, other, certificate].map((name) => readable("12345", name))).toEqual([true, false, true]);
      expect([key, other, certificate].map((name) => readable("23456", name))).toEqual([false, false, false]);

      expect(run({ user: "23456" })).toBe(0);
      expect([key, other, certificate].map((name) => readable("23456", name))).toEqual([true, false, true]);
      expect(readable("12345", key)).toBe(false);
      expect(run({ group: "no-such-group" })).not.toBe(0);
    });
  },
);
