import { execFileSync } from "node:child_process";

import fc from "fast-check";

import { posixCommands } from "../../bin/posix-commands";
import { CommandError } from "../../bin/shell-word";
import { FUZZ_RUNS } from "../private/x509-fixtures";

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

test("splits words as sh does", () => {
  const piece = fc.constantFrom("a", " ", "'", "'b c'", '"', '"d e"', "\\", "\\'", "\\\n", "=", ",", "/", "#", "é");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const script = `printf '%s\\0' x ${pieces.join("")}`;
      let commands: string[][];
      try {
        commands = texts(script);
      } catch (error) {
        expect(error).toBeInstanceOf(CommandError);
        return;
      }
      // An escaped backslash before a newline ends the command: the next line would be another program.
      if (commands.length > 1) {
        return;
      }
      const words = commands[0]!.slice(2);
      const theirs = execFileSync("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore"] }).toString();
      expect(words).toEqual(theirs.split("\0").slice(0, -1));
    }),
    { numRuns: Math.min(FUZZ_RUNS, 300) },
  );
});

test("any text is read or refused with CommandError, in linear time", () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    "\\",
    "$",
    "${",
    "$(",
    "`",
    "}",
    ")",
    "<<",
    "E",
    "\n",
    "|",
    ">",
    "#",
    " ",
    "x",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => pieces.join("")),
      ),
      (script) => {
        try {
          posixCommands(script);
        } catch (error) {
          expect(error).toBeInstanceOf(CommandError);
        }
      },
    ),
    { numRuns: FUZZ_RUNS },
  );
  const started = Date.now();
  posixCommands(`a ${"$(b) ${c:?d} 'e' ".repeat(20_000)}`);
  expect(() => posixCommands("$(".repeat(20_000))).toThrow(CommandError);
  expect(Date.now() - started).toBeLessThan(2_000);
});
