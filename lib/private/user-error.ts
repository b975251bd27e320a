/** An error in a user's code: its stack trace has the user's own lines, which are where to correct it. */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    if (this.stack !== undefined) this.stack = withoutOwnFrames(this.stack);
  }
}

/** Without the lines of this package, where it is installed, and of Node: they say nothing to a user. */
function withoutOwnFrames(stack: string): string {
  const own = /^ +at .*(?:node_modules[\\/]cdkt[fn]-fleet-tls[\\/]|\(?node:internal[\\/])/;
  return stack
    .split("\n")
    .filter((line) => !own.test(line))
    .join("\n");
}
