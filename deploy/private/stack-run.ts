import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import type { PlanJson } from "./changes";
import { Changes } from "./changes";
import { DeployError } from "../deploy-error";
import { diagnosticText, initHint } from "./diagnostics";
import { secretJson } from "./secret-json";
import { LocalState } from "./local-state";
import type { ChangeCounts, Message } from "./messages";
import type { Finished, Processes } from "./processes";
import type { Progress } from "./progress";
import type { Stack } from "./stack";
import type { Terraform } from "./terraform";
import { UnsavedState } from "./unsaved-state";
import { withoutSecrets } from "./without-secrets";

/** Data that every stack of a run shares. */
export interface RunContext {
  readonly terraform: Terraform;
  readonly processes: Processes;
  readonly progress: Progress;
  /** The folder of `cdktf.json`. */
  readonly projectFolder: string;
  /** A folder for plans that is removed at the end. */
  readonly scratch: string;
  /** Arguments of every plan and apply. */
  readonly terraformArguments: readonly string[];
}

/** Terraform at work in one stack. */
export class StackRun {
  private readonly shown = new Set<string>();
  private readonly startedAt = Date.now();
  private errors = 0;
  private warnings = 0;
  private planned = 0;
  private result?: ChangeCounts;
  public readonly localState?: LocalState;
  private readonly unsavedState: UnsavedState;

  constructor(
    private readonly context: RunContext,
    public readonly stack: Stack,
  ) {
    this.localState = LocalState.of(context.terraform, stack);
    this.unsavedState = new UnsavedState(stack);
  }

  /** Whether Terraform warned of something, which is then to be seen at the next run too. */
  public get hasWarnings(): boolean {
    return this.warnings > 0;
  }

  /** Summary of the last apply. */
  public get summary(): string {
    const { add = 0, change = 0, remove = 0 } = this.result ?? {};
    const seconds = `${((Date.now() - this.startedAt) / 1000).toFixed(1)} s`;
    if (add + change + remove === 0) return `no changes (${seconds})`;
    return `${add} added, ${change} changed, ${remove} destroyed (${seconds})`;
  }

  /** Prepares the stack for Terraform: repairs the remains of a killed run, and sets up providers and backend. */
  public async initialise(): Promise<boolean> {
    this.context.progress.phase(this.stack.name, "initialising");
    const recovered = await this.localState?.recover(this.context.terraform);
    if (recovered !== undefined) this.context.progress.line(`${this.stack.name}: ${recovered}`);
    const { terraform, progress } = this.context;
    if (!this.succeeded(await terraform.init(this.stack))) return false;
    const saved = await this.unsavedState.save(terraform, this.lockTimeout);
    if (saved !== undefined) progress.line(`${this.stack.name}: ${saved}`);
    return true;
  }

  /** Plans into a file that only its owner can read, and returns the changes. */
  public async plan(file: string, options: { destroy?: boolean } = {}): Promise<Changes | undefined> {
    this.checkText();
    this.context.progress.phase(this.stack.name, "planning");
    // Terraform keeps the mode of a file that exists, and so would a write into one of before.
    fs.rmSync(file, { force: true });
    fs.writeFileSync(file, "", { mode: 0o600, flag: "wx" });
    // A user's TF_CLI_ARGS_plan can ask for exit codes that would count as failures here.
    const args = [
      "plan",
      "-detailed-exitcode=false",
      `-out=${file}`,
      ...(options.destroy ? ["-destroy"] : []),
      ...this.arguments,
    ];
    if (!this.succeeded(await this.stream(args))) {
      fs.rmSync(file, { force: true });
      return undefined;
    }
    const { code, stdout, stderr } = await this.context.terraform.read(this.stack, ["show", "-json", file]);
    if (code !== 0) throw new DeployError(`terraform show -json ended with ${code}: ${withoutSecrets(stderr)}`);
    return new Changes(this.stack, this.context.projectFolder, secretJson<PlanJson>("terraform show -json", stdout));
  }

  /** Applies a plan, or plans and applies at once. */
  public async apply(options: { plan?: string; destroy?: boolean } = {}): Promise<boolean> {
    if (options.plan === undefined) this.checkText();
    this.context.progress.phase(this.stack.name, options.plan === undefined ? "planning" : "applying");
    this.localState?.close();
    try {
      const { plan, destroy } = options;
      const what = plan === undefined ? ["-auto-approve", ...(destroy ? ["-destroy"] : [])] : [];
      const args = ["apply", ...what, ...this.arguments, ...(plan === undefined ? [] : [plan])];
      const succeeded = this.succeeded(await this.stream(args));
      if (succeeded && plan === undefined && !destroy) this.checkText();
      return succeeded;
    } finally {
      this.localState?.tidy();
      this.unsavedState.close();
    }
  }

  /** File of this stack's plan in a folder. */
  public planFile(folder = this.context.scratch): string {
    return path.join(folder, `${this.stack.name}.tfplan`);
  }

  /**
   * Creates an empty state on PostgreSQL first: Terraform locks the whole database, and with it every other stack, for as
   * long as an apply creates its state.
   */
  public async createState(): Promise<void> {
    const { terraform, scratch } = this.context;
    if (this.stack.content.terraform?.backend?.["pg"] === undefined) return;
    const { stdout } = await terraform.read(this.stack, ["state", "pull"]);
    // Of a state that does not exist, Terraform answers one without a lineage.
    if (!/"lineage":\s*""/.test(stdout)) return;
    const file = path.join(scratch, `${this.stack.name}.empty.tfstate`);
    const empty = { version: 4, terraform_version: terraform.version, serial: 1, lineage: randomUUID() };
    fs.writeFileSync(file, JSON.stringify({ ...empty, outputs: {}, resources: [] }), { mode: 0o600 });
    // Where it fails, another run created it meanwhile, or the apply says why not.
    await terraform.read(this.stack, ["state", "push", ...this.lockTimeout, file]);
    fs.rmSync(file);
  }

  /** Refuses to deploy what somebody else synthesised, such as another run in this folder with other code. */
  private checkText(): void {
    if (this.stack.isCurrent) return;
    throw new DeployError("another run synthesised this stack while this one was at work; run this one again");
  }

  private get lockTimeout(): string[] {
    return this.context.terraformArguments.filter((argument) => argument.startsWith("-lock-timeout"));
  }

  private get arguments(): string[] {
    return ["-json", "-input=false", ...this.context.terraformArguments];
  }

  private stream(args: readonly string[]): Promise<Finished> {
    return this.context.terraform.stream(this.stack, args, (message) => this.onMessage(message));
  }

  private onMessage(message: Message): void {
    const { progress } = this.context;
    switch (message.type) {
      case "diagnostic": {
        const text = diagnosticText(this.stack, message.diagnostic);
        if (message.diagnostic.severity === "error") this.errors += 1;
        else this.warnings += 1;
        // Terraform repeats a warning of the plan in the apply, and an interrupt once a resource.
        if (!this.shown.has(text)) progress.line(text);
        this.shown.add(text);
        break;
      }
      case "state_lock_acquire":
        progress.line(`${this.stack.name}: waiting for the lock of the state, which another run can have`);
        break;
      case "change_summary": {
        const { add, change, remove, operation } = message.changes;
        if (operation !== "plan") this.result = message.changes;
        else if (add + change + remove > 0) {
          progress.line(`${this.stack.name}: plan: ${add} to add, ${change} to change, ${remove} to destroy`);
          this.planned = add + change + remove;
        }
        break;
      }
      case "apply_start":
        // Only now is it certain that no condition refuses the plan.
        if (this.planned > 0) progress.phase(this.stack.name, "applying", this.planned);
        this.planned = 0;
        break;
      case "apply_complete":
        if (message.hook.action !== "read") progress.resource(this.stack.name);
    }
  }

  /** Says why Terraform failed, where no diagnostic did. */
  private succeeded({ code, stderr }: Finished): boolean {
    if (code === 0) return true;
    if (this.errors === 0 && !(this.context.terraform.showsLogs && stderr !== "")) {
      const { terraform, progress, projectFolder } = this.context;
      const folder = path.relative(projectFolder, this.stack.folder) || ".";
      const text = withoutSecrets(stderr) || `terraform ended with exit code ${code} and gave no reason`;
      const hint = initHint(text, terraform.commandIn(folder));
      progress.line([`${this.stack.name}: ${text}`, ...(hint === undefined ? [] : [hint])].join("\n"));
    }
    this.context.progress.end(this.stack.name, this.context.processes.interrupted ? "interrupted" : "failed");
    return false;
  }
}
