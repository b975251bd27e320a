import type { Text } from "../data/text";

/** One argument of a command: fixed text, a value, or a variable of the shell. */
export interface CommandWord {
  /** Text in front of the value that is the same on every host, e.g. `--url=`. */
  readonly prefix: string;

  /** The value. */
  readonly value?: Text;

  /** Environment variable that contains the value. */
  readonly environment?: string;

  /** The variable contains a password, which can be any text; Elastic's tokens contain neither blanks nor quotes. */
  readonly isPassword?: boolean;
}

/** Files whose permissions a script sets before it runs its command. */
export interface Handover {
  /** Folder of the files. */
  readonly directory: Text;

  /** Files that only their owner may read. */
  readonly secretPaths: readonly Text[];

  /** Files of the folder that anybody may read. */
  readonly publicPaths: readonly Text[];

  /** Account that the agent runs as, unless it runs as the administrator. */
  readonly user?: Text;

  /** Group whose members may read the files. */
  readonly group?: Text;
}

/** Syntax of a shell. */
export interface Shell {
  /** File name extension of its scripts. */
  readonly scriptExtension: string;

  /** One value as one word. */
  quote(value: Text): Text;

  /** The command on one line, to be pasted. */
  oneLine(executable: Text, words: readonly CommandWord[]): Text;

  /** The command with one flag per line. */
  manyLines(executable: Text, words: readonly CommandWord[]): Text;

  /** A script that sets the permissions of files and runs a command, unless the command is empty. */
  script(command: Text, handover?: Handover): Text;
}
