import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { providerEnvironment } from "../providers/mirror";

const ROOT = path.join(__dirname, "..");
const AGENTS = [0, 100, 1000, 5000];
const MODES = ["one-way", "mutual", "encrypted"];

interface Measure {
  readonly seconds: number;
  readonly mebibytes: number;
}

/** Runs a command to its end and reads its wall time, and the memory of its largest process, off GNU time. */
function measure(command: string[], cwd: string, environment: Record<string, string>): Measure {
  const started = process.hrtime.bigint();
  const script =
    "import resource,subprocess,sys; code=subprocess.call(sys.argv[1:],stdout=subprocess.DEVNULL); " +
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)";
  const child = spawnSync("python3", ["-c", script, ...command], {
    cwd,
    env: { ...process.env, ...environment, CHECKPOINT_DISABLE: "1" },
    encoding: "utf8",
  });
  if (child.status !== 0) {
    throw new Error(`bench: ${command.join(" ")} failed with ${child.status}: ${child.stderr}`);
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  return { seconds, mebibytes: Number(child.stdout.trim().split("\n").at(-1)) / 1024 };
}

function row(cells: string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function table(title: string, head: string[], rows: string[][]): string {
  return [`## ${title}`, "", row(head), row(head.map(() => "---")), ...rows.map(row), ""].join("\n");
}

function synthTable(scratch: string): string {
  const rows: string[][] = [];
  for (const mode of MODES) {
    let empty = 0;
    for (const agents of AGENTS) {
      const outdir = path.join(scratch, `${mode}-${agents}`);
      const command = [process.execPath, "bench/app.cjs", String(agents), mode, outdir];
      const { seconds, mebibytes } = measure(command, ROOT, {});
      empty = agents === 0 ? seconds : empty;
      const per = agents === 0 ? "" : (((seconds - empty) * 1000) / agents).toFixed(2);
      rows.push([mode, String(agents), seconds.toFixed(2), per, mebibytes.toFixed(0)]);
      fs.rmSync(outdir, { recursive: true, force: true });
    }
  }
  const head = ["mode", "agents", "wall time (s)", "above none, a 1,000 agents (s)", "memory (MiB)"];
  return table("Synth, one process, compiled library", head, rows);
}

async function deployTable(scratch: string): Promise<string> {
  const environment = await providerEnvironment({ preferMirror: true });
  const project = path.join(scratch, "project");
  const files = spawnSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).stdout.trim().split("\n");
  for (const file of [
    ...files,
    ...fs.readdirSync(path.join(ROOT, "lib/programs")).map((name) => `lib/programs/${name}`),
  ]) {
    if (fs.existsSync(path.join(ROOT, file))) {
      fs.cpSync(path.join(ROOT, file), path.join(project, file));
    }
  }
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(project, "node_modules"));
  const cdktf = (...args: string[]): Measure => measure(["npx", "cdktf", ...args], project, environment);
  const deploy = ["deploy", "one-way", "mutual", "--auto-approve", "--skip-provider-lock"];
  const rows = (
    [
      ["synth of both stacks", cdktf("synth")],
      ["first deploy of both stacks", cdktf(...deploy)],
      ["second deploy, nothing to do", cdktf(...deploy)],
      ["destroy", cdktf("destroy", "one-way", "mutual", "--auto-approve", "--skip-provider-lock")],
    ] as const
  ).map(([what, { seconds, mebibytes }]) => [what, seconds.toFixed(1), mebibytes.toFixed(0)]);
  return table("`main.ts` by cdktf", ["what", "wall time (s)", "memory of the largest process (MiB)"], rows);
}

async function main(): Promise<void> {
  spawnSync("npm", ["run", "--silent", "build"], { cwd: ROOT, stdio: "inherit" });
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
  try {
    const machine = `${os.cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
    const report = [
      "# What it costs\n",
      `As \`npm run bench\` printed it (${machine}). The machine is shared and noisy: compare rows, not runs.\n`,
      synthTable(scratch),
      await deployTable(scratch),
    ].join("\n");
    fs.writeFileSync(path.join(ROOT, "bench/README.md"), report);
    process.stdout.write(report);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
