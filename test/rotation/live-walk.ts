import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import type { Answer } from "../conformance/protocol";
import type { Random } from "../faults/random";
import type { LiveCluster } from "./live-cluster";
import type { AuthorityId, LiveHistory, LiveStep } from "./live-history";
import { AUTHORITIES, changesOf } from "./live-history";
import type { LiveHost } from "./live-host";
import { LiveRunbook } from "./live-runbook";

export interface WalkOptions {
  readonly random: Random;
  /** Called when a host is done and everybody has met it. */
  readonly afterEach?: (host: LiveHost) => Promise<void>;
}

/** What people did on hosts. */
export interface Work {
  hosts: number;
  files: number;
  restarts: number;
}

/** Brings a deploy to its hosts as its runbook says, one host at a time and in any order. */
export async function takeStep(cluster: LiveCluster, step: LiveStep, options: WalkOptions): Promise<Work> {
  const { random, afterEach } = options;
  const work: Work = { hosts: 0, files: 0, restarts: 0 };
  const runbook = runbookOf(step);
  await tellPolicies(cluster, step, random, runbook);
  for (const host of random.shuffled(cluster.hosts)) {
    const names = namesFor(step, host);
    if (names.length === 0) continue;
    for (const name of random.shuffled(names)) await copyByRename(step, host, name);
    const restarts = runbook?.restarts(host.kind, host.release) ?? restartsWithoutRunbook(step, host);
    // Elasticsearch loads what changed by itself.
    if (restarts || host.kind === "Elasticsearch") await host.restart();
    await cluster.settle();
    await afterEach?.(host);
    work.hosts++;
    work.files += names.length;
    work.restarts += restarts ? 1 : 0;
  }
  return work;
}

/** The same files once more, in place of themselves: whoever presents a certificate first, whoever verifies it last. */
export async function copyInPlace(cluster: LiveCluster, history: LiveHistory, step: LiveStep): Promise<void> {
  const presented = new Set(changesOf(step).map(({ name }) => name));
  const all = new Set(history.table(step.authority!).flatMap((each) => changesOf(each).map(({ name }) => name)));
  for (const names of [[...presented], [...all].filter((name) => !presented.has(name))]) {
    for (const host of cluster.hosts) {
      for (const name of names) {
        const source = path.join(step.after, host.place, name);
        if (!fs.existsSync(source)) continue;
        const content = fs.readFileSync(source);
        const file = fs.openSync(path.join(host.folder, name), "w");
        const pause = Math.floor((content.length * 3) / 4);
        fs.writeSync(file, content, 0, pause);
        await cluster.settle();
        fs.writeSync(file, content, pause);
        fs.closeSync(file);
        if (host.kind === "Elasticsearch") await host.restart();
        await cluster.settle();
      }
    }
  }
}

/** What a certificate of the old generation meets once that is retired: how often it was refused, at live listeners and in all. */
export async function refuseOld(
  cluster: LiveCluster,
  history: LiveHistory,
  authority: AuthorityId,
): Promise<{ live: number; all: number }> {
  // Hosts between two steps: trusting both generations, presenting the old one.
  const { before: old } = history.table(authority).find(({ name }) => name === "switch")!;
  const folder = (host: LiveHost): string => path.join(old, host.place);
  const { agents, fleetServer, elasticsearch } = cluster;
  const answers: Record<"live" | "stale", Answer<"connect">[]> = { live: [], stale: [] };
  if (authority === "agent-ca") {
    answers.live.push(await fleetServer.dialLocal(folder(fleetServer)));
    for (const agent of agents) {
      answers.live.push(await agent.dialFleet(folder(agent)), await agent.dialElasticsearch(folder(agent)));
    }
  } else if (authority === "fleet-ca") {
    const { port, close } = await fleetServer.listenAs(folder(fleetServer));
    answers.stale.push(await fleetServer.dialLocal(undefined, port));
    for (const agent of agents) answers.stale.push(await agent.dialFleet(undefined, port));
    await close();
  } else {
    answers.live.push(await fleetServer.dialElasticsearch(folder(fleetServer)));
    const { port, close } = await elasticsearch.listenAs(folder(elasticsearch));
    answers.stale.push(await fleetServer.dialElasticsearch(undefined, port));
    for (const agent of agents) answers.stale.push(await agent.dialElasticsearch(undefined, port));
    await close();
  }
  const all = [...answers.live, ...answers.stale];
  for (const answer of all) assert.match(answer.ok ? "accepted" : answer.error, REFUSED);
  return { live: answers.live.length, all: all.length };
}

/** In Go's words, whichever side says it; an old client keeps back what no listed CA signed, and is then asked for it. */
const REFUSED = /unknown authority|unknown certificate authority|certificate required|bad certificate/;

/** A step of the table must change on hosts what its runbook says, and nothing else. */
function runbookOf(step: LiveStep): LiveRunbook | undefined {
  if (step.authority === undefined || step.name === "replace") return undefined;
  const runbook = new LiveRunbook(step.after, AUTHORITIES[step.authority]);
  const changed = changesOf(step).filter(({ folder }) => folder !== "." && folder !== "outputs");
  const files = changed.map(({ folder, name }) => `${folder}/${name}`).sort();
  assert.equal(runbook.files.join("\n"), files.join("\n"), `the runbook of ${step.after} names other files`);
  return runbook;
}

function namesFor(step: LiveStep, { place }: LiveHost): string[] {
  return changesOf(step)
    .filter(({ folder }) => folder === place)
    .map(({ name }) => name);
}

/** A renewal keeps names and keys, so whoever trusts the old CA trusts the new one; a replacement has no runbook. */
function restartsWithoutRunbook({ name, authority }: LiveStep, { kind, release }: LiveHost): boolean {
  if (kind === "Elasticsearch") return false;
  return !release.reloads || (name === "replace" && authority === "agent-ca" && kind === "Fleet Server");
}

async function tellPolicies(
  cluster: LiveCluster,
  { before, after }: LiveStep,
  random: Random,
  runbook: LiveRunbook | undefined,
): Promise<void> {
  const [old, changed] = [cluster.outputsOf(before), cluster.outputsOf(after)];
  const concerned = [...changed].filter(([host, output]) => JSON.stringify(output) !== JSON.stringify(old.get(host)));
  if (concerned.length === 0) return;
  assert.equal(runbook?.policyComesFirst ?? true, true, "the runbook does not say to change Kibana first");
  for (const [host, output] of random.shuffled(concerned)) await host.hear(output);
  await cluster.settle();
}

/** Writes it under another name in the same folder, then renames it. */
async function copyByRename({ after }: LiveStep, host: LiveHost, name: string): Promise<void> {
  const aside = path.join(host.folder, `.${name}.new`);
  await fs.promises.copyFile(path.join(after, host.place, name), aside);
  await fs.promises.rename(aside, path.join(host.folder, name));
}
