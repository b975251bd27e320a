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
