import type { ShellWord } from "./shell-word";
import { CommandBuilder, CommandError, skipBrackets } from "./shell-word";

/**
 * Takes a script of a POSIX shell apart into its simple commands and their words (POSIX.1-2024, 2.2 to 2.6), without
 * running anything: quotes, escapes, continued lines, comments, redirections and here-documents are understood,
 * variables and `$(…)` are kept as references, keywords are words like others.
 *
 * @throws CommandError when a quote or a bracket is not closed, and nothing but that
 */
export function posixCommands(script: string): ShellWord[][] {
  return new PosixReader(script).read();
}

interface HereDocument {
  readonly delimiter: string;
  readonly tabs: boolean;
}

class PosixReader {
  private readonly builder = new CommandBuilder();
  private readonly documents: HereDocument[] = [];
  private at = 0;
  /** Whether the words of an array are being read. */
  private inArray = false;

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
    switch (character) {
      case "\\":
        this.escape();
        return;
      case "'":
        this.builder.add(this.through("'", "a single quote"));
        return;
      case '"':
        this.doubleQuotes();
        return;
      case "$":
      case "`":
        this.dollar(false);
        return;
      case " ":
      case "\t":
      case "\r":
        this.at += 1;
        this.builder.endWord();
        return;
      case "\n":
        this.at += 1;
        if (this.inArray) {
          this.builder.endWord();
          return;
        }
        this.builder.endCommand();
        this.skipHereDocuments();
        return;
      case ";":
      case "|":
      case "&":
      case "(":
      case ")":
        this.at += 1;
        if (character === "(" && /^[A-Za-z_]\w*\+?=$/.test(this.builder.word)) {
          this.inArray = true;
          this.builder.add(character);
          this.builder.endWord();
          return;
        }
        this.inArray = false;
        this.builder.endCommand();
        return;
      case "<":
      case ">":
        this.redirection();
        return;
      case "#":
        if (!this.builder.inWord) {
          const end = this.text.indexOf("\n", this.at);
          this.at = end < 0 ? this.text.length : end;
          return;
        }
    }
    this.at += 1;
    this.builder.add(character);
  }

  private escape(): void {
    const next = this.text[this.at + 1];
    this.at += 2;
    // A backslash before the end of the line continues it; at the end of the text it is itself.
    if (next !== "\n") {
      this.builder.add(next ?? "\\");
    }
  }

  private doubleQuotes(): void {
    this.builder.add("");
    this.at += 1;
    while (this.text[this.at] !== '"') {
      const character = this.text[this.at];
      if (character === undefined) {
        throw new CommandError('a double quote is not closed: a " is missing');
      } else if (character === "\\" && '$`"\\\n'.includes(this.text[this.at + 1] ?? " ")) {
        this.escape();
      } else if (character === "$" || character === "`") {
        this.dollar(true);
      } else {
        this.at += 1;
        this.builder.add(character);
      }
    }
    this.at += 1;
  }

  private dollar(quoted: boolean): void {
    const rest = this.text.slice(this.at, this.at + 256);
    const name = /^\$([A-Za-z_]\w*|[0-9@*#?$!-])/.exec(rest)?.[1];
    if (rest.startsWith("`")) {
      this.through("`", "a backquote");
      this.builder.addReference({ name: "$(…)", guarded: false }, quoted);
    } else if (rest.startsWith("$(")) {
      this.at = skipBrackets(this.text, this.at + 1, "(", ")", "\\");
      this.builder.addReference({ name: "$(…)", guarded: false }, quoted);
    } else if (rest.startsWith("${")) {
      const end = skipBrackets(this.text, this.at + 1, "{", "}", "\\");
      const [, braced, operator] = /^\$\{#?([A-Za-z_]\w*|[0-9@*#?$!-]+)(:?[-=?+])?/.exec(rest) ?? [];
      const isPlain = /^\$\{\w+(\[[@*]\]|:?[-=?][^]*)?\}$/.test(this.text.slice(this.at, end));
      this.at = end;
      const guarded = operator?.endsWith("?") ?? false;
      this.builder.addReference({ name: braced ?? "…", guarded, ...(isPlain ? {} : { isAltered: true }) }, quoted);
    } else if (name !== undefined) {
      this.at += name.length + 1;
      this.builder.addReference({ name, guarded: false }, quoted);
    } else {
      this.at += 1;
      this.builder.add("$");
    }
  }

  private redirection(): void {
    const [operator] = /^(<<-|<<|<&|<>|<|>>|>&|>\||>)/.exec(this.text.slice(this.at, this.at + 3))!;
    this.at += operator.length;
    this.builder.redirect();
    if (operator.startsWith("<<")) {
      const [whole, word] = /^[ \t]*([^\s;|&()<>]{1,200})/.exec(this.text.slice(this.at, this.at + 256)) ?? [];
      if (whole === undefined || word === undefined) {
        throw new CommandError("a here-document has no delimiter");
      }
      this.documents.push({ delimiter: word.replace(/["'\\]/g, ""), tabs: operator === "<<-" });
    }
  }

  private skipHereDocuments(): void {
    for (const { delimiter, tabs } of this.documents.splice(0)) {
      for (let done = false; !done;) {
        if (this.at >= this.text.length) {
          throw new CommandError("a here-document has no end");
        }
        const newline = this.text.indexOf("\n", this.at);
        const end = newline < 0 ? this.text.length : newline;
        const line = this.text.slice(this.at, end);
        done = (tabs ? line.replace(/^\t+/, "") : line) === delimiter;
        this.at = end + 1;
      }
    }
  }

  /** The text up to the quote that closes the one here. */
  private through(quote: string, what: string): string {
    const end = this.text.indexOf(quote, this.at + 1);
    if (end < 0) {
      throw new CommandError(`${what} is not closed: a ${quote} is missing`);
    }
    const content = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return content;
  }
}
