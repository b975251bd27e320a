import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";

import { withCpuSavings } from "../../deploy/private/terraform";
import { providerEnvironment } from "../../providers/mirror";

/** The program that runs as Terraform, such as OpenTofu's; named as cdktf names it. */
export const TERRAFORM = process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";

/** Values to set, or to remove, in an environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program and where it runs. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Called with the process and all of stderr so far, whenever there is more of it. */
export type Meanwhile = (child: ChildProcess, stderr: string) => void;

/** An environment without the machine's own settings of Terraform and PostgreSQL. */
export async function terraformEnvironment(own: Environment = {}): Promise<NodeJS.ProcessEnv> {
  const plain = Object.entries(process.env).filter(([name]) => !/^(TF_|PG)/.test(name));
  providers ??= providerEnvironment({ preferMirror: true });
  const settings = { ...(await providers), CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", ...own };
  return withCpuSavings({ ...Object.fromEntries(plain), ...settings });
}

let providers: Promise<Record<string, string>> | undefined;

/** Runs a program to its end. */
export function execute(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly input?: string;
    readonly meanwhile?: Meanwhile | undefined;
  } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { cwd: options.cwd, env: options.env, stdio: "pipe" });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
      options.meanwhile?.(child, stderr);
    });
    child.stdin.on("error", () => undefined).end(options.input ?? "");
    child.on("error", reject).on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}
