import { posixCommands } from "../../../lib/command/parse/posix-commands";
import { CommandError } from "../../../lib/command/parse/shell-word";
import { cpuMilliseconds } from "../../support/cpu-time";

const texts = (script: string) => posixCommands(script).map((words) => words.map(({ text }) => text));

test.each<[string, string, string[][]]>([
  ["words and blanks", "a  b\tc", [["a", "b", "c"]]],
  ["single quotes", "a 'b c' 'it'\\''s'", [["a", "b c", "it's"]]],
  ["double quotes and their escapes", 'a "b \\" \\$ \\x \\\\ c"', [["a", 'b " $ \\x \\ c']]],
  ["quotes within a word", "--url='https://a b'/c", [["--url=https://a b/c"]]],
  ["empty words", "a '' \"\"", [["a", "", ""]]],
  ["escapes", "a\\ b \\'c", [["a b", "'c"]]],
  ["continued lines", "a \\\n  --b=\\\nc", [["a", "--b=c"]]],
  ["comments, and a hash in a word", "# no\na b#c # no\n", [["a", "b#c"]]],
  ["separators", "a; b && c || d | e & (f)", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]],
  ["redirections", "a b >/dev/null 2>&1 </x c", [["a", "b", "c"]]],
  ["here-documents", "cat <<'EOF' >x\nit's not; a command\nEOF\nb", [["cat"], ["b"]]],
  ["here-documents with tabs", "cat <<-E\n\tx'\n\tE\nb", [["cat"], ["b"]]],
  ["carriage returns as blanks", "a b\r\n", [["a", "b"]]],
])("reads %s", (_, script, commands) => {
  expect(texts(script)).toEqual(commands);
});

test("keeps references, and knows which stop the command", () => {
  const [words] = posixCommands('a "${TOKEN:?set it}" "$HOME/x" $(cat "it\'s )") `date` "${A:-b}" "$1" cost$ ${X?"}"}');
  expect(
    words!.map(({ text, references, splits }) => [text, references.map(({ guarded }) => guarded), splits]),
  ).toEqual([
    ["a", [], false],
    ["${TOKEN}", [true], false],
    ["${HOME}/x", [false], false],
    ["${$(…)}", [false], true],
    ["${$(…)}", [false], true],
    ["${A}", [false], false],
    ["${1}", [false], false],
    ["cost$", [], false],
    ["${X}", [true], true],
  ]);
});

test.each(["a 'b", 'a "b', "a `b", "a ${b", "a $(b", 'a "$(b', "cat <<E\nx", "cat <<"])("refuses %j", (script) => {
  expect(() => posixCommands(script)).toThrow(CommandError);
});

test("takes linear time on long scripts", () => {
  const spent = cpuMilliseconds(() => {
    posixCommands(`a ${"$(b) ${c:?d} 'e' ".repeat(20_000)}`);
    expect(() => posixCommands("$(".repeat(20_000))).toThrow(CommandError);
  });
  expect(spent).toBeLessThan(2_000);
});
