import { spawnSync } from "node:child_process";

/** What a command took from start to end. */
export interface Measure {
  readonly seconds: number;
  /** The memory of its largest process. */
  readonly mebibytes: number;
  readonly stdout: string;
}

/** The memory of a child is what its parent can ask the kernel for, which Node cannot: Python is the parent. */
const RUSAGE = `
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print("\\n" + str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss), file=sys.stderr)
sys.exit(code)
`;

/** Runs a command to its end; throws with what it said if it fails. */
export function measure(command: string[], cwd: string, environment: NodeJS.ProcessEnv = {}): Measure {
  const started = process.hrtime.bigint();
  const child = spawnSync("python3", ["-c", RUSAGE, ...command], {
    cwd,
    env: { ...process.env, CHECKPOINT_DISABLE: "1", ...environment },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (child.status !== 0) {
    throw new Error(`bench: ${command.join(" ")} failed with ${child.status}: ${child.stdout}\n${child.stderr}`);
  }
  const kibibytes = Number(child.stderr.trim().split("\n").at(-1));
  return { seconds, mebibytes: kibibytes / 1024, stdout: child.stdout };
}

/** A table of Markdown under its title. */
export function table(title: string, head: string[], rows: string[][], remark?: string): string {
  const row = (cells: string[]): string => `| ${cells.join(" | ")} |`;
  const text = remark === undefined ? [] : [remark, ""];
  return [`## ${title}`, "", ...text, row(head), row(head.map(() => "---")), ...rows.map(row), ""].join("\n");
}
