import * as fs from "node:fs";
import * as path from "node:path";

import { isPartOutput } from "../lib/fleet/part-output";
import { hasPart } from "./assemble";
import { DeployError } from "./deploy-error";
import { fleetOf } from "./private/install-commands";
import { LastDeploy } from "./private/last-deploy";
import { COMMON_HELP, readOptions } from "./private/options";
import { count } from "./private/progress";
import { Session } from "./private/session";
import type { Stack } from "./private/stack";
import type { StackRun } from "./private/stack-run";
import type { State } from "./private/state";

export const DESTROY_HELP = `fleet-tls destroy [STACK...] [options]

Destroys stacks with Terraform, those that depend on others first, and removes the folders that are empty then. On a
terminal it asks for the name of each fleet. The last state of a local backend is kept next to where it was.

  --yes, -y, --auto-approve   do not ask
${COMMON_HELP}
Exit codes: 0 everything is destroyed; 1 something is not; 2 the command line is wrong; 130 interrupted.
`;

/** `fleet-tls destroy`. */
export async function destroy(args: readonly string[], out: (text: string) => void): Promise<number> {
  const options = readOptions(args, ["yes", "auto-approve"]);
  if (options.help) {
    out(DESTROY_HELP);
    return 0;
  }
  return Session.run(options, async (session) => {
    await refuseWhatIsRead(session);
    // All of it before anything is gone.
    for (const stack of session.selected) {
      for (const fleet of fleetsOf(stack)) {
        if (!(await session.questions.confirmName(session.progress, warningAbout(fleet), fleet))) {
          throw new DeployError(`nothing is destroyed: ${fleet} was not typed`);
        }
      }
    }
    const succeeded = await session.eachStack((run) => destroyStack(session, run), {
      backwards: true,
      what: "destroyed",
    });
    if (succeeded) return 0;
    process.stderr.write("not everything is destroyed: fix the errors above, and run it again\n");
    return 1;
  });
}

/** Refuses a stack that others still read: without its outputs, they can be neither deployed nor destroyed. */
async function refuseWhatIsRead(session: Session): Promise<void> {
  const names = new Set(session.selected.map(({ name }) => name));
  const readers = session.stacks.filter(
    ({ name, dependencies }) => !names.has(name) && dependencies.some((one) => names.has(one)),
  );
  for (const { name, dependencies } of readers) {
    const state = await session.stateOf(name);
    if (state?.isEmpty) continue;
    const read = dependencies.filter((one) => names.has(one)).join(", ");
    const why = state === undefined ? "its state cannot be read" : "it is still deployed";
    throw new DeployError(`nothing is destroyed: ${name} reads ${read}, and ${why}; destroy ${name} too, or before`);
  }
}

async function destroyStack(session: Session, run: StackRun): Promise<boolean> {
  const { stack } = run;
  if (!(await run.initialise())) return false;
  const before = await session.stateOf(stack.name);
  const files = before?.files ?? [];
  new LastDeploy(stack, session.terraform).forget();
  const isDestroyed = await run.apply({ destroy: true });
  if (before && hasPart(before)) removeWholeFiles(before, session.projectFolder);
  // Also after a failure: some hosts' folders can be empty.
  removeEmptyFolders(
    files.map((file) => path.dirname(file)),
    session.projectFolder,
  );
  if (!isDestroyed) return false;
  const kept = run.localState?.retire(new Date());
  session.progress.end(stack.name, `${count(files.length, "file")} and every key removed: ${run.summary}`);
  if (kept !== undefined) {
    session.progress.line(`${stack.name}: the last state, every key in it, is kept as ${session.relative(kept)}`);
  }
  return true;
}

/** What a deploy put together of several stacks describes none of them any more. */
function removeWholeFiles({ outputs }: State, project: string): void {
  for (const { value } of Object.entries(outputs).flatMap(([name, output]) => (isPartOutput(name) ? [output] : []))) {
    const { outputDirectory } = JSON.parse(String(value)) as { outputDirectory?: string };
    if (outputDirectory === undefined) continue;
    for (const ending of ["md", "json", "html"]) {
      fs.rmSync(path.resolve(project, outputDirectory, `whole-fleet.${ending}`), { force: true });
    }
  }
}

/** The fleets of a stack, by the ids that lead to them; a stack without any counts as one. */
function fleetsOf(stack: Stack): string[] {
  const fleets = stack.outputs.flatMap(({ ids }) => fleetOf(ids)?.fleet.join("/") ?? []);
  return fleets.length > 0 ? [...new Set(fleets)] : [stack.name];
}

function warningAbout(fleet: string): string {
  return `destroy removes the CA keys, certificates and files of ${fleet} from this machine and from the state.
Hosts keep the copies that they have, and work until their certificates end. After that, no agent can enroll or
connect: a new deploy makes new CAs, which no running host trusts.`;
}

/** Removes folders in which nothing is left, and those above them, up to the project. */
function removeEmptyFolders(folders: readonly string[], project: string): void {
  for (const folder of new Set(folders)) {
    for (let empty = folder; isBelow(empty, project) && isEmpty(empty); empty = path.dirname(empty))
      fs.rmdirSync(empty);
  }
}

function isBelow(folder: string, above: string): boolean {
  const way = path.relative(above, folder);
  return way !== "" && !way.startsWith("..") && !path.isAbsolute(way);
}

function isEmpty(folder: string): boolean {
  // One that is gone already has perhaps left an empty folder above it.
  if (fs.lstatSync(folder, { throwIfNoEntry: false }) === undefined) return false;
  return fs.lstatSync(folder).isDirectory() && fs.readdirSync(folder).length === 0;
}
