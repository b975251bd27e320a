import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { App } from "cdktf";

import { providerEnvironment } from "../../providers/mirror";
import type { SynthesizedStack } from "./synth";
import { readStacks } from "./synth";
import type { TerraformPlan } from "./plan";

const ROOT = path.join(__dirname, "..", "..");

/** As cdktf has it: which program is run as Terraform, such as OpenTofu's. */
export const TERRAFORM = process.env["TERRAFORM_BINARY_NAME"] ?? "terraform";

export interface RunOptions {
  /** Values of variables, by their names without a prefix. */
  readonly variables?: Record<string, string>;
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder as `cdktf` leaves it, in which Terraform really runs. Dispose of it: it holds keys. */
export class TerraformProject {
  /** Everything that Terraform ever printed here, to search. */
  public readonly log: string[] = [];
  public readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "cdktf-fleet-tls-test-"));

  private readonly initialised = new Set<string>();

  constructor(build?: (app: App) => void) {
    if (build) this.synth(build);
  }

  public get outputFolder(): string {
    return path.join(this.folder, "cdktf.out");
  }

  /** The path of a file of the project. */
  public path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  public read(...parts: string[]): string {
    return fs.readFileSync(this.path(...parts), "utf8");
  }

  /** Writes the app anew, as an edit of a user's code does. */
  public synth(build: (app: App) => void): void {
    const app = new App({ outdir: this.outputFolder, stackTraces: false });
    build(app);
    app.synth();
  }

  /** Writes the app of main.ts, with the context of cdktf.json as cdktf hands it over. */
  public async synthMain(context: Record<string, unknown> = {}): Promise<void> {
    const defaults = JSON.parse(fs.readFileSync(path.join(ROOT, "cdktf.json"), "utf8")).context;
    const env = {
      ...process.env,
      CDKTF_OUTDIR: this.outputFolder,
      CDKTF_CONTEXT_JSON: JSON.stringify({ ...defaults, ...context }),
    };
    const { code, stderr } = await execute(process.execPath, ["--import", "tsx", "main.ts"], { cwd: ROOT, env });
    if (code !== 0) throw new Error(`main.ts ended with ${code}\n${stderr}`);
  }

  public get stacks(): Record<string, SynthesizedStack> {
    return readStacks(this.outputFolder);
  }

  public async apply(stack: string, options: RunOptions = {}): Promise<string> {
    return (await this.run(stack, ["apply", "-auto-approve", "-input=false", "-no-color"], options)).stdout;
  }

  public async destroy(stack: string, options: RunOptions = {}): Promise<string> {
    return (await this.run(stack, ["destroy", "-auto-approve", "-input=false", "-no-color"], options)).stdout;
  }

  /** Plans, and answers both what a person reads of the plan and what `terraform show -json` says. */
  public async plan(stack: string, options: RunOptions = {}): Promise<{ text: string; json: TerraformPlan }> {
    const file = path.join(this.stackFolder(stack), "plan");
    try {
      const { stdout } = await this.run(stack, ["plan", `-out=${file}`, "-input=false", "-no-color"], options);
      const shown = await this.terraform(stack, ["show", "-json", file], options);
      return { text: stdout, json: JSON.parse(shown.stdout) as TerraformPlan };
    } finally {
      fs.rmSync(file, { force: true });
    }
  }

  /** Every output's value, sensitive ones included. */
  public async outputs(stack: string): Promise<Record<string, { sensitive: boolean; value: unknown }>> {
    return JSON.parse((await this.terraform(stack, ["output", "-json"])).stdout);
  }

  /** The same as a person sees it, sensitive ones hidden. */
  public async printedOutputs(stack: string): Promise<string> {
    return (await this.run(stack, ["output", "-no-color"])).stdout;
  }

  /** The resources of the state, with every attribute. */
  public state(stack: string): { type: string; name: string; instances: { attributes: Record<string, unknown> }[] }[] {
    return JSON.parse(this.read(`terraform.${stack}.tfstate`)).resources;
  }

  /** What Terraform answers to a plan that it refuses: everything it says, on one line. */
  public async refusal(stack: string, options: RunOptions = {}): Promise<string> {
    await this.init(stack);
    const { code, stderr } = await this.terraform(
      stack,
      ["plan", "-input=false", "-no-color", "-lock=false"],
      options,
      true,
    );
    if (code === 0) throw new Error("the plan was not refused");
    this.log.push(stderr);
    return stderr.replace(/[\s│╷╵]+/g, " ");
  }

  public dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private stackFolder(stack: string): string {
    return path.join(this.outputFolder, "stacks", stack);
  }

  private async init(stack: string): Promise<void> {
    if (this.initialised.has(stack)) return;
    await this.terraform(stack, ["init", "-input=false", "-no-color"]);
    this.initialised.add(stack);
  }

  private async run(stack: string, args: string[], options: RunOptions = {}): Promise<Run> {
    await this.init(stack);
    const run = await this.terraform(stack, args, options);
    this.log.push(run.stdout, run.stderr);
    return run;
  }

  private async terraform(stack: string, args: string[], options: RunOptions = {}, mayFail = false): Promise<Run> {
    const variables = Object.entries(options.variables ?? {}).map(([name, value]) => [`TF_VAR_${name}`, value]);
    const env = await terraformEnvironment(Object.fromEntries(variables));
    const run = await execute(TERRAFORM, args, { cwd: this.stackFolder(stack), env });
    if (run.code !== 0 && !mayFail) {
      throw new Error(`terraform ${args[0]} of ${stack} ended with ${run.code}\n${run.stdout}\n${run.stderr}`);
    }
    return run;
  }
}

/** An environment in which nothing of the machine's own settings of Terraform and PostgreSQL counts. */
export async function terraformEnvironment(own: Record<string, string> = {}): Promise<NodeJS.ProcessEnv> {
  const plain = Object.entries(process.env).filter(([name]) => !/^(TF_|PG)/.test(name));
  providers ??= providerEnvironment({ preferMirror: true });
  const settings = { ...(await providers), ...own, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  return { ...Object.fromEntries(plain), ...settings };
}

let providers: Promise<Record<string, string>> | undefined;

/** Runs a program to its end. */
export function execute(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: "pipe" });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.stdin.on("error", () => undefined).end(options.input ?? "");
    child.on("error", reject).on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}
