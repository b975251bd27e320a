import { App } from "cdktf";

/** Errors of a program that is wrong itself, of which the stack trace helps. */
const BUGS = [TypeError, ReferenceError, RangeError, SyntaxError];

/** Builds an app and writes its stacks. What is wrong with the app is printed once, without a stack trace. */
export function synthesize(build: (app: App) => void): void {
  try {
    const app = new App();
    build(app);
    app.synth();
  } catch (error) {
    if (!isAboutInput(error)) {
      throw error;
    }
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

function isAboutInput(error: unknown): error is Error {
  return error instanceof Error && !BUGS.some((bug) => error instanceof bug);
}
