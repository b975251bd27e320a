#!/usr/bin/env node
import { expiring, EXPIRING_HELP } from "../verify/expiring";
import type { Io } from "./io";
import { Exit } from "./io";
import { UsageError } from "./usage-error";
import { verify, VERIFY_HELP } from "../verify/verify";

const HELP = `fleet-tls verify DIR...    check host folders and their elastic-agent commands
fleet-tls expiring DIR...  say whether a deploy is due

${VERIFY_HELP}
${EXPIRING_HELP}`;

/** Runs one subcommand and answers its exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [subcommand, ...rest] = args;
  try {
    switch (subcommand) {
      case "verify":
        return await verify(rest, io);
      case "expiring":
        return expiring(rest, io);
      case "help":
      case "--help":
      case "-h":
        io.out(HELP);
        return Exit.OK;
      default: {
        const got = subcommand === undefined ? "none" : JSON.stringify(subcommand);
        throw new UsageError(`no such subcommand, got ${got}, allowed are verify and expiring; see fleet-tls --help`);
      }
    }
  } catch (error) {
    if (error instanceof UsageError || isParseArgsError(error)) {
      io.err(`fleet-tls: ${error.message}\n`);
      return Exit.USAGE;
    }
    throw error;
  }
}

/** What node:util throws on options that it does not know. */
function isParseArgsError(error: unknown): error is Error {
  return String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");
}

if (require.main === module) {
  const io: Io = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    now: new Date(),
  };
  // exitCode instead of exit(), so that what goes into a pipe is written to its end.
  void run(process.argv.slice(2), io).then((code) => {
    process.exitCode = code;
  });
}
