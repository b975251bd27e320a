import * as fs from "node:fs";
import * as path from "node:path";

import { isPartOutput } from "../lib/fleet/part-output";
import { DeployError } from "./deploy-error";
import { COMMON_HELP, readOptions } from "./private/options";
import { Session } from "./private/session";
import type { State } from "./private/state";
import type * as WholeFiles from "./private/whole-files";

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
    out(
      writeWholeFiles(session, states)
        .map((file) => `${file}\n`)
        .join(""),
    );
    return 0;
  });
}

/** Writes what spans the stacks; answers the files, as seen from the project. */
export function writeWholeFiles(session: Session, states: readonly State[]): string[] {
  if (!states.some(hasPart)) return [];
  // Loads cdktf, which no other command needs; tsx does not find TypeScript by a dynamic import.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { wholeFiles } = require("./private/whole-files") as typeof WholeFiles;
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
