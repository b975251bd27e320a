import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";

import type { Command } from "../support/execute";

/** What Terraform says when it is done with a resource. */
const DONE = /: (?:Creation|Modifications|Destruction) complete after /g;

/** How many resources a text of Terraform's says are done. */
export function countDone(output: string): number {
  return stripVTControlCharacters(output).match(DONE)?.length ?? 0;
}

/** A program of which every process can be found and killed at any moment, whoever started it and in which group. */
export class DoomedProcess {
  public output = "";
  private readonly marker = `FAULT_RUN=${randomUUID()}`;
  private readonly child;
  private readonly ended: Promise<unknown>;
  private readonly watchers: (() => void)[] = [];

  constructor(command: Command) {
    const [name, value] = this.marker.split("=") as [string, string];
    this.child = spawn(command.file, [...command.args], {
      cwd: command.cwd,
      // Inherited by all that it starts, and still there in what outlives its parent.
      env: { ...command.env, [name]: value },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.ended = once(this.child, "exit");
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8").on("data", (piece: string) => {
        this.output += piece;
        for (const watcher of this.watchers) watcher();
      });
    }
  }

  public get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** How many resources Terraform has said are done. */
  public get done(): number {
    return countDone(this.output);
  }

  /** Waits until so many resources are done, or it has ended by itself. */
  public async untilDone(resources: number): Promise<void> {
    const reached = new Promise<void>((resolve) => {
      this.watchers.push(() => this.done >= resources && resolve());
    });
    await Promise.race([reached, this.ended]);
  }

  /** Waits so long, or until it has ended by itself. */
  public async during(milliseconds: number): Promise<void> {
    const stop = new AbortController();
    await Promise.race([sleep(milliseconds, undefined, { signal: stop.signal }).catch(() => undefined), this.ended]);
    stop.abort();
  }

  /** Waits for its end; answers its exit code. */
  public async end(): Promise<number> {
    await this.ended;
    return this.child.exitCode ?? 1;
  }

  /** Stops it in its tracks, or lets it go on. */
  public signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.child.kill(signal);
  }

  /** `kill -9` of the process alone; what it started, such as Terraform's providers, lives on without it. */
  public async killAlone(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  /** `kill -9` of every one of its processes. */
  public async killAll(): Promise<void> {
    this.child.kill("SIGKILL");
    for (let found = this.processes(); found.length > 0; found = this.processes()) {
      for (const pid of found) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // Ended meanwhile.
        }
      }
      await sleep(5);
    }
    await this.ended;
  }

  private processes(): number[] {
    return fs
      .readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          return fs.readFileSync(`/proc/${pid}/environ`, "latin1").includes(this.marker);
        } catch {
          return false;
        }
      });
  }
}
