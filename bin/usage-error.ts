/** An error in the command line: exit code 2. */
export class UsageError extends Error {
  public override readonly name = "UsageError";
}
