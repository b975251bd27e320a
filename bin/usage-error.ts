/** What the user typed cannot be done: exit code 2. */
export class UsageError extends Error {
  public override readonly name = "UsageError";
}
