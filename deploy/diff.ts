import * as fs from "node:fs";
import * as path from "node:path";

import { DeployError } from "./deploy-error";
import type { Changes } from "./private/changes";
import { COMMON_HELP, readOptions } from "./private/options";
import { Session } from "./private/session";
import { StackRun } from "./private/stack-run";

export const DIFF_HELP = `fleet-tls diff [STACK...] [options]

Lists the changes that a deploy would make, by hosts and their files. Changes nothing and leaves no plan behind.

  --json                      print the changes as JSON: names and actions, no content
  --exit-code                 exit with 3 when there are changes
  --plan-dir DIR              keep the plans in DIR, readable by you alone: they contain private keys
${COMMON_HELP}
Exit codes: 0 every stack could be planned; 1 one could not; 2 the command line is wrong; 3 changes, with --exit-code.
`;

interface Diff {
  readonly name: string;
  readonly changes?: Changes;
  /** Why there are none to show. */
  readonly note?: string;
}

/** `fleet-tls diff`. */
export async function diff(args: readonly string[], out: (text: string) => void): Promise<number> {
  const options = readOptions(args, ["json", "exit-code", "plan-dir"]);
  if (options.help) {
    out(DIFF_HELP);
    return 0;
  }
  return Session.run(options, async (session) => {
    if (options.planDirectory !== undefined) removeFormerPlans(session, path.resolve(options.planDirectory));
    const diffs = new Map<string, Diff>();
    const isChanging = (name: string): boolean => {
      const found = diffs.get(name);
      return found !== undefined && found.changes?.areNone !== true;
    };
    const succeeded = await session.eachStack(
      async (run) => {
        const found = await diffStack(session, run, isChanging);
        if (found) diffs.set(run.stack.name, found);
        if (found) session.progress.end(run.stack.name);
        return found !== undefined;
      },
      { what: "planned" },
    );
    session.progress.close();
    const inOrder = [...diffs.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
    out(options.json ? json(inOrder) : text(inOrder));
    if (!succeeded) return 1;
    return options.exitCode && inOrder.some(({ name }) => isChanging(name)) ? 3 : 0;
  });
}

/** A plan of before is of other code: a deploy must not find it if its stack cannot be planned now. */
function removeFormerPlans(session: Session, folder: string): void {
  for (const stack of session.selected) {
    fs.rmSync(new StackRun(session, stack).planFile(folder), { force: true });
  }
}

async function diffStack(
  session: Session,
  run: StackRun,
  isChanging: (name: string) => boolean,
): Promise<Diff | undefined> {
  const { name, dependencies } = run.stack;
  const { planDirectory } = session.options;
  for (const dependency of dependencies) {
    const state = await session.stateOf(dependency);
    if (state === undefined)
      throw new DeployError(
        `it reads ${dependency}, whose state cannot be read; plan that stack too, which prints the reason`,
      );
    if (state.isEmpty) {
      return { name, note: `not planned: it reads ${dependency}, which is not deployed yet` };
    }
  }
  if (!(await run.initialise())) return undefined;
  const before = dependencies.filter(isChanging);
  if (planDirectory !== undefined && before.length > 0) {
    return { name, note: `not planned: it reads ${before.join(", ")}, which changes; plan it after that is deployed` };
  }
  const folder = planDirectory === undefined ? session.scratch : path.resolve(planDirectory);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The plan is then one of the state that the deploy of it finds.
  if (planDirectory !== undefined) await run.createState();
  const changes = await run.plan(run.planFile(folder));
  return changes && { name, changes };
}

function text(diffs: readonly Diff[]): string {
  return diffs.map(({ name, changes, note }) => `${changes?.toText() ?? `${name}: ${note}`}\n`).join("");
}

function json(diffs: readonly Diff[]): string {
  const stacks = diffs.map(({ name, changes, note }) => changes?.toJson() ?? { name, note });
  return `${JSON.stringify({ stacks }, null, 2)}\n`;
}
