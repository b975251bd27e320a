import { App } from "cdktf";

import { FaultsError } from "../lib/private/faults";

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

/** Errors of this library and of cdktf's validation; a TypeError or the like is a bug, whose stack trace helps. */
function isAboutInput(error: unknown): error is Error {
  return error instanceof FaultsError || (error instanceof Error && Object.getPrototypeOf(error) === Error.prototype);
}
