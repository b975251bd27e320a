import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import type { ProviderSource } from "../providers/mirror";
import { findProviders } from "../providers/mirror";
import { closeOutputFolder, closeStates, removeForeignLocks, removePlans } from "./leftovers";
import { Progress } from "./progress";
import { recoverStates } from "./state-recovery";

const CDKTF = require.resolve("cdktf-cli/bundle/bin/cdktf");
// Every flag of cdktf that takes a value: without them a value would be taken for the name of a stack.
const VALUED = [
  "app",
  "output",
  "outputs-file",
  "parallelism",
  "terraform-parallelism",
  "var",
  "var-file",
  "log-level",
  "log-file-directory",
  "experimental-provider-schema-cache-path",
];
const SHORT: Record<string, string> = { app: "a", output: "o" };
const SAME_INTERRUPT_MS = 1000;

/** The command line of `cdktf deploy` or `cdktf destroy`. */
export interface CdktfCommand {
  readonly args: string[];
  /** Where cdktf synthesizes to. */
  readonly outputFolder: string;
  readonly outputsFile?: string;
}

/** What a user wrote after `npm run deploy --`, made into cdktf's own command line: all stacks when none is named. */
export function cdktfCommand(
  command: "deploy" | "destroy",
  words: readonly string[],
  origin: ProviderSource["origin"],
  defaults: { readonly outputFolder?: string; readonly outputsFile?: string } = {},
): CdktfCommand {
  const options = VALUED.map((name) => [
    name,
    { type: "string" as const, multiple: true, ...(SHORT[name] && { short: SHORT[name] }) },
  ]);
  const { values, positionals } = parseArgs({
    args: [...words],
    options: Object.fromEntries(options),
    strict: false,
    allowPositionals: true,
  });
  const last = (name: string) => (values[name] as string[] | undefined)?.at(-1);
  const outputsFile = last("outputs-file") ?? defaults.outputsFile;
  // The colours go anyway, and without them Terraform draws no box round an error.
  const given = words.filter((word) => word !== "--no-color" && word !== "--auto-approve");
  return {
    args: [
      command,
      ...(positionals.length === 0 ? ["*"] : []),
      ...given,
      "--auto-approve",
      // Locking asks the registry about every platform, which a mirror cannot answer.
      ...(origin !== "registry" && !words.includes("--skip-provider-lock") ? ["--skip-provider-lock"] : []),
      ...(outputsFile && !last("outputs-file") ? ["--outputs-file", outputsFile] : []),
    ],
    outputFolder: last("output") ?? defaults.outputFolder ?? "cdktf.out",
    ...(outputsFile && { outputsFile }),
  };
}

/** Runs cdktf in this project, progress on stderr, and leaves no plan behind; answers its exit code. */
export async function runCdktf(
  command: "deploy" | "destroy",
  words: readonly string[],
  outputsFile?: string,
): Promise<CdktfCommand & { readonly code: number }> {
  const { origin, environment } = await findProviders();
  const cdktf = cdktfCommand(command, words, origin, { outputFolder: configuredOutputFolder(), outputsFile });
  closeOutputFolder(cdktf.outputFolder);
  removeForeignLocks(cdktf.outputFolder, origin);
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const env = { ...process.env, ...environment, CHECKPOINT_DISABLE: "1" };
  await recoverStates(process.cwd(), env, log);
  log(`cdktf ${command}: synthesizing`);
  const progress = new Progress(log);
  try {
    const code = await run(cdktf.args, env, progress);
    if (code !== 0) process.stderr.write(progress.tail().join("\n") + "\n");
    return { ...cdktf, code };
  } finally {
    removePlans(cdktf.outputFolder);
    closeStates(process.cwd());
  }
}

function run(args: readonly string[], env: NodeJS.ProcessEnv, progress: Progress): Promise<number> {
  return new Promise((resolve, reject) => {
    // In a group of its own, so that an interrupt at the keyboard reaches Terraform by interrupt() alone.
    const child = spawn(process.execPath, [CDKTF, ...args], { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (piece) => progress.push(piece));
    }
    let interruptedAt = 0;
    const interrupt = () => {
      // npm and tsx pass on what the terminal has sent here already.
      if (Date.now() - interruptedAt < SAME_INTERRUPT_MS) return;
      if (interruptedAt === 0)
        process.stderr.write("interrupted: Terraform finishes what it is at and saves its state\n");
      // cdktf itself would drop Terraform at once, and with it what the state does not know yet.
      if (interruptedAt !== 0 || !interruptChildren(child.pid!)) child.kill("SIGINT");
      interruptedAt = Date.now();
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of signals) process.on(signal, interrupt);
    child.on("error", reject).on("close", (code) => {
      for (const signal of signals) process.off(signal, interrupt);
      resolve(code === 0 ? 0 : interruptedAt !== 0 ? 130 : (code ?? 1));
    });
  });
}

function interruptChildren(parent: number): boolean {
  const processes = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).stdout ?? "";
  const children = processes
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, ppid]) => ppid === parent)
    .map(([pid]) => pid!);
  for (const pid of children) {
    try {
      process.kill(pid, "SIGINT");
    } catch {
      // Ended by itself meanwhile.
    }
  }
  return children.length > 0;
}

function configuredOutputFolder(): string | undefined {
  const file = path.resolve("cdktf.json");
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")).output : undefined;
}
