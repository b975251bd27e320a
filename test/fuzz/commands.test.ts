import { execFileSync } from "node:child_process";

import fc from "fast-check";

import { readHostCommand } from "../../verify/host-command";
import { posixCommands } from "../../lib/command/parse/posix-commands";
import { powershellCommands } from "../../lib/command/parse/powershell-commands";
import type { ShellWord } from "../../lib/command/parse/shell-word";
import { CommandError } from "../../lib/command/parse/shell-word";
import { posixShell } from "../../lib/command/render/posix-shell";
import { powershell } from "../../lib/command/render/powershell";
import { plain } from "../../lib/host/private/terraform-text";
import { StackVersion } from "../../lib/command/stack-version";
import { AGENT_COMMAND, SERVER_COMMAND } from "../verify/fleet-fixture";
import { asTerraformReads, awkwardValues } from "../support/argument-lists";
import { damagedText } from "./damage";
import { fuzz } from "./fuzz";

const SECRET = "hunter2-hunter2";

const POWERSHELL_COMMAND = [
  "\ufefftrap { Write-Host $_; exit 1 }",
  "& { $PSNativeCommandArgumentPassing = 'Legacy'; .\\elastic-agent.exe install `",
  "'--url=https://fleet.example.com:8220' '--certificate-authorities=C:\\certs\\fleet-ca.pem' `",
  "('--enrollment-token=' + $(if ($env:TOKEN -match '^[!#-\\[\\]-~]+\\z') { $env:TOKEN } else { throw 'set it' })) `",
  "'\"--header=a=b \\\"c\\\"\"' '--non-interactive' }",
  "exit $LASTEXITCODE",
].join("\r\n");

const CONTAINER = `FLEET_URL=https://fleet.example.com:8220\nFLEET_CA=/certs/fleet-ca.pem\nFLEET_ENROLLMENT_TOKEN\n`;

const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  "install-command.sh": [SERVER_COMMAND, AGENT_COMMAND],
  "install-command.ps1": [POWERSHELL_COMMAND],
  "container.env": [CONTAINER],
};

const AWKWARD = "'\"\\$`{}()<>|;&#=,- \n\r\t\0é‘”\ufeff*?~";

const pieces = (...some: string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...some), { maxLength: 14 }).map((parts) => parts.join(""));

function readOrRefused(read: () => ShellWord[][]): ShellWord[][] | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(CommandError);
    return undefined;
  }
}

fuzz("scripts of POSIX shells", {
  percent: 4,
  input: fc.oneof(
    pieces("'", '"', "\\", "$", "${", "$(", "`", "}", ")", "<<", "<<-", "E", "\n", "|", ">", "2>&1", "#", " ", "x"),
    damagedText([SERVER_COMMAND, AGENT_COMMAND], AWKWARD),
    fc.string({ unit: "binary" }),
  ),
  holds: (script) => {
    const commands = readOrRefused(() => posixCommands(script)) ?? [];
    for (const words of commands) expect(words.length).toBeGreaterThan(0);
  },
});

const word = pieces("a", " ", "'", "'b c'", '"', '"d e"', "\\", "\\'", "\\\n", "=", ",", "/", "#", "é", '"\\$x"', "~a");

fuzz("words as sh reads them", {
  // Each starts a process.
  percent: 1,
  input: word,
  holds: (text) => {
    const script = `printf '%s\\0' x ${text}`;
    const commands = readOrRefused(() => posixCommands(script));
    // An escaped backslash before a newline ends the command: the next line would be another program.
    if (commands === undefined || commands.length > 1) return;
    const theirs = execFileSync("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] }).toString();
    expect(commands[0]!.slice(2).map((one) => one.text)).toEqual(theirs.split("\0").slice(0, -1));
  },
});

fuzz("scripts of PowerShell", {
  percent: 4,
  input: fc.oneof(
    pieces("'", '"', "`", "$", "${", "$(", "}", ")", "(", "<#", "#>", "\n", "|", ",", "’", "”", " ", "x", "throw"),
    damagedText([POWERSHELL_COMMAND], AWKWARD),
    fc.string({ unit: "binary" }),
  ),
  holds: (script) => {
    readOrRefused(() => powershellCommands(script));
  },
});

/** Inputs are one text; the values of several arguments are a JSON of it. */
const values = awkwardValues.map((list) => JSON.stringify(list));

fuzz("what the constructs write for POSIX shells is read back", {
  percent: 3,
  input: values,
  holds: (json) => {
    const list = JSON.parse(json) as string[];
    const words = list.map((value) => ({ prefix: "--flag=", value }));
    for (const write of [posixShell.oneLine, posixShell.manyLines]) {
      const script = plain(posixShell.script(write("./elastic-agent", [{ prefix: "install" }, ...words])));
      const command = posixCommands(asTerraformReads(script)).at(-1)!;
      expect(command.map(({ text }) => text).slice(2)).toEqual(list.map((value) => `--flag=${value}`));
      expect(command.some(({ splits, references }) => splits || references.length > 0)).toBe(false);
    }
  },
});

fuzz("what the constructs write for PowerShell is read back", {
  percent: 3,
  input: values,
  holds: (json) => {
    const list = JSON.parse(json) as string[];
    const words = list.map((value) => ({ prefix: "--flag=", value }));
    for (const write of [powershell.oneLine, powershell.manyLines]) {
      const script = plain(powershell.script(write(".\\elastic-agent.exe", [{ prefix: "install" }, ...words])));
      const commands = powershellCommands(asTerraformReads(script).replace(/^\ufeff/, ""));
      const command = commands.find(([first]) => first!.text === ".\\elastic-agent.exe")!;
      expect(command.map(({ text }) => text).slice(2)).toEqual(list.map((value) => `--flag=${value}`));
      expect(command.some(({ splits, references }) => splits || references.length > 0)).toBe(false);
    }
  },
});

fuzz("install commands and env files of containers", {
  percent: 4,
  input: fc.constantFrom(...Object.keys(SCRIPTS)).chain((name) => {
    const scripts = SCRIPTS[name]!.map((script) => script.replace(/TOKEN\n|"\$\{FLEET[^"]*"/, `TOKEN=${SECRET}\n`));
    return damagedText([...SCRIPTS[name]!, ...scripts], AWKWARD).map((script) => `${name}\n${script}`);
  }),
  holds: (input) => {
    const end = input.indexOf("\n");
    const [name, script] = [input.slice(0, end), input.slice(end + 1)];
    const { command, findings, containsSecret } = readHostCommand(name, script, StackVersion.LATEST);
    expect(JSON.stringify(findings)).not.toContain(SECRET);
    if (command === undefined) expect(findings.length).toBeGreaterThan(0);
    // The mode of a file that may contain a secret is checked.
    if (/enrollment-token=hunter2-hunter2/.test(script) && findings.length === 0) expect(containsSecret).toBe(true);
  },
});
