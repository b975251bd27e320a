import * as fs from "node:fs";
import * as path from "node:path";

import { isPartOutput } from "../lib/fleet/part-output";
import { missingParts, partsAmong, wholeFleets } from "../lib/fleet/whole-fleet";
import { renderPage } from "../page/render-page";
import { DeployError } from "./deploy-error";
import { COMMON_HELP, readOptions } from "./private/options";
import { Session } from "./private/session";
import type { State } from "./private/state";

export const ASSEMBLE_HELP = `fleet-tls assemble [options]

Writes whole-fleet.md (runbook), whole-fleet.json (every host) and, if the fleet has an operator page, whole-fleet.html
into the output directory of each fleet with AgentStacks, from the states of all its stacks. A complete fleet-tls deploy
does the same; run this after cdktf deploy, and after the last job of a pipeline that deploys in parts.

${COMMON_HELP}
Exit codes: 0 the files are written; 1 a stack is missing; 2 the command line is wrong.
`;

/** `fleet-tls assemble`. */
export async function assemble(args: readonly string[], out: (text: string) => void): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    out(ASSEMBLE_HELP);
    return 0;
  }
  return Session.run(options, async (session) => {
    const states: State[] = [];
    const succeeded = await session.eachStack(
      async (run) => {
        const { name } = run.stack;
        const state = (await run.initialise()) ? await session.stateOf(name) : undefined;
        if (state === undefined || state.isEmpty) throw new DeployError("is not deployed yet; deploy it first");
        states.push(state);
        session.progress.end(name);
        return true;
      },
      { what: "read" },
    );
    session.progress.close();
    if (!succeeded) return 1;
    refuseParts(states);
    out(
      writeWholeFiles(session, states)
        .map((file) => `${file}\n`)
        .join(""),
    );
    return 0;
  });
}

/** Refuses to write a whole fleet of a part of its stacks. */
function refuseParts(states: readonly State[]): void {
  for (const { fleet, stacks } of missingParts(states.flatMap(({ outputs }) => partsAmong(outputs)))) {
    const missing = stacks.map((stack) => stack ?? "the fleet's own stack").join(", ");
    throw new DeployError(`${fleet}: a stack of the fleet is left out, missing: ${missing}; add it to --stacks`);
  }
}

/** Writes what spans the stacks; answers the files, as seen from the project. */
export function writeWholeFiles(session: Session, states: readonly State[]): string[] {
  if (!states.some(hasPart)) return [];
  const files = wholeFiles(states.map(({ outputs }) => outputs));
  return files.map(({ directory, name, text }) => {
    const folder = path.resolve(session.projectFolder, directory);
    const file = path.join(folder, name);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Whoever reads it sees the former one or this one, and never a half.
    fs.writeFileSync(`${file}.new`, text, { mode: 0o644 });
    fs.renameSync(`${file}.new`, file);
    return session.relative(file);
  });
}

/** Whether a stack has a part of what spans the stacks of a fleet. */
export function hasPart({ outputs }: State): boolean {
  return Object.keys(outputs).some(isPartOutput);
}

/** A file that spans the stacks of a fleet. */
interface WholeFile {
  readonly directory: string;
  readonly name: string;
  readonly text: string;
}

type Outputs = Readonly<Record<string, { readonly value: unknown }>>;

/** The files of each fleet whose agents are spread over stacks, from the outputs of all stacks. */
function wholeFiles(stacks: readonly Outputs[]): WholeFile[] {
  return wholeFleets(stacks.flatMap(partsAmong)).flatMap(({ outputDirectory, runbook, inventory, page }) => {
    const file = (ending: string, text: string): WholeFile[] =>
      outputDirectory === undefined ? [] : [{ directory: outputDirectory, name: `whole-fleet.${ending}`, text }];
    return [
      ...file("md", runbook),
      ...file("json", `${JSON.stringify(inventory, null, 2)}\n`),
      ...(page === undefined ? [] : file("html", renderPage(page))),
    ];
  });
}
