import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { App } from "cdktf";

import type { Command, Environment, Meanwhile, Run } from "./execute";
import { execute, TERRAFORM, terraformEnvironment } from "./execute";
import type { State, StateResource, TerraformPlan } from "./plan";
import type { SynthesizedStack } from "./synth";
import { readStacks } from "./synth";

const ROOT = path.join(__dirname, "..", "..");

/** How one run differs from the project's other runs. */
export interface RunOptions {
  /** Values of variables, by their names without a prefix. */
  readonly variables?: Record<string, string>;
  /** Added to the environment. */
  readonly env?: Environment;
}

export interface ProjectOptions {
  /** The name of its folder, in a temporary one. */
  readonly name?: string;
  /** Added to the environment of every program. */
  readonly env?: Readonly<Record<string, string>>;
}

const PLAIN = ["-input=false", "-no-color"];
const AUTOMATIC = ["-auto-approve", ...PLAIN, "-lock-timeout=30m"];
const FLEET_TLS = ["-r", require.resolve("tsx/cjs"), path.join(ROOT, "bin", "fleet-tls.ts")];

/** A project of a user in a temporary folder, in which Terraform and `fleet-tls` really run. Dispose of it: it contains keys. */
export class TerraformProject {
  /** Everything that Terraform printed here, to search. */
  public readonly log: string[] = [];
  public readonly folder: string;
  /** Where every program puts its temporary files. */
  public readonly temporary: string;
  /** Added to the environment of every program. */
  public readonly env: Readonly<Record<string, string>>;

  private readonly root = fs.mkdtempSync(path.join(os.tmpdir(), "fleet-tls-test-"));
  private readonly initialised = new Set<string>();

  constructor(
    build?: (app: App) => void,
    private readonly options: ProjectOptions = {},
  ) {
    this.env = options.env ?? {};
    this.folder = path.join(this.root, options.name ?? "project");
    this.temporary = path.join(this.root, "tmp");
    fs.mkdirSync(this.folder);
    fs.mkdirSync(this.temporary);
    try {
      if (build) this.synth(build);
    } catch (error) {
      // Nobody has it yet to dispose of.
      this.dispose();
      throw error;
    }
  }

  public get outputFolder(): string {
    return this.path("cdktf.out");
  }

  public stackFolder(stack: string): string {
    return path.join(this.outputFolder, "stacks", stack);
  }

  public stateFile(stack: string): string {
    return this.path(`terraform.${stack}.tfstate`);
  }

  /** The path of a file of the project. */
  public path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  public read(...parts: string[]): string {
    return fs.readFileSync(this.path(...parts), "utf8");
  }

  public write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(this.path(name)), { recursive: true });
    fs.writeFileSync(this.path(name), text);
  }

  public exists(name: string): boolean {
    return fs.existsSync(this.path(name));
  }

  public mode(name: string): number {
    return fs.statSync(this.path(name)).mode & 0o777;
  }

  /** Writes the app again, as after an edit of a user's code. */
  public synth(build: (app: App) => void): void {
    const app = new App({ outdir: this.outputFolder, stackTraces: false });
    build(app);
    app.synth();
  }

  /** Writes the app of main.ts, with the context of cdktf.json. */
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

  public async init(stack: string, options: RunOptions = {}): Promise<void> {
    if (this.initialised.has(stack)) return;
    this.initialised.add(stack);
    await this.run(stack, ["init", ...PLAIN], options);
  }

  public async apply(stack: string, options: RunOptions = {}): Promise<string> {
    return (await this.run(stack, ["apply", ...AUTOMATIC], options)).stdout;
  }

  public async destroy(stack: string, options: RunOptions = {}): Promise<string> {
    return (await this.run(stack, ["destroy", ...AUTOMATIC], options)).stdout;
  }

  /** Plans, and returns both the text that a person reads and what `terraform show -json` prints. */
  public async plan(stack: string, options: RunOptions = {}): Promise<{ text: string; json: TerraformPlan }> {
    const file = path.join(this.temporary, `${stack}.plan`);
    try {
      const { stdout } = await this.run(stack, ["plan", `-out=${file}`, ...PLAIN], options);
      const shown = await this.terraform(stack, ["show", "-json", file], options);
      return { text: stdout, json: JSON.parse(shown.stdout) as TerraformPlan };
    } finally {
      fs.rmSync(file, { force: true });
    }
  }

  /** Tells whether a plan would change anything. */
  public async planChanges(stack: string, options: RunOptions = {}): Promise<boolean> {
    await this.init(stack);
    const run = await this.terraform(stack, ["plan", ...PLAIN, "-detailed-exitcode"], options);
    if (run.code === 1) throw new Error(`terraform plan failed\n${run.stdout}${run.stderr}`);
    return run.code === 2;
  }

  /** What a plan would do, by address. */
  public async plannedActions(stack: string): Promise<Record<string, string>> {
    const { stdout } = await this.run(stack, ["plan", ...PLAIN, "-json"]);
    const messages = stdout.split("\n").filter((line) => line.startsWith("{"));
    const changes = messages.map((line) => JSON.parse(line)).filter(({ type }) => type === "planned_change");
    return Object.fromEntries(changes.map(({ change }) => [change.resource.addr, change.action]));
  }

  /** The error with which Terraform refuses a plan, on one line. */
  public async refusal(stack: string, options: RunOptions = {}): Promise<string> {
    await this.init(stack);
    const { code, stderr } = await this.terraform(stack, ["plan", ...PLAIN, "-lock=false"], options);
    if (code === 0) throw new Error("the plan was not refused");
    this.log.push(stderr);
    return stderr.replace(/[\s│╷╵]+/g, " ");
  }

  /** Every output's value, sensitive ones included. */
  public async outputs(stack: string): Promise<Record<string, { sensitive: boolean; value: unknown }>> {
    return JSON.parse((await this.terraform(stack, ["output", "-json"])).stdout);
  }

  /** The same as a person sees it, sensitive ones hidden. */
  public async printedOutputs(stack: string): Promise<string> {
    return (await this.run(stack, ["output", "-no-color"])).stdout;
  }

  /** The resources of the local state. */
  public state(stack: string): StateResource[] {
    return JSON.parse(fs.readFileSync(this.stateFile(stack), "utf8")).resources;
  }

  /** The state, from any backend. */
  public async pullState(stack: string): Promise<State> {
    const { stdout } = await this.run(stack, ["state", "pull"]);
    return stdout.trim() === "" ? { serial: 0, outputs: {}, resources: [] } : JSON.parse(stdout);
  }

  /** Changes the state without Terraform's knowledge. */
  public async changeState(stack: string, change: (state: State) => void): Promise<void> {
    const state = await this.pullState(stack);
    change(state);
    state.serial += 1;
    const file = path.join(this.temporary, "changed.tfstate");
    fs.writeFileSync(file, JSON.stringify(state));
    await this.run(stack, ["state", "push", file]);
    fs.rmSync(file);
  }

  /** Runs Terraform in the stack's folder, and throws unless it succeeds. */
  public async run(stack: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
    await this.init(stack, options);
    const run = await this.terraform(stack, args, options);
    this.log.push(run.stdout, run.stderr);
    if (run.code === 0) return run;
    throw new Error(`terraform ${args.join(" ")} of ${stack} ended with ${run.code}\n${run.stdout}\n${run.stderr}`);
  }

  /** Runs Terraform in the stack's folder, which must have been initialised. */
  public async terraform(stack: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
    const command = await this.terraformCommand(stack, args, options);
    return execute(command.file, command.args, command);
  }

  public async terraformCommand(stack: string, args: readonly string[], options: RunOptions = {}): Promise<Command> {
    const variables = Object.entries(options.variables ?? {}).map(([name, value]) => [`TF_VAR_${name}`, value]);
    const env = await this.environment({ ...Object.fromEntries(variables), ...options.env });
    return { file: TERRAFORM, args, cwd: this.stackFolder(stack), env };
  }

  /** Runs `fleet-tls` in the project to its end. */
  public async fleetTls(args: readonly string[], env: Environment = {}, meanwhile?: Meanwhile): Promise<Run> {
    return this.program(process.execPath, [...FLEET_TLS, ...args], env, meanwhile);
  }

  /** The command line of `fleet-tls`, for another program to run. */
  public fleetTlsCommand(args: readonly string[]): string[] {
    return [process.execPath, ...FLEET_TLS, ...args];
  }

  /** Runs any program in the project to its end. */
  public async program(
    file: string,
    args: readonly string[],
    env: Environment = {},
    meanwhile?: Meanwhile,
  ): Promise<Run> {
    return execute(file, args, { cwd: this.folder, env: await this.environment(env), meanwhile });
  }

  public environment(own: Environment = {}): Promise<NodeJS.ProcessEnv> {
    return terraformEnvironment({ TMPDIR: this.temporary, ...this.env, ...own });
  }

  /** A project with the same files, byte by byte, in a folder of its own. */
  public copy(env = this.env): TerraformProject {
    const copy = new TerraformProject(undefined, { ...this.options, env });
    execFileSync("cp", ["-a", `${this.folder}/.`, copy.folder]);
    for (const stack of this.initialised) copy.initialised.add(stack);
    return copy;
  }

  public dispose(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}
