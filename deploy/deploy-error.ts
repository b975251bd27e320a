/** Why a command cannot go on, in words for the person who ran it: printed without a stack trace. */
export class DeployError extends Error {
  public override readonly name = "DeployError";

  constructor(
    message: string,
    /** The exit code of the command: 2 where the command line itself is wrong. */
    public readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** What went wrong in words for a person, and where for a developer if it is an error that nobody thought of. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof DeployError || isSystemError(error) ? error.message : (error.stack ?? error.message);
}

/** The errors of the operating system, such as a folder that cannot be written: their texts name it. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).errno !== undefined;
}
