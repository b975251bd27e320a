import * as fs from "node:fs";
import * as path from "node:path";

import { hasPart, writeWholeFiles } from "./assemble";
import { DeployError } from "./deploy-error";
import type { DeployedOutput } from "./private/install-commands";
import { fleetOf, installCommands } from "./private/install-commands";
import { LastDeploy } from "./private/last-deploy";
import type { Options } from "./private/options";
import { COMMON_HELP, readOptions } from "./private/options";
import { count } from "./private/progress";
import { Session } from "./private/session";
import type { Stack } from "./private/stack";
import type { StackRun } from "./private/stack-run";
import type { State } from "./private/state";

export const DEPLOY_HELP = `fleet-tls deploy [STACK...] [options]

Synthesises the app of cdktf.json and applies its stacks with Terraform or OpenTofu (TERRAFORM_BINARY_NAME), in order
of their dependencies. The install commands go to stdout, all else to stderr. On a terminal it asks before it replaces
or destroys what exists; a first deploy is not asked about.

  --yes, -y, --auto-approve   do not ask
  --all                       also plan stacks that have not changed since their last deploy by this machine
  --plan-dir DIR              apply the plans that fleet-tls diff --plan-dir DIR made
${COMMON_HELP}
Exit codes: 0 everything is deployed; 1 something is not; 2 the command line is wrong; 130 interrupted.
`;

/** `fleet-tls deploy`. */
export async function deploy(args: readonly string[], out: (text: string) => void): Promise<number> {
  const options = readOptions(args, ["yes", "auto-approve", "all", "plan-dir"]);
  if (options.help) {
    out(DEPLOY_HELP);
    return 0;
  }
  const work = async (session: Session): Promise<number> => {
    const deployed = new Map<Stack, State>();
    const deployOne = async (run: StackRun): Promise<boolean> => {
      const state = (await unchangedState(session, run.stack)) ?? (await deployedState(session, run));
      if (state) deployed.set(run.stack, state);
      return state !== undefined;
    };
    const succeeded =
      (await session.eachStack(deployOne, { what: "deployed" })) &&
      (await session.eachStack(deployOne, { what: "deployed", among: withoutTheirFiles(session, deployed) }));
    session.progress.close();
    if (!succeeded) {
      process.stderr.write("the deploy is not complete: fix the errors above, and run it again\n");
      return 1;
    }
    out(installCommands(outputsOf(session, deployed)));
    const states = [...deployed.values()];
    const isWhole = session.selected.length === session.stacks.length;
    const whole = isWhole ? writeWholeFiles(session, states) : [];
    if (!isWhole && states.some(hasPart)) {
      process.stderr.write("once every stack is deployed, npx fleet-tls assemble writes whole-fleet.md\n");
    }
    process.stderr.write(authorityWarnings(states) + missingRequests(states) + nextStep(session, states, whole));
    return 0;
  };
  return Session.run(options, work, { needsStates: skipsUnchanged(options) && options.stacks.length === 0 });
}

/** Whether stacks that have not changed are not planned. */
function skipsUnchanged({ all, planDirectory }: Options): boolean {
  return !all && planDirectory === undefined;
}

/** The state of a stack that a plan would find nothing to do in; nothing where that is not certain. */
async function unchangedState(session: Session, stack: Stack): Promise<State | undefined> {
  const last = new LastDeploy(stack, session.terraform);
  if (!skipsUnchanged(session.options) || !last.isKnown) return undefined;
  const state = await session.stateOf(stack.name);
  const outputs = await session.outputsFor(stack);
  if (state === undefined || outputs === undefined || !last.matches(state, outputs, new Date())) return undefined;
  session.progress.end(stack.name, "unchanged since its last deploy, skipped (--all plans it)");
  return state;
}

/** The state of a stack after its deploy; nothing where that failed. */
async function deployedState(session: Session, run: StackRun): Promise<State | undefined> {
  const { stack } = run;
  const last = new LastDeploy(stack, session.terraform);
  last.forget();
  if (!(await deployStack(session, run))) return undefined;
  session.forgetState(stack.name);
  const state = await session.stateOf(stack.name);
  if (state === undefined) throw new DeployError("deployed, but its state cannot be read back; run it again");
  const outputs = await session.outputsFor(stack);
  // What Terraform warned of is to be seen next time too. A plan that was approved may be of other code than today's.
  if (outputs !== undefined && !run.hasWarnings && session.options.planDirectory === undefined)
    last.remember(state, outputs, new Date());
  session.progress.end(stack.name, run.summary);
  return state;
}

async function deployStack(session: Session, run: StackRun): Promise<boolean> {
  const { planDirectory } = session.options;
  if (!(await run.initialise())) return false;
  if (planDirectory !== undefined) {
    const plan = run.planFile(path.resolve(planDirectory));
    if (!fs.existsSync(plan)) {
      throw new DeployError(`there is no plan ${plan}; make it with fleet-tls diff --plan-dir ${planDirectory}`);
    }
    if (!(await run.apply({ plan }))) return false;
    fs.rmSync(plan);
    return true;
  }
  if (!(await session.hasResources(run.stack.name))) await run.createState();
  // Nobody would be asked, so there is no need to plan apart.
  if (!session.questions.areAsked) return run.apply();
  const plan = run.planFile();
  const changes = await run.plan(plan);
  if (!changes) return false;
  if (changes.areDestructive) {
    const question = `${changes.toText()}\nfiles are absent for seconds while they are rewritten: nothing may copy them now`;
    if (!(await session.questions.confirm(session.progress, question))) throw new DeployError("not deployed: declined");
  }
  return run.apply({ plan });
}

/**
 * The stacks whose files were removed while they were written: a host that moves to another stack, such as an agent of
 * another group, keeps its folder, and its former stack removes the files in it, before or after the other writes them.
 */
function withoutTheirFiles(session: Session, deployed: ReadonlyMap<Stack, State>): Stack[] {
  const stacks = [...deployed].filter(([, { files }]) => !files.every(fs.existsSync)).map(([stack]) => stack);
  for (const { name } of stacks)
    session.progress.line(`${name}: another stack removed files of it, which have to be written again`);
  return stacks;
}

function outputsOf(session: Session, deployed: ReadonlyMap<Stack, State>): DeployedOutput[] {
  const byName = [...deployed].sort(([one], [other]) => (one.name < other.name ? -1 : 1));
  return byName.flatMap(([stack, state]) =>
    stack.outputs.map(({ ids, name, sensitive }) => {
      const form = fleetOf(ids)?.isMap === false ? "-raw" : "-json";
      const folder = session.relative(stack.folder);
      return {
        ids,
        ...(!sensitive && { value: state.plainOutputs[name] ?? null }),
        show: `${session.terraform.commandIn(folder)} output ${form} ${name}`,
      };
    }),
  );
}

/** One line for each warning about a CA of the user's own. */
function authorityWarnings(states: readonly State[]): string {
  const warnings = states
    .flatMap(({ plainOutputs }) => Object.entries(plainOutputs))
    .filter(([name]) => name.endsWith("certificate-authority-warnings"))
    .flatMap(([, texts]) => texts as readonly string[]);
  return [...new Set(warnings)].map((warning) => `warning: ${warning}\n`).join("");
}

/** One line for each certificate that waits for its request. */
function missingRequests(states: readonly State[]): string {
  return states
    .flatMap(({ plainOutputs }) => Object.entries(plainOutputs))
    .filter(([name]) => name.endsWith("certificate-requests"))
    .flatMap(([, requests]) => Object.entries(requests as Readonly<Record<string, string>>))
    .filter(([, status]) => status.startsWith("missing"))
    .map(([file, status]) => `${file} has no certificate yet: ${status.replace(/^missing: /, "")}\n`)
    .join("");
}

/** Text of the folders of the files, and of the next steps. */
function nextStep(session: Session, states: readonly State[], whole: readonly string[]): string {
  const files = states.flatMap((state) => state.files).map((file) => session.relative(file));
  if (files.length === 0) return "";
  const runbooks = whole.some((file) => file.endsWith(".md"))
    ? whole.filter((file) => file.endsWith(".md"))
    : files.filter((file) => path.basename(file) === "RUNBOOK.md").sort();
  const next =
    runbooks.length > 0
      ? `next: follow ${runbooks.join(" and ")}`
      : "next: copy each host's folder to its host, and run its install command there";
  return `${count(files.length, "file")} in ${foldersOf(files).join(", ")}; ${next}\n`;
}

/** The folders of the project that files are in, and the folder of all files outside the project. */
function foldersOf(files: readonly string[]): string[] {
  const isOutside = (file: string): boolean => file.startsWith("..") || path.isAbsolute(file);
  const inside = files.filter((file) => !isOutside(file)).map((file) => file.split(path.sep)[0]!);
  const outside = files.filter(isOutside).map((file) => path.dirname(file));
  const common = outside.slice(1).reduce(commonFolder, outside[0] ?? "");
  return [...new Set([...inside, ...(common === "" ? [] : [common])])].sort();
}

function commonFolder(one: string, other: string): string {
  const parts = other.split(path.sep);
  const shared = one.split(path.sep).findIndex((part, index) => part !== parts[index]);
  return shared === -1 ? one : one.split(path.sep).slice(0, shared).join(path.sep) || path.sep;
}
