import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { App } from "cdktf";

import type { Run } from "../support/terraform";
import { execute, terraformEnvironment } from "../support/terraform";
import type { Command } from "./doomed-process";
import { DoomedProcess } from "./doomed-process";
import type { FleetShape } from "./fleet";
import { buildFleet, STACK } from "./fleet";

/** A resource of a state, with every attribute. */
export interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly instances: { readonly attributes: Record<string, unknown> }[];
}

export interface State {
  serial: number;
  outputs: Record<string, unknown>;
  resources: StateResource[];
}

/** How a project is started out with. */
export interface ProjectOptions {
  /** The name of its folder, in a temporary one. */
  readonly name?: string;
  /** Added to the environment of every program. */
  readonly env?: Record<string, string>;
}

const APPLY = ["-auto-approve", "-input=false", "-no-color", "-lock-timeout=20s"];

/** A project in a temporary folder, in which Terraform and cdktf really run and are killed. Dispose of it. */
export class FaultProject {
  /** Of everything that belongs to this project; nothing of it is elsewhere. */
  private readonly root = fs.mkdtempSync(path.join(os.tmpdir(), "fleet-tls-faults-"));
  public readonly folder: string;
  public readonly env: Record<string, string>;

  constructor(
    shape?: FleetShape,
    private readonly options: ProjectOptions = {},
  ) {
    this.folder = path.join(this.root, options.name ?? "project");
    this.env = options.env ?? {};
    fs.mkdirSync(this.folder);
    // What a killed program leaves in its temporary folder is looked at too.
    fs.mkdirSync(this.temporary);
    try {
      if (shape) this.synth(shape);
    } catch (error) {
      // Nobody has it yet to dispose of.
      this.dispose();
      throw error;
    }
  }

  public get temporary(): string {
    return path.join(this.root, "tmp");
  }

  public get stackFolder(): string {
    return path.join(this.folder, "cdktf.out", "stacks", STACK);
  }

  /** The path of a file of the project. */
  public path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  public get stateFile(): string {
    return this.path(`terraform.${STACK}.tfstate`);
  }

  /** Writes the app anew, as an edit of a user's code does. */
  public synth(shape: FleetShape): void {
    const app = new App({ outdir: this.path("cdktf.out"), stackTraces: false });
    buildFleet(app, shape);
    app.synth();
  }

  public async init(): Promise<void> {
    await this.mustRun(["init", "-input=false", "-no-color"]);
  }

  public async apply(env: Record<string, string> = {}): Promise<Run> {
    return this.mustRun(["apply", ...APPLY], env);
  }

  public async destroy(): Promise<Run> {
    return this.mustRun(["destroy", ...APPLY]);
  }

  /** Whether a plan would change anything. */
  public async planChanges(env: Record<string, string> = {}): Promise<boolean> {
    const run = await this.terraform(["plan", "-input=false", "-no-color", "-detailed-exitcode"], env);
    if (run.code === 1) throw new Error(`terraform plan failed\n${run.stdout}${run.stderr}`);
    return run.code === 2;
  }

  /** What a plan would do, by address. */
  public async plannedActions(): Promise<Record<string, string>> {
    const { stdout } = await this.mustRun(["plan", "-input=false", "-no-color", "-json"]);
    const messages = stdout.split("\n").filter((line) => line.startsWith("{"));
    const changes = messages.map((line) => JSON.parse(line)).filter(({ type }) => type === "planned_change");
    return Object.fromEntries(changes.map(({ change }) => [change.resource.addr, change.action]));
  }

  /** Runs Terraform in the stack's folder. */
  public async terraform(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    const command = await this.terraformCommand(args, env);
    return execute(command.file, [...command.args], command);
  }

  /** The same, where it has to succeed. */
  public async mustRun(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    const run = await this.terraform(args, env);
    if (run.code !== 0)
      throw new Error(`terraform ${args.join(" ")} ended with ${run.code}\n${run.stdout}${run.stderr}`);
    return run;
  }

  public async start(args: readonly string[]): Promise<DoomedProcess> {
    return new DoomedProcess(await this.terraformCommand(args));
  }

  public async terraformCommand(args: readonly string[], env: Record<string, string> = {}): Promise<Command> {
    return { file: "terraform", args, cwd: this.stackFolder, env: { ...(await this.environment()), ...env } };
  }

  public environment(): Promise<NodeJS.ProcessEnv> {
    return terraformEnvironment({ ...this.env, TMPDIR: this.temporary });
  }

  /** What Terraform knows, whichever backend keeps it. */
  public async state(): Promise<State> {
    const { stdout } = await this.mustRun(["state", "pull"]);
    return stdout.trim() === "" ? { serial: 0, outputs: {}, resources: [] } : JSON.parse(stdout);
  }

  /** Changes the state behind Terraform's back. */
  public async changeState(change: (state: State) => void): Promise<void> {
    const state = await this.state();
    change(state);
    state.serial += 1;
    const file = path.join(this.temporary, "changed.tfstate");
    fs.writeFileSync(file, JSON.stringify(state));
    await this.mustRun(["state", "push", file]);
    fs.rmSync(file);
  }

  /** A project that is the same as this one, byte by byte, in a folder of its own. */
  public copy(env: Record<string, string> = this.env): FaultProject {
    const copy = new FaultProject(undefined, { ...this.options, env });
    execFileSync("cp", ["-a", `${this.folder}/.`, copy.folder]);
    return copy;
  }

  public dispose(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

/** Runs something with a project, and removes the project whatever comes of it. */
export async function withProject<T>(
  shape: FleetShape,
  use: (project: FaultProject) => Promise<T>,
  options: ProjectOptions = {},
): Promise<T> {
  const project = new FaultProject(shape, options);
  try {
    await project.init();
    return await use(project);
  } finally {
    project.dispose();
  }
}
