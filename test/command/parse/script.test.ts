import { cmdCommands } from "../../../lib/command/parse/cmd-commands";
import { scriptCommands, shellOf } from "../../../lib/command/parse/script";
import type { Shell } from "../../../lib/command/parse/script";
import { CommandError } from "../../../lib/command/parse/shell-word";
import { windowsArguments } from "../../../lib/command/parse/windows-arguments";

const texts = (commands: ReturnType<typeof cmdCommands>) => commands.map((words) => words.map(({ text }) => text));

test.each<[string, string, string[][]]>([
  ["words", "a  b\tc", [["a", "b", "c"]]],
  ["double quotes", 'a "b c" --d="e f"', [["a", "b c", "--d=e f"]]],
  ["single quotes as text", "a 'b c'", [["a", "'b", "c'"]]],
  ["continued lines", "a ^\n  --b=c ^\r\n  --d", [["a", "--b=c", "--d"]]],
  ["escapes", "a b^&c ^^ d", [["a", "b&c", "^", "d"]]],
  ["escapes in quotes as text", 'a "b^c"', [["a", "b^c"]]],
  ["separators", "a & b && c | d || e", [["a"], ["b"], ["c"], ["d"], ["e"]]],
  ["redirections", "a b >nul 2>&1 < x c", [["a", "b", "c"]]],
  ["comments and labels", "@echo off\nrem it's\n:: no\n:end\n@a b", [["a", "b"]]],
  [
    "blocks",
    "if defined T (\n a b\n)",
    [
      ["if", "defined", "T"],
      ["a", "b"],
    ],
  ],
  ["percent signs", "a 100%%", [["a", "100%"]]],
])("cmd.exe: reads %s", (_, script, commands) => {
  expect(texts(cmdCommands(script))).toEqual(commands);
});

test("cmd.exe: keeps variables as references, which split outside quotes", () => {
  const [words] = cmdCommands('a %X%\\b "%Y%" !Z! %1 %~dp0x');
  expect(words!.map(({ text, references, splits }) => [text, references.map(({ name }) => name), splits])).toEqual([
    ["a", [], false],
    ["${X}\\b", ["X"], true],
    ["${Y}", ["Y"], false],
    ["${Z}", ["Z"], true],
    ["${1}", ["1"], true],
    ["%~dp0x", [], false],
  ]);
  expect(() => cmdCommands('a "b')).toThrow(CommandError);
});

test.each<[string, string[]]>([
  ['a\\b "c\\\\" d', ["a\\b", "c\\", "d"]],
  ['"a \\"b\\" c"', ['a "b" c']],
  ["", []],
  ['""', [""]],
])("a Windows program reads %j", (line, words) => {
  expect(windowsArguments(line).map(({ text }) => text)).toEqual(words);
});

const encoded = Buffer.from("elastic-agent install --url=u", "utf16le").toString("base64");
const INSTALL = ["elastic-agent", "install", "--url=u"];

test.each<[string, Shell, string, string[]]>([
  ["sh -c", "posix", "sudo sh -c 'elastic-agent install --url=u'", INSTALL],
  ["bash -lc", "posix", 'bash -lc "elastic-agent install --url=u"', INSTALL],
  ["powershell -Command", "cmd", 'powershell -NoProfile -Command "elastic-agent install --url=u"', INSTALL],
  ["powershell without -Command", "cmd", "powershell -ep Bypass elastic-agent install --url=u", INSTALL],
  ["pwsh -c", "posix", "pwsh -c 'elastic-agent install --url=u'", INSTALL],
  ["an encoded command", "cmd", `powershell.exe -EncodedCommand ${encoded}`, INSTALL],
  ["cmd /c", "powershell", 'cmd /c "elastic-agent install --url=u"', INSTALL],
  ["Start-Process", "powershell", "Start-Process elastic-agent -ArgumentList 'install --url=u' -Wait", INSTALL],
  [
    "Start-Process with a list",
    "powershell",
    "Start-Process elastic-agent -ArgumentList @(\n  'install',\n  '--url=u'\n) -Wait -NoNewWindow",
    INSTALL,
  ],
  [
    "Start-Process with -FilePath",
    "powershell",
    'Start-Process -FilePath "elastic-agent" -ArgumentList "install", "--url=u" -Verb RunAs',
    INSTALL,
  ],
])("looks into %s", (_, shell, script, command) => {
  expect(texts(scriptCommands(shell, script))).toContainEqual(command);
});

const MSI = ["elastic-agent", "install", "--force", "--url=u", "--enrollment-token=t"];

test.each<[string, Shell, string]>([
  ["cmd.exe", "cmd", 'elastic-agent.msi INSTALLARGS="--url=u --enrollment-token=t"'],
  ["msiexec", "cmd", 'msiexec /i "C:\\x\\elastic-agent.msi" INSTALLARGS="--url=u --enrollment-token=t" /qn /l*v log'],
  ["escaped quotes", "cmd", 'elastic-agent.msi INSTALLARGS=\\"--url=u --enrollment-token=t\\"'],
  ["doubled quotes", "cmd", 'msiexec /i x.msi INSTALLARGS="--url=""u"" --enrollment-token=t" /qn'],
  ["PowerShell", "powershell", './elastic-agent.msi --% INSTALLARGS="--url=u --enrollment-token=t"'],
  [
    "Start-Process",
    "powershell",
    "Start-Process msiexec.exe -Wait -ArgumentList '/i x.msi INSTALLARGS=\"--url=u --enrollment-token=t\" /qn'",
  ],
])("reads INSTALLARGS of an MSI package: %s", (_, shell, script) => {
  expect(texts(scriptCommands(shell, script))).toEqual([MSI]);
});

test("variables stay references within another shell", () => {
  const command = 'powershell -Command "elastic-agent install --url=%URL% --enrollment-token=$env:TOKEN"';
  const [words] = scriptCommands("cmd", command);
  expect(words!.map(({ references }) => references.map(({ name }) => name))).toEqual([[], [], ["URL"], ["TOKEN"]]);
});

test.each<[string, string, Shell]>([
  ["x.ps1", "", "powershell"],
  ["x.bat", "", "cmd"],
  ["install.txt", "elastic-agent install", "posix"],
  ["install.txt", ".\\elastic-agent.exe install `\n--url=u", "powershell"],
  ["install.txt", "elastic-agent.exe install ^\n--url=u", "cmd"],
  ["install.txt", "x.msi INSTALLARGS=a", "cmd"],
  ["install.txt", "./x.msi --% INSTALLARGS=a", "powershell"],
  ["install.sh", "elastic-agent.exe install", "posix"],
])("the shell of %s with %j is %s", (name, text, shell) => {
  expect(shellOf(name, text)).toBe(shell);
});
