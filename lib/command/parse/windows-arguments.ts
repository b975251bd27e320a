import type { Reference, ShellWord } from "./shell-word";

/**
 * Splits a command line into words as a Windows program does (CommandLineToArgvW): double quotes group, `\"` is a
 * quote, and backslashes are themselves unless a quote follows. References are found by their `${NAME}`.
 */
export function windowsArguments(line: string, references: readonly Reference[] = []): ShellWord[] {
  const words: ShellWord[] = [];
  let text = "";
  let isOpen = false;
  let isQuoted = false;
  let splits = false;
  const end = (): void => {
    if (isOpen) {
      words.push({ text, references: references.filter(({ name }) => text.includes(`\${${name}}`)), splits });
    }
    [text, isOpen, splits] = ["", false, false];
  };
  for (let at = 0; at < line.length; at += 1) {
    const [slashes] = /^\\*/.exec(line.slice(at, at + 256))!;
    const next = line[at + slashes.length];
    if (slashes !== "" && next === '"') {
      isOpen = true;
      text += "\\".repeat(Math.floor(slashes.length / 2));
      at += slashes.length - 1;
      if (slashes.length % 2 === 1) {
        text += '"';
        at += 1;
      }
    } else if (line[at] === '"') {
      isOpen = true;
      isQuoted = !isQuoted;
    } else if (!isQuoted && /\s/.test(line[at]!)) {
      end();
    } else {
      isOpen = true;
      splits ||= !isQuoted && references.some(({ name }) => line.startsWith(`\${${name}}`, at));
      text += line[at];
    }
  }
  end();
  return words;
}
