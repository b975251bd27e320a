import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { posixShell } from "../../lib/command/render/posix-shell";
import { DeployError } from "../deploy-error";
import type { Message } from "./messages";
import { parseMessage } from "./messages";
import type { Finished, Processes, ProcessOptions } from "./processes";
import type { Stack } from "./stack";

/** Versions that the stacks need: `plantimestamp` is of 1.5. OpenTofu counts from 1.6. */
const OLDEST = [1, 5, 7];
const LOG_VARIABLE = /^TF_LOG(_|$)/;
// Terraform logs everything at a level that it does not know, such as "1" or "true".
const LOUD = /^(?!(?:info|warn|error|off|)$)/i;

/** Terraform, or OpenTofu: the engine that plans, applies and keeps the state. */
export class Terraform {
  /** Finds the program that TERRAFORM_BINARY_NAME names, `terraform` by default, and checks its version. */
  public static async find(processes: Processes, env: NodeJS.ProcessEnv, folder: string): Promise<Terraform> {
    const program = env["TERRAFORM_BINARY_NAME"] || "terraform";
    // A path is one of the project's folder, and the stacks have folders of their own.
    const file = /[\\/]/.test(program) ? path.resolve(folder, program) : program;
    const install = "install Terraform 1.5.7 or newer or OpenTofu 1.6 or newer, or name it in TERRAFORM_BINARY_NAME";
    // What the registry knows of newer versions is not of interest.
    const quiet = { ...withCpuSavings(env), CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
    const answer = await processes
      .run(file, ["version", "-json"], { cwd: folder, env: quiet })
      .catch((error: NodeJS.ErrnoException) => {
        throw new DeployError(`${program} cannot be run (${error.code}); ${install}`);
      });
    const version = versionIn(answer.stdout);
    if (version === undefined) {
      throw new DeployError(`${program} version -json did not answer with a version; ${install}\n${answer.stderr}`);
    }
    if (isOlder(version, OLDEST)) throw new DeployError(`${program} is too old, got version ${version}; ${install}`);
    return new Terraform(processes, program, file, version, quiet, asksForLogs(env));
  }

  /** One at a time, where inits would write into the same plugin cache or create the same objects of a database. */
  private lastInit: Promise<unknown> = Promise.resolve();
  private readonly sharesPlugins: boolean;

  private constructor(
    private readonly processes: Processes,
    /** The program as the user named it. */
    public readonly program: string,
    private readonly file: string,
    public readonly version: string,
    public readonly env: NodeJS.ProcessEnv,
    /** Whether its stderr, with the logs that the user asks for, is shown as it comes. */
    public readonly showsLogs: boolean,
  ) {
    this.sharesPlugins = Boolean(env["TF_PLUGIN_CACHE_DIR"]) || configuresPluginCache(env);
  }

  /** The log settings with which the tls provider logs private keys. */
  public get loudLogs(): string[] {
    return Object.entries(this.env)
      .filter(([name, value]) => LOG_VARIABLE.test(name) && !name.startsWith("TF_LOG_PATH") && LOUD.test(value ?? ""))
      .map(([name, value]) => `${name}=${value}`);
  }

  /** The command line for a person, up to the subcommand, that runs it in a folder. */
  public commandIn(folder: string): string {
    return [this.program, `-chdir=${folder}`].map(posixShell.quote).join(" ");
  }

  /** The workspace of a stack that Terraform uses. */
  public workspace({ folder }: Stack): string {
    const selected = path.resolve(folder, this.env["TF_DATA_DIR"] || ".terraform", "environment");
    const name = this.env["TF_WORKSPACE"] || (fs.existsSync(selected) && fs.readFileSync(selected, "utf8").trim());
    return name || "default";
  }

  /** The same Terraform for a folder of its own, whatever workspace and data folder the user's environment selects. */
  public get inScratch(): Terraform {
    const { processes, program, file, version, env, showsLogs } = this;
    const own = { ...env, TF_WORKSPACE: "default", TF_DATA_DIR: ".terraform" };
    return new Terraform(processes, program, file, version, own, showsLogs);
  }

  /** `terraform init`. */
  public init(stack: Stack): Promise<Finished> {
    const run = (): Promise<Finished> => this.read(stack, ["init", "-input=false", "-no-color"]);
    // Terraform's pg backend creates one sequence for all schemas, IF NOT EXISTS, which two sessions at once can both miss.
    const sharesDatabase = stack.content.terraform?.backend?.["pg"] !== undefined;
    if (!this.sharesPlugins && !sharesDatabase) return run();
    const turn = this.lastInit.then(run, run);
    this.lastInit = turn;
    return turn;
  }

  /** Runs a command that answers with JSON, line by line. */
  public stream(stack: Stack, args: readonly string[], onMessage: (message: Message) => void): Promise<Finished> {
    return this.run(stack, args, {
      onLine: (line) => {
        const message = parseMessage(line);
        if (message) onMessage(message);
      },
    });
  }

  /** Runs a command, on an input, and returns its output; both can contain secrets and are for this process only. */
  public read(stack: Stack, args: readonly string[], input?: string): Promise<Finished> {
    return this.run(stack, args, { input });
  }

  private run(
    stack: Stack,
    args: readonly string[],
    options: Pick<ProcessOptions, "input" | "onLine">,
  ): Promise<Finished> {
    const { file, env, showsLogs } = this;
    return this.processes.run(file, args, { cwd: stack.folder, env, showStderr: showsLogs, ...options });
  }
}

function asksForLogs(env: NodeJS.ProcessEnv): boolean {
  return Object.entries(env).some(([name, value]) => LOG_VARIABLE.test(name) && value?.toLowerCase() !== "off");
}

/**
 * The environment with settings that save CPU time, where the user has none of his own. Unless TF_LOG_SDK is "off"
 * (developer.hashicorp.com/terraform/plugin/log/managing), the SDK of the providers writes each of its log lines for
 * Terraform to read and drop. GOGC lets Go collect garbage less often, for more memory.
 */
export function withCpuSavings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { GOGC: "200", ...(!asksForLogs(env) && { TF_LOG_SDK: "off" }), ...env };
}

function versionIn(answer: string): string | undefined {
  try {
    return (JSON.parse(answer) as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}

function isOlder(version: string, oldest: readonly number[]): boolean {
  const numbers = version.split(/[.-]/).map(Number);
  const different = oldest.findIndex((number, index) => numbers[index] !== number);
  return different !== -1 && (numbers[different] ?? 0) < oldest[different]!;
}

function configuresPluginCache(env: NodeJS.ProcessEnv): boolean {
  const file = env["TF_CLI_CONFIG_FILE"] || path.join(env["HOME"] ?? os.homedir(), ".terraformrc");
  return fs.existsSync(file) && /^\s*plugin_cache_dir\b/m.test(fs.readFileSync(file, "utf8"));
}
