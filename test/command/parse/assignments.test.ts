import { scriptCommands } from "../../../lib/command/parse/script";
import type { Shell } from "../../../lib/command/parse/script";

/** Words of the commands that begin with `run`. */
function runs(shell: Shell, script: string): string[][] {
  return scriptCommands(shell, script)
    .map((words) => words.map(({ text }) => text))
    .filter(([first]) => first === "run");
}

test.each<[Shell, string, string, string[]]>([
  ["posix", "a text", 'A=x; run "$A/y"', ["x/y"]],
  ["posix", "an exported text", "export A=x B=y; run $A", ["x"]],
  ["posix", "a text of another variable", 'A=x; B="$A-y"; run $B', ["x-y"]],
  ["posix", "a text that is known only later", 'A="$1"; run "$A"', ["${1}"]],
  ["posix", "one of two texts", "if x; then A=x; else A=y; fi; run $A", ["${A}"]],
  ["posix", "its length, or a part of it", 'A=x; run "${#A}" "${A%/*}"', ["${A}", "${A}"]],
  ["posix", "a text with its default", 'A=x; run "${A:-y}"', ["x"]],
  ["posix", "several words in one", 'A="x y"; run $A "$A"', ["x", "y", "x y"]],
  ["posix", "a dollar in single quotes", "A=x; run '${A}'", ["${A}"]],
  ["posix", "the environment of one command", "A=x run $A", []],
  ["posix", "an array", 'A=(x "y z"); run "${A[@]}"', ["x", "y z"]],
  ["posix", "an array that grows", 'A=(x)\nA+=(\n  y # why\n)\nrun "${A[@]}" z', ["x", "y", "z"]],
  ["powershell", "a text", "$a = 'x'; run $A", ["x"]],
  ["powershell", "a sum", '$b = "y"; $a = "x" + $b; run "$a/z"', ["xy/z"]],
  ["powershell", "what a command gives", "$a = Get-Content x; run $a", ["${a}"]],
  ["powershell", "what a command of one word gives", "$a = Get-Token; run $a", ["${a}"]],
  ["powershell", "an array", "$a = @('x',\n 'y')\nrun @a", ["x", "y"]],
  ["powershell", "an array with a type", "[string[]]$a = 'x', 'y'\nrun $a", ["x", "y"]],
  ["powershell", "an array that grows", "$a = @()\n$a += 'x'\n$a += @('y', 'z')\nrun @a", ["x", "y", "z"]],
  ["powershell", "a variable of the environment", "$env:A = 'x'; run $env:A", ["x"]],
  ["cmd", "a text", "set A=x\nrun %A%/y", ["x/y"]],
  ["cmd", "a quoted text", 'set "A=x y"\nrun "%a%"', ["x y"]],
  ["cmd", "an answer", "set /p A=token\nrun %A%", ["${A}"]],
])("%s: %s", (shell, _, script, words) => {
  expect(runs(shell, script)).toEqual(words.length === 0 ? [] : [["run", ...words]]);
});

test("an array of words that a command gets is no command of its own", () => {
  const script = "args=(elastic-agent install)\nsudo ${args[@]}";
  expect(scriptCommands("posix", script).map((words) => words.map(({ text }) => text))).toEqual([
    ["sudo", "elastic-agent", "install"],
  ]);
});

test("an array that nothing uses is kept", () => {
  expect(scriptCommands("posix", "args=(elastic-agent install)")).toHaveLength(1);
});
