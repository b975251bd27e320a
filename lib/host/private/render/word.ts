/** One argument of a command: fixed text, a value that may hold Terraform tokens, or a variable of the shell. */
export interface CommandWord {
  /** Text before the value that is the same on every host, e.g. `--url=`. */
  readonly prefix: string;

  /** The value; may hold Terraform tokens. */
  readonly value?: string;

  /** The environment variable that the shell puts in place of a value. */
  readonly environment?: string;

  /** Whether that variable holds a person's password: any text, where a token of Elastic's has no blank and no quote. */
  readonly isPassword?: boolean;
}

/** What a script does to a host's files before its command runs. */
export interface Handover {
  /** The folder of the files. */
  readonly directory: string;

  /** The files that only their owner may read. */
  readonly secretPaths: string[];

  /** The files of the folder that anybody may read. */
  readonly publicPaths: string[];

  /** The account that the command runs under, unless it is that of the administrator. */
  readonly user?: string;

  /** The group whose members may read the files. */
  readonly group?: string;
}

/** How a shell wants its commands written. What comes back is plain text for Terraform (`private/terraform/text`). */
export interface Shell {
  /** How the files of its scripts end. */
  readonly scriptExtension: string;

  /** The command on one line, to be pasted. */
  oneLine(executable: string, words: CommandWord[]): string;

  /** The command with one flag a line. */
  manyLines(executable: string, words: CommandWord[]): string;

  /** A script that hands files over and runs a command, unless the command is empty. */
  script(command: string, handover?: Handover): string;
}
