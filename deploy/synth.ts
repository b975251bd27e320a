import { parseArgs } from "node:util";

import { Processes } from "./private/processes";
import { Project } from "./private/project";

export const SYNTH_HELP = `fleet-tls synth [--app COMMAND] [--output DIR]

Synthesises the app of cdktf.json, and prints the folder of each stack. Terraform is not needed.
`;

/** `fleet-tls synth`. */
export async function synth(args: readonly string[], out: (text: string) => void): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      app: { type: "string", short: "a" },
      output: { type: "string", short: "o" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    out(SYNTH_HELP);
    return 0;
  }
  const processes = new Processes();
  const project = Project.read(process.cwd(), values);
  const stacks = await processes.whileListening(() => project.stacks(processes, process.env, false));
  out(stacks.map(({ folder }) => `${folder}\n`).join(""));
  return 0;
}
