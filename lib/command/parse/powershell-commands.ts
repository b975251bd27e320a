import type { ShellWord } from "./shell-word";
import { ARRAY, CommandBuilder, CommandError, skipBrackets } from "./shell-word";
import { windowsArguments } from "./windows-arguments";

// PowerShell takes the typographic quotes for quotes too.
const SINGLE = "'‘’‚‛";
const DOUBLE = '"“”„';
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

/**
 * Takes a PowerShell script apart into its commands and their words, without running anything: both kinds of quotes,
 * backticks, continued lines and comments are understood, variables and `$(…)` are kept as references.
 *
 * @throws CommandError when a quote or a bracket is not closed, and nothing but that
 */
export function powershellCommands(script: string): ShellWord[][] {
  const commands = new PowershellReader(script.replace(/\r\n/g, "\n")).read();
  return commands.map((words) => words.map((word) => ({ ...word, text: programText(word.text) })));
}

/** A word with its own quotes for the program, which reads it as CommandLineToArgvW does. */
function programText(text: string): string {
  const [, quoted] = /^"(.*)"$/s.exec(text) ?? [];
  return quoted === undefined
    ? text
    : quoted.replace(/(\\+)("|$)/g, (_, slashes: string, end: string) => {
        return "\\".repeat(Math.floor(slashes.length / 2)) + end;
      });
}

class PowershellReader {
  private readonly builder = new CommandBuilder();
  private at = 0;
  /** Open `@(` of the arguments of Start-Process. */
  private arrays = 0;

  constructor(private readonly text: string) {}

  public read(): ShellWord[][] {
    while (this.at < this.text.length) {
      this.step();
    }
    this.builder.endCommand();
    return this.builder.commands;
  }

  private step(): void {
    const character = this.text[this.at]!;
    const isStart = /^Start-Process$|^saps$/i.test(this.builder.firstWord ?? "");
    if ((isStart || this.builder.isAssignment) && this.inList(character)) {
      return;
    }
    if (!this.builder.inWord && /^--%(\s|$)/.test(this.text.slice(this.at, this.at + 4))) {
      this.verbatim();
    } else if (character === "`") {
      this.backtick();
    } else if (SINGLE.includes(character)) {
      this.quotes(SINGLE);
    } else if (DOUBLE.includes(character)) {
      this.quotes(DOUBLE);
    } else if (character === "$") {
      // PowerShell does not split the value of a variable.
      this.dollar();
    } else if (this.text.startsWith("<#", this.at)) {
      this.at = this.after("#>");
    } else if (character === "#" && !this.builder.inWord) {
      const end = this.text.indexOf("\n", this.at);
      this.at = end < 0 ? this.text.length : end;
    } else if (character === " " || character === "\t") {
      this.at += 1;
      this.builder.endWord();
    } else if (!this.builder.inWord && /^@[A-Za-z_]\w*/.test(this.text.slice(this.at, this.at + 64))) {
      const [splat] = /^@\w+/.exec(this.text.slice(this.at, this.at + 64))!;
      this.at += splat.length;
      this.builder.addReference({ name: splat.slice(1), guarded: false }, true);
    } else if (character === "(" && this.builder.inCommand && !this.builder.inWord) {
      this.expression();
    } else if ("\n;|&(){}".includes(character)) {
      this.at += 1;
      this.builder.endCommand();
    } else if (character === ">" || character === "<") {
      this.at += this.text.startsWith(">>", this.at) ? 2 : 1;
      this.builder.redirect();
    } else {
      if (character === ",") {
        this.builder.split();
      }
      this.at += 1;
      this.builder.add(character);
    }
  }

  /** The commas and brackets of a list of arguments only separate them; of an assignment they make an array. */
  private inList(character: string): boolean {
    if (this.text.startsWith(ARRAY, this.at)) {
      this.arrays += 1;
      this.at += 2;
    } else if (character === "," || (this.arrays > 0 && (character === "\n" || character === ")"))) {
      this.arrays -= character === ")" ? 1 : 0;
      this.at += 1;
    } else {
      return false;
    }
    this.builder.endWord();
    if (this.builder.isAssignment && (character === "@" || character === ",")) {
      this.builder.addWord({ text: ARRAY, references: [], splits: false });
    }
    return true;
  }

  /** `--%`: the rest of the line goes to the program as it is, but for `%NAME%`. */
  private verbatim(): void {
    const end = this.text.indexOf("\n", this.at);
    const line = this.text.slice(this.at + 3, end < 0 ? this.text.length : end);
    this.at = end < 0 ? this.text.length : end;
    const names = [...line.matchAll(/%(\w+)%/g)].map(([, name = ""]) => ({ name, guarded: false }));
    windowsArguments(line.replace(/%(\w+)%/g, "${$1}"), names).forEach((word) => this.builder.addWord(word));
  }

  private backtick(): void {
    const next = this.text[this.at + 1];
    this.at += 2;
    if (next !== "\n" && next !== undefined) {
      this.builder.add(ESCAPES[next] ?? next);
    }
  }

  private quotes(kind: string): void {
    this.builder.add("");
    this.at += 1;
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) {
        throw new CommandError(`a quote is not closed: a ${kind[0]} is missing`);
      } else if (kind.includes(character)) {
        if (!kind.includes(this.text[this.at + 1] ?? " ")) {
          this.at += 1;
          return;
        }
        // Doubled, a quote stands for itself.
        this.builder.add(character);
        this.at += 2;
      } else if (kind === DOUBLE && character === "`") {
        this.backtick();
      } else if (kind === DOUBLE && character === "$") {
        this.dollar();
      } else {
        this.builder.add(character);
        this.at += 1;
      }
    }
  }

  private dollar(): void {
    const rest = this.text.slice(this.at, this.at + 256);
    const [whole, name, braced] = /^\$(?:((?:env:)?\w+)|\{([^}]*)\})/i.exec(rest) ?? [];
    if (rest.startsWith("$(")) {
      this.at = skipBrackets(this.text, this.at + 1, "(", ")", "`");
      this.builder.addReference({ name: "$(…)", guarded: false }, true);
    } else if (whole !== undefined) {
      this.at += whole.length;
      this.builder.addReference({ name: (name ?? braced ?? "").replace(/^env:/i, ""), guarded: false }, true);
    } else {
      this.at += 1;
      this.builder.add("$");
    }
  }

  /** An argument in brackets, `('--flag=' + $(…))`: the text that it begins with, and what is known only then. */
  private expression(): void {
    const start = this.at;
    this.at = skipBrackets(this.text, start, "(", ")", "`");
    const inner = this.text.slice(start + 1, this.at - 1);
    const [, prefix = ""] = /^\s*'([^'‘’‚‛]*)'/.exec(inner) ?? [];
    const [, name = "(…)"] = /\$(?:env:)?(\w+)/i.exec(inner) ?? [];
    this.builder.add(prefix);
    this.builder.addReference({ name, guarded: /\bthrow\b/.test(inner) }, true);
    this.builder.endWord();
  }

  private after(end: string): number {
    const found = this.text.indexOf(end, this.at);
    if (found < 0) {
      throw new CommandError(`a comment is not closed: a ${end} is missing`);
    }
    return found + end.length;
  }
}
