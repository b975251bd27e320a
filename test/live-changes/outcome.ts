import * as fs from "node:fs";
import * as os from "node:os";

import { connect, CONNECTIONS } from "./handshake";
import type { DeployedHost, HostName, Progress } from "./host-disk";
import { HostDisk, HOSTS, PROGRESS } from "./host-disk";
import type { FleetStep } from "./live-fleet";
import { FOLDER, LiveFleet } from "./live-fleet";

/** A change of a live fleet in one deploy. */
export interface Change {
  readonly name: string;
  /** Changes of the very same step share one deployed fleet. */
  readonly before: FleetStep;
  readonly after: FleetStep;
  /** Done on the hosts before the change is deployed; the folder has theirs. */
  readonly prepare?: (folder: string) => void;
}

/** What came of a change. */
export interface Outcome {
  readonly verdict:
    "no such fleet" | "refused" | "applied, 0 failed" | "applied, named in the runbook" | "applied, failed, silent";
  readonly detail: string;
}

/** A fleet that is deployed with its former code, from which changes are made one at a time. Dispose of it. */
export class FormerFleet {
  private fleet?: LiveFleet;
  private unfit?: string;

  constructor(private readonly before: FleetStep) {}

  /** Makes a change; if it is applied, rolls it out to one host after the other in every order. */
  public async outcomeOf({ after, prepare }: Change): Promise<Outcome> {
    const fleet = await this.deployed();
    if (this.unfit !== undefined) return { verdict: "no such fleet", detail: this.unfit };
    const former = fleet.project.path("former");
    fs.rmSync(former, { recursive: true, force: true });
    fs.cpSync(fleet.project.path(FOLDER), former, { recursive: true });
    prepare?.(former);
    const refusal = await refusalOf(fleet, after);
    if (refusal !== undefined) return { verdict: "refused", detail: refusal };
    try {
      await fleet.project.apply("stack");
      return await this.judge(former, fleet, after);
    } finally {
      this.dispose();
    }
  }

  public dispose(): void {
    this.fleet?.dispose();
    this.fleet = undefined;
  }

  private async deployed(): Promise<LiveFleet> {
    if (this.fleet !== undefined) return this.fleet;
    const fleet = new LiveFleet();
    this.fleet = fleet;
    this.unfit = await refusalOf(fleet, this.before);
    if (this.unfit === undefined) await fleet.project.apply("stack");
    return fleet;
  }

  private async judge(former: string, fleet: LiveFleet, after: FleetStep): Promise<Outcome> {
    const latest = fleet.project.path(FOLDER);
    const disk = (host: HostName, progress: Progress): HostDisk => {
      const side = (folder: string, { others = {} }: FleetStep): DeployedHost => ({
        folder: `${folder}/${HOSTS[host]}`,
        others: others[host],
      });
      return new HostDisk(side(former, this.before), side(latest, after), progress);
    };
    const failed = await rollOut(disk);
    if (failed.length === 0)
      return { verdict: "applied, 0 failed", detail: `${PROGRESS.length ** 2 * CONNECTIONS.length} handshakes` };
    const named = /## What this deploy changed\n([^]*?)\n## /.exec(fleet.runbook)?.[1] ?? "";
    const isSilent = failed.some(({ hosts }) => !hosts.some((host) => named.includes(HOSTS[host])));
    return {
      verdict: isSilent ? "applied, failed, silent" : "applied, named in the runbook",
      detail: [...new Set(failed.map(({ text }) => text))].join("; "),
    };
  }
}

/** The refusal at synth or at plan, if there is one: its first words. Anything but a refusal of this library is thrown. */
async function refusalOf(fleet: LiveFleet, step: FleetStep): Promise<string | undefined> {
  try {
    fleet.synth(step);
    await fleet.project.plan("stack");
    return undefined;
  } catch (error) {
    const text = (error as Error).message.replace(/[\s│╷╵]+/g, " ");
    const errors = text.includes("Error: ") ? text.split("Error: ").slice(1) : [text];
    const words = errors.map((each) => /stack\/(?:fleet|[ab]\b)[^]*/.exec(each.slice(each.lastIndexOf("│") + 1))?.[0]);
    if (words.some((each) => each === undefined)) throw error;
    // The gate of the CA itself says more than that of what it issues.
    return shortened((words.find((each) => /^stack\/fleet\/[a-z]+-ca:/.test(each as string)) ?? words[0]) as string);
  }
}

/** Without a path of this machine, and cut after a word. */
function shortened(words: string): string {
  const here = new RegExp(`${os.tmpdir()}/\\S*/`, "g");
  return words
    .replace(here, "")
    .trim()
    .slice(0, 170)
    .replace(/\s\S*$/, " …");
}

interface Failure {
  readonly hosts: HostName[];
  readonly text: string;
}

/** Every connection with each host at each stage: every order of a rollout passes through some of these. */
async function rollOut(disk: (host: HostName, progress: Progress) => HostDisk): Promise<Failure[]> {
  const failed: Failure[] = [];
  for (const connection of CONNECTIONS) {
    for (const client of PROGRESS) {
      for (const server of PROGRESS) {
        const error = await connect(connection, disk(connection.client, client), disk(connection.server, server));
        if (error !== undefined) {
          const text = `${connection.name}: client ${client}, server ${server}: ${error.slice(0, 60)}`;
          failed.push({ hosts: [connection.client, connection.server], text });
        }
      }
    }
  }
  return failed;
}
