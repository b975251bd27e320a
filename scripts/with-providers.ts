import { spawn } from "node:child_process";
import * as os from "node:os";
import { findProviders } from "../providers/mirror";
import { removeForeignLocks } from "./foreign-locks";

/** Runs a command where Terraform finds its providers; answers its exit code. */
async function withProviders(command: string | undefined, args: readonly string[]): Promise<number> {
  if (command === undefined)
    throw new Error("no command was given; write it after the script: tsx scripts/with-providers.ts COMMAND ARGS");
  const source = await findProviders();
  removeForeignLocks("cdktf.out", source);
  return run(command, args, { ...process.env, ...source.environment, CHECKPOINT_DISABLE: "1" });
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        // A terminal sends its interrupt to the command as well.
        if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
      });
    }
    child.on("error", (error) => reject(new Error(`${command} cannot be run: ${error.message}`)));
    child.on("exit", (code, signal) => resolve(code ?? 128 + os.constants.signals[signal!]));
  });
}

withProviders(process.argv[2], process.argv.slice(3)).then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
