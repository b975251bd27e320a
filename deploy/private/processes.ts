import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

// npm and tsx pass on an interrupt that the terminal has sent to every process already.
const SAME_INTERRUPT_MS = 1000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Options for running a program. */
export interface ProcessOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Run the command line in the shell of the system. */
  readonly shell?: boolean;
  /** What the program reads from stdin, which is empty otherwise. */
  readonly input?: string;
  /** Receives each line of stdout, which is then not kept. */
  readonly onLine?: (line: string) => void;
  /** Pass stderr through to the terminal as well. */
  readonly showStderr?: boolean;
}

/** End of a program. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The programs that a command runs. Each is in a process group of its own, so that an interrupt at the keyboard reaches
 * it once, through this class: Terraform then finishes its current step and saves its state.
 */
export class Processes {
  private readonly running = new Map<ChildProcess, boolean>();
  private interruptedAt = 0;

  /** Whether somebody asked the command to stop: nothing new is started then. */
  public get interrupted(): boolean {
    return this.interruptedAt !== 0;
  }

  /** Listens for interrupts while something is done. */
  public async whileListening<T>(work: () => Promise<T>): Promise<T> {
    const interrupt = (): void => this.interrupt();
    for (const signal of SIGNALS) process.on(signal, interrupt);
    try {
      return await work();
    } finally {
      for (const signal of SIGNALS) process.off(signal, interrupt);
    }
  }

  /** Runs a program to its end. Rejects only if it cannot be started. */
  public run(command: string, args: readonly string[], options: ProcessOptions): Promise<Finished> {
    const { cwd, env, shell = false, input, onLine, showStderr } = options;
    const detached = process.platform !== "win32";
    return new Promise((resolve, reject) => {
      const child = spawn(command, [...args], { cwd, env, shell, detached, stdio: ["pipe", "pipe", "pipe"] });
      // A program that ends before it has read all of it says why itself.
      child.stdin.on("error", () => undefined).end(input);
      this.running.set(child, shell);
      let stdout = "";
      let stderr = "";
      if (onLine) createInterface({ input: child.stdout, crlfDelay: Infinity }).on("line", onLine);
      else child.stdout.setEncoding("utf8").on("data", (piece: string) => (stdout += piece));
      child.stderr.setEncoding("utf8").on("data", (piece: string) => {
        stderr += piece;
        if (showStderr) process.stderr.write(piece);
      });
      child.on("error", (error) => {
        this.running.delete(child);
        reject(error);
      });
      child.on("close", (code) => {
        this.running.delete(child);
        // readline hands over the last line after the stream has ended.
        setImmediate(() => resolve({ code: code ?? 1, stdout, stderr }));
      });
    });
  }

  private interrupt(): void {
    if (Date.now() - this.interruptedAt < SAME_INTERRUPT_MS) return;
    const isFirst = !this.interrupted;
    if (isFirst) process.stderr.write("interrupted: Terraform finishes its current step and saves its state\n");
    this.interruptedAt = Date.now();
    for (const [child, shell] of this.running) {
      // A shell does not pass an interrupt on, and an app can hang; Terraform does what its providers need itself.
      if (shell && process.platform !== "win32") process.kill(-child.pid!, isFirst ? "SIGINT" : "SIGKILL");
      else child.kill("SIGINT");
    }
  }
}
