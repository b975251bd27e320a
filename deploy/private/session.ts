import * as path from "node:path";

import { Board } from "./board";
import { DeployError, reasonOf } from "../deploy-error";
import { EarlyStates } from "./early-states";
import { hasRecord } from "./last-deploy";
import type { Options } from "./options";
import { Processes } from "./processes";
import { Progress } from "./progress";
import { Project } from "./project";
import { Questions } from "./question";
import type { Outcome } from "./schedule";
import { inOrder } from "./schedule";
import { Scratch } from "./scratch";
import type { Stack } from "./stack";
import type { RunContext } from "./stack-run";
import { StackRun } from "./stack-run";
import { State } from "./state";
import { Terraform } from "./terraform";

/** One run of `deploy`, `diff` or `destroy`: the project, the options, and the environment. */
export class Session implements RunContext {
  /**
   * Synthesises, then does the work, and removes temporary files.
   *
   * @param needsStates whether the work begins with the state of each stack: they are read during the synthesis then
   */
  public static async run(
    options: Options,
    work: (session: Session) => Promise<number>,
    { needsStates = false } = {},
  ): Promise<number> {
    const processes = new Processes();
    const scratch = new Scratch();
    try {
      return await processes.whileListening(async () => {
        const session = await Session.open(options, processes, scratch, needsStates);
        try {
          const code = await work(session);
          return processes.interrupted ? 130 : code;
        } finally {
          session.progress.close();
        }
      });
    } catch (error) {
      // What it interrupted can end in an error of its own.
      if (processes.interrupted && error instanceof DeployError) throw new DeployError(error.message, 130);
      throw error;
    } finally {
      scratch.dispose();
    }
  }

  private static async open(
    options: Options,
    processes: Processes,
    scratch: Scratch,
    needsStates: boolean,
  ): Promise<Session> {
    const project = Project.read(process.cwd(), options);
    const env = { ...process.env, ...options.variables };
    // Before the app is run: a new machine lacks Terraform.
    const terraform = await Terraform.find(processes, env, project.folder);
    for (const setting of terraform.loudLogs) {
      process.stderr.write(`warning: ${setting}: at this level the tls provider logs private keys; keep this output\n`);
    }
    const { result: stacks, states } = await EarlyStates.during(
      terraform,
      needsStates ? project.lastStacks() : [],
      options.parallelism,
      () => project.stacks(processes, env, options.skipSynth),
    );
    for (const folder of project.formerFolders(stacks).filter(hasRecord)) {
      process.stderr.write(warningAbout(path.basename(folder), path.relative(project.folder, folder)));
    }
    checkVariables(stacks, options.variables);
    const selected = select(stacks, options.stacks);
    const progress = new Progress(await Board.onTerminal());
    return new Session(options, processes, scratch.folder, project, terraform, stacks, selected, progress, states);
  }

  public readonly questions: Questions;
  public readonly projectFolder: string;
  public readonly terraformArguments: readonly string[];
  private readonly states = new Map<string, Promise<State | undefined>>();

  private constructor(
    public readonly options: Options,
    public readonly processes: Processes,
    /** A folder for plans that is removed at the end. */
    public readonly scratch: string,
    project: Project,
    public readonly terraform: Terraform,
    /** Every stack of the app. */
    public readonly stacks: readonly Stack[],
    /** Those that this run is about. */
    public readonly selected: readonly Stack[],
    public readonly progress: Progress,
    private readonly earlyStates: EarlyStates,
  ) {
    this.questions = new Questions(options.yes);
    this.projectFolder = project.folder;
    this.terraformArguments = options.terraformArguments;
  }

  /** Runs something with each stack in order of their dependencies, or against it; names what did not succeed. */
  public async eachStack(
    work: (run: StackRun) => Promise<boolean>,
    { backwards = false, what, among = this.selected }: { backwards?: boolean; what: string; among?: readonly Stack[] },
  ): Promise<boolean> {
    this.progress.begin(among.length);
    const tasks = among.map((stack) => ({
      name: stack.name,
      stack,
      dependencies: backwards
        ? this.stacks.filter(({ dependencies }) => dependencies.includes(stack.name)).map(({ name }) => name)
        : stack.dependencies,
    }));
    const outcomes = await inOrder(
      tasks,
      this.options.parallelism,
      ({ stack }) => this.attempt(stack, work),
      () => this.processes.interrupted,
    );
    const named = (outcome: Outcome): string =>
      [...outcomes]
        .filter(([, one]) => one === outcome)
        .map(([name]) => name)
        .sort()
        .join(", ");
    const [failed, blocked, done] = [named("failed"), named("blocked"), named("done")];
    if (failed === "" && blocked === "") return true;
    this.progress.close();
    if (done !== "") process.stderr.write(`${what}: ${done}\n`);
    if (failed !== "") process.stderr.write(`failed: ${failed}\n`);
    if (blocked !== "") process.stderr.write(`not started: ${blocked}\n`);
    return false;
  }

  /** The state of a stack, pulled once. */
  public stateOf(name: string): Promise<State | undefined> {
    const known = this.states.get(name);
    if (known) return known;
    const stack = this.stacks.find((one) => one.name === name);
    const pulled = stack ? this.pull(stack) : Promise.resolve(undefined);
    this.states.set(name, pulled);
    return pulled;
  }

  private async pull(stack: Stack): Promise<State | undefined> {
    const state = await (this.earlyStates.of(stack) ?? State.pull(this.terraform, stack));
    // Nobody initialises a stack that is not part of this run: on a new runner, its state cannot be read yet.
    if (state !== undefined || this.selected.includes(stack)) return state;
    const { code } = await this.terraform.init(stack);
    return code === 0 ? State.pull(this.terraform, stack) : undefined;
  }

  /** The outputs that a stack can read of others; nothing where one of them cannot be read. */
  public async outputsFor(stack: Stack): Promise<unknown[] | undefined> {
    const states = await Promise.all([...stack.dependencies].sort().map((name) => this.stateOf(name)));
    return states.includes(undefined) ? undefined : states.map((state) => state!.outputs);
  }

  /** Whether the state of a stack has been pulled, and it has resources. */
  public async hasResources(name: string): Promise<boolean> {
    return (await this.states.get(name))?.isEmpty === false;
  }

  /** The state of a stack is another one from now on. */
  public forgetState(name: string): void {
    this.states.delete(name);
    this.earlyStates.forget(name);
  }

  /** A path as a person in the project's folder writes it. */
  public relative(file: string): string {
    return path.relative(this.projectFolder, file) || ".";
  }

  private async attempt(stack: Stack, work: (run: StackRun) => Promise<boolean>): Promise<boolean> {
    try {
      return await work(new StackRun(this, stack));
    } catch (error) {
      // Whatever it is: other stacks are at work, and their Terraform would end with this process.
      this.progress.end(stack.name, `error: ${reasonOf(error)}`);
      return false;
    }
  }
}

/** The stacks that patterns name; all where there is none. */
function select(stacks: readonly Stack[], patterns: readonly string[]): readonly Stack[] {
  if (patterns.length === 0) return stacks;
  const matches = (pattern: string, name: string): boolean =>
    new RegExp(
      `^${pattern
        .split("*")
        .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
        .join(".*")}$`,
    ).test(name);
  for (const pattern of patterns.filter((one) => !stacks.some(({ name }) => matches(one, name)))) {
    const names = stacks.map(({ name }) => name).sort();
    throw new DeployError(`there is no stack "${pattern}", allowed are ${names.join(", ")}`, 2);
  }
  return stacks.filter(({ name }) => patterns.some((pattern) => matches(pattern, name)));
}

function warningAbout(stack: string, folder: string): string {
  return `warning: the app no longer has the stack ${stack}, which is deployed: its files stay, and its state with every key;
  to destroy it, put it back into the code and run fleet-tls destroy ${stack}; to keep it, remove ${folder}
`;
}

/** Refuses a variable that no stack declares: Terraform ignores one from the environment, as if it had a default. */
function checkVariables(stacks: readonly Stack[], given: Options["variables"]): void {
  const declared = new Set(stacks.flatMap(({ content }) => Object.keys(content.variable ?? {})));
  for (const name of Object.keys(given).map((variable) => variable.replace(/^TF_VAR_/, ""))) {
    if (declared.has(name)) continue;
    const allowed = [...declared].sort().join(", ") || "none";
    throw new DeployError(
      `--var: no stack declares this variable, got "${name}", allowed are ${allowed}; correct its name`,
      2,
    );
  }
}
