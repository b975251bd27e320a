import * as fs from "node:fs";

import { connect, CONNECTIONS } from "./handshake";
import type { Progress } from "./host-disk";
import { HostDisk, HOSTS, PROGRESS } from "./host-disk";
import type { FleetStep } from "./live-fleet";
import { FOLDER, LiveFleet } from "./live-fleet";

/** A change of a live fleet in one deploy. */
export interface Change {
  readonly name: string;
  readonly before: FleetStep;
  readonly after: FleetStep;
}

/** What came of a change. */
export interface Outcome {
  readonly verdict:
    "no such fleet" | "refused" | "applied, 0 failed" | "applied, named in the runbook" | "applied, failed, silent";
  readonly detail: string;
}

type HostName = keyof typeof HOSTS;

/** Deploys the former code, then the change; if that is applied, rolls it out to one host after the other in every order. */
export async function outcomeOf({ before, after }: Change): Promise<Outcome> {
  const fleet = new LiveFleet();
  try {
    const unfit = await refusalOf(fleet, before);
    if (unfit !== undefined) return { verdict: "no such fleet", detail: unfit };
    await fleet.project.apply("stack");
    const former = fleet.project.path("former");
    fs.cpSync(fleet.project.path(FOLDER), former, { recursive: true });
    const refusal = await refusalOf(fleet, after);
    if (refusal !== undefined) return { verdict: "refused", detail: refusal };
    await fleet.project.apply("stack");
    const failed = await rollOut(former, fleet.project.path(FOLDER));
    if (failed.length === 0)
      return { verdict: "applied, 0 failed", detail: `${PROGRESS.length ** 2 * CONNECTIONS.length} handshakes` };
    const named = /## What this deploy changed\n([^]*?)\n## /.exec(fleet.runbook)?.[1] ?? "";
    const silent = failed.filter(({ hosts }) => !hosts.some((host) => named.includes(HOSTS[host])));
    const orders = [...new Set(failed.map(({ text }) => text))].join("; ");
    return {
      verdict: silent.length === 0 ? "applied, named in the runbook" : "applied, failed, silent",
      detail: orders,
    };
  } finally {
    fleet.dispose();
  }
}

/** The refusal at synth or at plan, if there is one: its last lines. */
async function refusalOf(fleet: LiveFleet, step: FleetStep): Promise<string | undefined> {
  try {
    fleet.synth(step);
    await fleet.project.plan("stack");
    return undefined;
  } catch (error) {
    const text = (error as Error).message.replace(/[\s│╷╵]+/g, " ");
    const words = /stack\/fleet[^]*/.exec(text.slice(Math.max(0, text.lastIndexOf("Error: "))))?.[0];
    if (words === undefined) throw error;
    return words.slice(0, 160);
  }
}

interface Failure {
  readonly hosts: HostName[];
  readonly text: string;
}

/** Every connection with each host at each stage: every order of a rollout passes through some of these. */
async function rollOut(former: string, latest: string): Promise<Failure[]> {
  const disk = (host: HostName, progress: Progress): HostDisk =>
    new HostDisk(`${former}/${HOSTS[host]}`, `${latest}/${HOSTS[host]}`, progress);
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
