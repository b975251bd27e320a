import { powershellCommands } from "../../../lib/command/parse/powershell-commands";
import { CommandError } from "../../../lib/command/parse/shell-word";

const texts = (script: string) => powershellCommands(script).map((words) => words.map(({ text }) => text));

test.each<[string, string, string[][]]>([
  ["words", "a  b", [["a", "b"]]],
  ["single quotes, doubled for themselves", "a 'b `$c' 'it''s'", [["a", "b `$c", "it's"]]],
  ["typographic quotes as quotes", "a ‘b c’ 'it’’s'", [["a", "b c", "it’s"]]],
  ["double quotes and their escapes", 'a "b `" `$ ""c"""', [["a", 'b " $ "c"']]],
  ["continued lines", "a `\r\n  --b='c' `\n d", [["a", "--b=c", "d"]]],
  [
    "paths of Windows",
    "& '.\\elastic-agent.exe' install --x='C:\\Program Files\\x'",
    [[".\\elastic-agent.exe", "install", "--x=C:\\Program Files\\x"]],
  ],
  ["comments", "# no\na <# b\n #> c # d", [["a", "c"]]],
  ["blocks", "if (-not $env:X) { throw 'no' }\na", [["if", "${X}"], ["throw", "no"], ["a"]]],
  ["redirections", "a b > out.txt", [["a", "b"]]],
])("reads %s", (_, script, commands) => {
  expect(texts(script)).toEqual(commands);
});

test("keeps references, and knows what PowerShell takes apart", () => {
  const [words] = powershellCommands('a --t="$env:TOKEN" ${env:B} "x$(1 + (2))y" b,c \'d,e\' 5$');
  expect(words!.map(({ text, references, splits }) => [text, references.map(({ name }) => name), splits])).toEqual([
    ["a", [], false],
    ["--t=${TOKEN}", ["TOKEN"], false],
    ["${B}", ["B"], false],
    ["x${$(…)}y", ["$(…)"], false],
    ["b,c", [], true],
    ["d,e", [], false],
    ["5$", [], false],
  ]);
});

test.each(["a 'b", 'a "b', "<# x", "a $(b"])("refuses %j", (script) => {
  expect(() => powershellCommands(script)).toThrow(CommandError);
});
