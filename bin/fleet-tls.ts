#!/usr/bin/env node
import { assemble, ASSEMBLE_HELP } from "../deploy/assemble";
import { deploy, DEPLOY_HELP } from "../deploy/deploy";
import { DeployError, isSystemError, reasonOf } from "../deploy/deploy-error";
import { destroy, DESTROY_HELP } from "../deploy/destroy";
import { diff, DIFF_HELP } from "../deploy/diff";
import { synth, SYNTH_HELP } from "../deploy/synth";
import { nearest } from "../lib/private/nearest";
import { expiring, EXPIRING_HELP } from "./expiring";
import type { Io } from "./io";
import { Exit } from "./io";
import { packageIdentity } from "./package-identity";
import { UsageError } from "./usage-error";
import { verify, VERIFY_HELP } from "./verify";

const HELP_OF: Readonly<Record<string, string>> = {
  verify: VERIFY_HELP,
  expiring: EXPIRING_HELP,
  synth: SYNTH_HELP,
  deploy: DEPLOY_HELP,
  assemble: ASSEMBLE_HELP,
  diff: DIFF_HELP,
  destroy: DESTROY_HELP,
};

const HELP = `fleet-tls verify DIR...    check host folders and their elastic-agent commands
fleet-tls expiring DIR...  show whether a deploy is due
fleet-tls synth            synthesise the app of cdktf.json
fleet-tls deploy           deploy the app of cdktf.json
fleet-tls assemble         write what spans the stacks of a fleet
fleet-tls diff             show the changes of a deploy
fleet-tls destroy          destroy what was deployed
fleet-tls --version        print the version

${Object.values(HELP_OF).join("\n")}`;

/** Runs one subcommand and returns its exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [subcommand, ...rest] = args;
  try {
    switch (subcommand) {
      case "verify":
        return await verify(rest, io);
      case "expiring":
        return expiring(rest, io);
      case "synth":
        return await synth(rest, io.out);
      case "deploy":
        return await deploy(rest, io.out);
      case "assemble":
        return await assemble(rest, io.out);
      case "diff":
        return await diff(rest, io.out);
      case "destroy":
        return await destroy(rest, io.out);
      case "help":
      case "--help":
      case "-h":
        io.out(HELP);
        return Exit.OK;
      case "--version":
      case "version": {
        const { name, version } = packageIdentity();
        io.out(`${name} ${version}\n`);
        return Exit.OK;
      }
      default:
        throw unknownSubcommand(subcommand);
    }
  } catch (error) {
    if (error instanceof UsageError || isParseArgsError(error)) {
      io.err(`fleet-tls: ${unknownOption(subcommand, error) ?? error.message}\n`);
      return Exit.USAGE;
    }
    if (error instanceof DeployError) {
      io.err(`fleet-tls: ${error.message}\n`);
      return error.exitCode;
    }
    if (isSystemError(error)) {
      io.err(`fleet-tls: ${reasonOf(error)}\n`);
      return Exit.FINDINGS;
    }
    throw error;
  }
}

function unknownSubcommand(got: string | undefined): UsageError {
  const names = Object.keys(HELP_OF);
  const allowed = `allowed are ${names.join(", ")}`;
  if (got === undefined) return new UsageError(`no subcommand is given, ${allowed}; see fleet-tls --help`);
  const near = nearest(got, names);
  const fix = near === undefined ? "see fleet-tls --help" : `did you mean fleet-tls ${near}?`;
  return new UsageError(`no such subcommand, got ${JSON.stringify(got)}, ${allowed}; ${fix}`);
}

/** In place of Node's words for an option that a subcommand does not have, which advise on file names. */
function unknownOption(subcommand: string | undefined, error: Error): string | undefined {
  const [, got] = /^Unknown option '(--?[^']+)'/.exec(error.message) ?? [];
  const help = HELP_OF[subcommand ?? ""];
  if (got === undefined || help === undefined) return undefined;
  const near = nearest(got, help.match(/--[a-z][a-z-]+/g) ?? []);
  const fix = `fleet-tls ${subcommand} --help lists them`;
  return `${subcommand} has no option ${got}; ${near === undefined ? fix : `did you mean ${near}? ${fix}`}`;
}

/** The errors of node:util for unknown options. */
function isParseArgsError(error: unknown): error is Error {
  return String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");
}

/**
 * Goes on when whoever reads the output is gone, such as `head`, or a terminal that was closed: an error that nobody
 * listens to would end this process at once, and with it Terraform, which loses its state then.
 */
function surviveItsReader(stream: NodeJS.WriteStream): void {
  // Once: later errors only say that the stream is closed.
  stream.once("error", ({ code }: NodeJS.ErrnoException) => {
    // Of a full disk, nobody would know otherwise.
    if (code !== "EPIPE" && code !== "EIO") process.exitCode = Exit.FINDINGS;
  });
  stream.on("error", () => undefined);
}

if (require.main === module) {
  const io: Io = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    now: new Date(),
    env: process.env,
  };
  for (const stream of [process.stdout, process.stderr]) surviveItsReader(stream);
  // exitCode instead of exit(), so that everything is written to a pipe.
  void run(process.argv.slice(2), io).then((code) => {
    process.exitCode ||= code;
  });
}
