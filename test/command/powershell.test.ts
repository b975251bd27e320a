import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";

import type { App } from "cdktf";
import { Fn, TerraformOutput, TerraformVariable } from "cdktf";
import fc from "fast-check";
import type { Node } from "web-tree-sitter";
import { Language, Parser } from "web-tree-sitter";

import { powershell } from "../../lib/command/render/powershell";
import { plain, terraformText } from "../../lib/host/private/terraform-text";
import { inTemporaryFolder, TestStack } from "../support/apps";
import { asHclLiteral, asTerraformReads, awkwardValue, awkwardValues } from "../support/argument-lists";
import { TerraformProject } from "../support/terraform";
import {
  legacyCommandLine,
  receivedArguments,
  singleQuoted,
  standardCommandLine,
  windowsArguments,
} from "../support/windows-arguments";

const LEGACY = "& { $PSNativeCommandArgumentPassing = 'Legacy'; ";

const hasPwsh = spawnSync("pwsh", ["-v"]).error === undefined;

const commandOf = (values: string[]): string =>
  plain(
    powershell.manyLines(".\\elastic-agent.exe", [
      { prefix: "install" },
      ...values.map((value) => ({ prefix: "--flag=", value })),
    ]),
  );

let parser: Parser;

beforeAll(async () => {
  await Parser.init();
  parser = new Parser();
  const grammar = fs.readFileSync(require.resolve("tree-sitter-powershell/tree-sitter-powershell.wasm"));
  parser.setLanguage(await Language.load(grammar));
});

function parses(command: string): Node {
  const root = parser.parse(command)!.rootNode;
  expect(root.hasError).toBe(false);
  return root;
}

test("every argument is wholly single-quoted, one a line", () => {
  expect(commandOf(["https://fleet.example.com:8220", "it's ‘so’", "${x}"])).toBe(
    [
      ".\\elastic-agent.exe install '--flag=https://fleet.example.com:8220' `",
      "'--flag=it''s ‘‘so’’' `",
      "'--flag=$${x}'",
    ].join("\n"),
  );
  expect(powershell.oneLine("elastic-agent", [{ prefix: "install" }, { prefix: "--force" }])).toBe(
    "elastic-agent install '--force'",
  );
});

test("an argument that PowerShell 5.1 would break is quoted twice", () => {
  expect(commandOf(['say "so"\\'])).toBe(`${LEGACY}.\\elastic-agent.exe install '"--flag=say \\"so\\"\\\\"' }`);
  expect(commandOf(["C:\\with blank\\"])).toBe(`${LEGACY}.\\elastic-agent.exe install '"--flag=C:\\with blank\\\\"' }`);
  expect(commandOf(["C:\\without\\"])).toBe(".\\elastic-agent.exe install '--flag=C:\\without\\'");
});

test("the re-implementation breaks what PowerShell 5.1 breaks", () => {
  expect(windowsArguments(legacyCommandLine(['a"b', "c d\\", "e"], false))).toEqual(["ab c", 'd"', "e"]);
  expect(windowsArguments(standardCommandLine(['a"b', "c d\\", "e", ""]))).toEqual(['a"b', "c d\\", "e", ""]);
});

test("any literal arrives in every PowerShell (by re-implementation)", () => {
  fc.assert(
    fc.property(awkwardValues, (values) => {
      for (const args of receivedArguments(asTerraformReads(commandOf(values)))) {
        expect(args).toEqual(values.map((value) => `--flag=${value}`));
      }
    }),
    { numRuns: 1000 },
  );
});

test("commands are PowerShell by its grammar", () => {
  // The grammar does not know typographic quotes as quotes; blanks other than ASCII it takes apart.
  const values = fc
    .sample(awkwardValues, 100)
    .map((list) => list.map((value) => value.replace(/[‘’‚‛“”„\u00a0]/g, "")));
  for (const command of values.map((list) => asTerraformReads(commandOf(list)))) {
    parses(command);
  }
});

describe("a variable of the shell", () => {
  const install = (word: object): string =>
    plain(powershell.manyLines("elastic-agent", [{ prefix: "install" }, { prefix: "--flag=", ...word }]));
  const token = install({ environment: "FLEET_TOKEN" });
  const password = install({ environment: "SECRET", isPassword: true });

  test("stops the command where it is unset, empty or no token", () => {
    expect(token).toBe(
      "elastic-agent install ('--flag=' + $(if ($env:FLEET_TOKEN -match '^[!#-\\[\\]-~]+\\z') " +
        "{ $env:FLEET_TOKEN } else { throw 'set FLEET_TOKEN to the token before running this command' }))",
    );
    parses(token);
    for (const value of ["", "a b", 'a"b', "a\\b", "é", "a\n"]) {
      expect(() => receivedArguments(token, { FLEET_TOKEN: value })).toThrow("set FLEET_TOKEN to the token");
    }
    expect(() => receivedArguments(token)).toThrow("set FLEET_TOKEN to the token");
    for (const value of ["AAEAAWVsYXN0aWM=", "a.b-c_d~e"]) {
      expect(receivedArguments(token, { FLEET_TOKEN: value })).toEqual(Array(3).fill([`--flag=${value}`]));
    }
  });

  test("is any text where it contains a password (by re-implementation)", () => {
    parses(password);
    expect(() => receivedArguments(password, { SECRET: "" })).toThrow("set SECRET to the password");
    fc.assert(
      fc.property(
        awkwardValue.filter((value) => value !== ""),
        (value) => {
          expect(receivedArguments(password, { SECRET: value })).toEqual(Array(3).fill([`--flag=${value}`]));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test("a script protects the files as 0600 does, and lets the agent's account read what the command names", () => {
  const handover = { directory: "C:\\it's\\", secretPaths: ["C:\\it's\\key.pem"], publicPaths: ["C:\\it's\\ca.pem"] };
  const [first, ...rest] = plain(powershell.script("run", handover)).split("\n");
  expect(first).toBe("\uFEFFtrap { Write-Host $_; exit 1 }");
  expect(rest).toEqual([
    "function Check { if ($LASTEXITCODE -ne 0) { throw 'icacls could not protect the files' } }",
    "$directory = 'C:\\it''s\\'.TrimEnd('\\/')",
    "icacls $directory /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null; Check",
    "foreach ($file in 'C:\\it''s\\key.pem') {",
    "  icacls $file /inheritance:r /grant:r '*S-1-5-18:F' '*S-1-5-32-544:F' | Out-Null; Check",
    "}",
    "run",
    "exit $LASTEXITCODE",
    "",
  ]);
  parses(plain(powershell.script("run", handover)).slice(1));

  const shared = plain(powershell.script("run", { ...handover, user: "DOMAIN\\fleet" }));
  expect(shared).toContain("$account = 'DOMAIN\\fleet'\n");
  expect(shared).toContain("'*S-1-5-32-544:(OI)(CI)F' ($account + ':(RX)') | Out-Null; Check");
  expect(shared).toContain("foreach ($file in 'C:\\it''s\\ca.pem', 'C:\\it''s\\key.pem') {");
  expect(shared).toContain("'*S-1-5-32-544:F' ($account + ':(R)') | Out-Null; Check");
  parses(shared.slice(1));
  parses(plain(powershell.script("run", { ...handover, secretPaths: [] })).slice(1));
});

describe("through a real apply", () => {
  const values = fc.sample(awkwardValue, 150);
  const project = new TerraformProject();

  const element = (list: string[], index: number): string => Fn.element(list, index) as string;

  function build(app: App): void {
    const stack = new TestStack(app, "quoting");
    const list = new TerraformVariable(stack, "values", { type: "list(string)" }).listValue;
    const words = values.map((literal, index) => ({
      prefix: "--flag=",
      value: terraformText(index % 2 === 0 ? element(list, index) : `${literal}${element(list, index)}${literal}`),
    }));
    new TerraformOutput(stack, "commands", {
      value: words.map((word) => plain(powershell.oneLine("agent", [{ prefix: "install" }, word]))),
    });
    new TerraformOutput(stack, "strings", {
      value: values.map((_, index) => plain(powershell.quote(terraformText(element(list, index))))),
    });
  }

  afterAll(() => project.dispose());

  test("any value arrives in every PowerShell (by re-implementation)", async () => {
    project.synth(build);
    await project.apply("quoting", { variables: { values: asHclLiteral(values) } });
    const outputs = await project.outputs("quoting");
    const wanted = values.map((value, index) => [`--flag=${index % 2 === 0 ? value : value.repeat(3)}`]);
    const commands = outputs["commands"]!.value as string[];
    for (const passing of [0, 1, 2]) {
      expect(commands.map((command) => receivedArguments(command)[passing])).toEqual(wanted);
    }
    expect((outputs["strings"]!.value as string[]).map(singleQuoted)).toEqual(values);
  });
});

(hasPwsh ? test : test.skip)("any literal arrives in pwsh", () => {
  inTemporaryFolder((folder) => {
    const script = `${folder}/print.mjs`;
    fs.writeFileSync(script, "process.stdout.write(JSON.stringify(process.argv.slice(2)) + '\\n');");
    const lists = fc.sample(awkwardValues, 50);
    const commands = lists.map((values) =>
      asTerraformReads(
        plain(
          powershell.oneLine(
            `node '${script}'`,
            values.map((value) => ({ prefix: "--flag=", value })),
          ),
        ),
      ),
    );
    const output = execFileSync("pwsh", ["-NoProfile", "-Command", "-"], { input: `${commands.join("\n")}\n` });
    const lines = output.toString().trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      lists.map((values) => values.map((value) => `--flag=${value}`)),
    );
  });
});
