import * as fs from "node:fs";
import * as path from "node:path";

import { measure, table } from "./measure";

const ROOT = path.join(__dirname, "..");
const AGENTS = [0, 100, 1000, 5000];
const MODES: readonly Mode[] = [
  { name: "one-way", program: "bench/app.cjs" },
  { name: "mutual", program: "bench/app.cjs" },
  { name: "encrypted", program: "bench/app.cjs" },
  { name: "mutual", program: "bench/by-hand.cjs" },
];

interface Mode {
  readonly name: string;
  readonly program: string;
}

/** What `bench/app.cjs` says of its own time. */
interface Share {
  readonly synthSeconds: number;
  readonly commandSeconds: number;
}

/** Synth from none to 5,000 agents, and how much of it the commands' rules and their rendering are. */
export function synthTable(scratch: string): string {
  const rows: string[][] = [];
  for (const { name, program } of MODES) {
    let empty = 0;
    for (const agents of AGENTS) {
      const outdir = path.join(scratch, `${name}-${agents}`);
      const { seconds, mebibytes, stdout } = measure([process.execPath, program, String(agents), name, outdir], ROOT);
      const { synthSeconds, commandSeconds } = JSON.parse(stdout) as Share;
      empty = agents === 0 ? seconds : empty;
      const per = agents === 0 ? "" : (((seconds - empty) * 1000) / agents).toFixed(2);
      const share = ((100 * commandSeconds) / (synthSeconds - commandSeconds)).toFixed(1);
      const mode = program.includes("by-hand") ? `${name}, agents by hand` : name;
      rows.push([mode, String(agents), seconds.toFixed(2), per, share, mebibytes.toFixed(0)]);
      fs.rmSync(outdir, { recursive: true, force: true });
    }
  }
  const head = ["mode", "agents", "wall time (s)", "above none, a 1,000 agents (s)", "rules and rendering (%)"];
  return table(
    "Synth, one process, compiled library",
    [...head, "memory (MiB)"],
    rows,
    "Rules and rendering: what checking and writing the commands adds to the rest of the synth, timed within the same run. " +
      "By hand: the same keys, certificates and files written with cdktf's bindings alone (`bench/by-hand.cjs`), which is what cdktf costs.",
  );
}
