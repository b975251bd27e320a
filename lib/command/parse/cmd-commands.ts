import type { Reference, ShellWord } from "./shell-word";
import { CommandError } from "./shell-word";
import { windowsArguments } from "./windows-arguments";

/** Lines of cmd.exe that are no commands: comments, labels and `echo off`. */
const NO_COMMAND = /^@?(rem(\s|$)|::|:\w|echo(\s|\.|$))/i;

/**
 * Takes a batch file of cmd.exe apart into its commands and their words, without running anything: `^`, double quotes,
 * continued lines, redirections and blocks are understood, `%NAME%` and `!NAME!` are kept as references.
 *
 * @throws CommandError when a quote is not closed, and nothing but that
 */
export function cmdCommands(script: string): ShellWord[][] {
  return script
    .replace(/\r\n/g, "\n")
    .replace(/\^\n[ \t]*/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !NO_COMMAND.test(line))
    .flatMap(lineCommands)
    .filter((words) => words.length > 0);
}

/** One line: several commands between `&` and `|`. */
function lineCommands(line: string): ShellWord[][] {
  const { text, references } = expanded(line.replace(/^@/, ""));
  const commands: string[] = [""];
  let isQuoted = false;
  const add = (part: string): void => {
    commands[commands.length - 1] += part;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"') {
      isQuoted = !isQuoted;
      add(character);
    } else if (isQuoted) {
      add(character);
    } else if (character === "^") {
      add(text[(at += 1)] ?? "");
    } else if ("&|".includes(character) || ("()".includes(character) && /^\s*(if\b.*)?$/i.test(commands.at(-1)!))) {
      commands.push("");
    } else if (character === "<" || character === ">") {
      // A number before it belongs to it, and so does the word after it.
      commands[commands.length - 1] = commands.at(-1)!.replace(/(^|\s)\d$/, "$1");
      const [target] = /^[<>&]+\s*("[^"]*"|[^\s&|]*)/.exec(text.slice(at))!;
      at += target.length - 1;
    } else {
      add(character);
    }
  }
  if (isQuoted) {
    throw new CommandError('a double quote is not closed: a " is missing');
  }
  return commands.map((command) => windowsArguments(command, references));
}

/** `%NAME%`, `!NAME!` and `%1` as `${NAME}`; `%%` is a percent sign. */
function expanded(line: string): { readonly text: string; readonly references: readonly Reference[] } {
  const references: Reference[] = [];
  const text = line.replace(
    /%%|%~?(\d)|%([A-Za-z_]\w*)(?::[^%]*)?%|!([A-Za-z_]\w*)!/g,
    (_, digit?: string, percent?: string, delayed?: string) => {
      const name = digit ?? percent ?? delayed;
      if (name === undefined) {
        return "%";
      }
      references.push({ name, guarded: false });
      return `\${${name}}`;
    },
  );
  return { text, references };
}
