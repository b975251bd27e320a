/** Text that no shell reads as a command. */
export class CommandError extends Error {
  public override readonly name = "CommandError";
}

/** A shell whose scripts are read. */
export type Shell = "posix" | "powershell" | "cmd";

/** The word behind the name of a variable of PowerShell that is set to an array. */
export const ARRAY = "@(";

/** One word of a command, as the program gets it. */
export interface ShellWord {
  /** Its text, with `${NAME}` where the shell puts in a value that is known only when it runs. */
  readonly text: string;
  /** Those values. */
  readonly references: readonly Reference[];
  /** Whether the shell splits it into several words, or may: an unquoted reference, an unquoted comma in PowerShell. */
  readonly splits: boolean;
}

/** A variable or a command whose value the shell puts into a word. */
export interface Reference {
  /** The variable's name; a command is `$(…)`. */
  readonly name: string;
  /** Whether the command stops when the variable is unset or empty, as with `${NAME:?message}`. */
  readonly guarded: boolean;
  /** Whether the shell puts in something else than the value, such as its length or a part of it. */
  readonly isAltered?: boolean;
}

/** Gathers characters into words, and words into commands. */
export class CommandBuilder {
  public readonly commands: ShellWord[][] = [];
  private words: ShellWord[] = [];
  private text = "";
  private references: Reference[] = [];
  private open = false;
  private splits = false;
  private dropNext = false;

  /** Whether a word has begun. */
  public get inWord(): boolean {
    return this.open;
  }

  /** Whether the command has a word already. */
  public get inCommand(): boolean {
    return this.words.length > 0;
  }

  /** The word that is being read. */
  public get word(): string {
    return this.text;
  }

  /** Whether the command so far is `$NAME =`, as PowerShell assigns. */
  public get isAssignment(): boolean {
    return /^(\[[\w.[\]]+\])?\$\{\w+\}$/.test(this.firstWord ?? "") && /^\+?=$/.test(this.words[1]?.text ?? "");
  }

  /** The text of the command's first word. */
  public get firstWord(): string | undefined {
    return this.words[0]?.text;
  }

  /** Adds a word that is read already. */
  public addWord(word: ShellWord): void {
    this.endWord();
    this.words.push(word);
  }

  /** Adds text to the word; quotes begin a word even around nothing. */
  public add(text: string): void {
    this.open = true;
    this.text += text;
  }

  public addReference(reference: Reference, quoted: boolean): void {
    this.add(`\${${reference.name}}`);
    this.references.push(reference);
    this.splits ||= !quoted;
  }

  /** Marks the word as one that the shell takes apart. */
  public split(): void {
    this.splits = true;
  }

  public endWord(): void {
    if (this.open && !this.dropNext) {
      this.words.push({ text: this.text, references: this.references, splits: this.splits });
    }
    if (this.open) {
      this.dropNext = false;
    }
    this.discardWord();
  }

  /** Forgets the word that is being read. */
  public discardWord(): void {
    this.text = "";
    this.references = [];
    this.open = false;
    this.splits = false;
  }

  /** A redirection: a number before it belongs to it, and so does the word after it. */
  public redirect(): void {
    if (/^[0-9]$/.test(this.text)) {
      this.discardWord();
    }
    this.endWord();
    this.dropNext = true;
  }

  public endCommand(): void {
    this.endWord();
    this.dropNext = false;
    if (this.words.length > 0) {
      this.commands.push(this.words);
    }
    this.words = [];
  }
}

/** The place after the bracket that closes the one at `start`, quotes and escapes being skipped. */
export function skipBrackets(text: string, start: number, open: string, close: string, escape: string): number {
  let depth = 0;
  let quote = "";
  for (let at = start; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === escape && quote !== "'") {
      at += 1;
    } else if (quote !== "") {
      quote = character === quote ? "" : quote;
    } else if (character === "'" || character === '"') {
      quote = character;
    } else if (character === open) {
      depth += 1;
    } else if (character === close && (depth -= 1) === 0) {
      return at + 1;
    }
  }
  throw new CommandError(`a ${open} has no ${close}`);
}
