import * as assert from "node:assert/strict";

import { missing } from "../conformance/programs";
import { Random } from "../faults/random";
import type { Outcome, Scenario, ScenarioOptions } from "../faults/scenario";
import { Blocked } from "../faults/scenario";
import type { ClusterReport } from "./live-cluster";
import { LiveCluster } from "./live-cluster";
import type { AuthorityId, LiveShape, LiveStep } from "./live-history";
import { AUTHORITIES, LiveHistory } from "./live-history";
import type { Release } from "./live-host";
import { RELEASES } from "./live-host";
import type { Work } from "./live-walk";
import { copyInPlace, refuseOld, takeStep } from "./live-walk";

const AGENTS = 20;
/** A control has to fail somewhere, not everywhere. */
const CONTROL_AGENTS = 6;

/** Agents that check in all the time while every CA of their fleet is rotated, and what happens where it is done wrong. */
export const LIVE: Scenario[] = [
  {
    name: "live-reload-on",
    title: `${AGENTS} agents and a Fleet Server that load changed files (9.5) through introduce, switch, retire of each CA`,
    run: (options) => rotation(options, "live-reload-on", RELEASES["9.5"], [RELEASES["9.5"]]),
  },
  {
    name: "live-reload-off",
    title: `the same where nothing loads changed files (9.4), restarted as the runbook says`,
    run: (options) => rotation(options, "live-reload-off", RELEASES["9.4"], [RELEASES["9.4"]]),
  },
  {
    name: "live-mixed",
    title: "the same with a Fleet Server of 9.5 and agents of 9.5, 9.4 and 9.2",
    run: (options) => rotation(options, "live-mixed", RELEASES["9.5"], Object.values(RELEASES)),
  },
  {
    name: "live-control-replaced",
    title: "control: a CA replaced in one apply, as stock Terraform does it and here an emergency alone may",
    run: replacement,
  },
  {
    name: "live-control-in-place",
    title: "control: files copied straight over the old ones, slowly",
    run: inPlace,
  },
];

/** What a rotation came to. */
export interface LiveResult extends Work {
  readonly report: ClusterReport;
  /** Certificates of old generations that were refused afterwards. */
  readonly refused: number;
}

/** Takes every step of a history on hosts that never rest. Throws at the first handshake that fails. */
export async function rotateLive(
  history: LiveHistory,
  name: string,
  random: Random,
  server: Release,
  agentReleases: readonly Release[],
): Promise<LiveResult> {
  const [first] = history.steps as [LiveStep];
  const { agents } = history.shape;
  const cluster = await LiveCluster.start({
    ...{ folder: history.path("clusters", name), deployed: first.before },
    ...{ agents, server, agentReleases },
  });
  try {
    const result = { hosts: 0, files: 0, restarts: 0, refused: 0 };
    let refusedLive = 0;
    const check = async (where: string): Promise<ClusterReport> => {
      const report = await cluster.report();
      const { failed, failures, refusedByListeners } = report;
      assert.deepEqual(
        [failed, refusedByListeners],
        [0, refusedLive],
        `${where}: ${JSON.stringify(failures, null, 1)}`,
      );
      assert.equal(report.anonymous, 0, `${where}: somebody was let in without a certificate`);
      return report;
    };
    await cluster.settle();
    for (const step of history.steps.filter(({ name: kind }) => kind !== "replace")) {
      const text = `${step.name} ${step.authority ?? "all CAs"}`;
      const work = await takeStep(cluster, step, {
        random,
        afterEach: async ({ place }) => void (await check(`${text}, after ${place}`)),
      });
      result.hosts += work.hosts;
      result.files += work.files;
      result.restarts += work.restarts;
      if (step.name === "retire") {
        const { live, all } = await refuseOld(cluster, history, step.authority!);
        refusedLive += live;
        result.refused += all;
      }
    }
    await cluster.settle();
    return { ...result, report: await check("at the end") };
  } finally {
    await cluster.close();
  }
}

async function rotation(
  { seed }: ScenarioOptions,
  name: string,
  server: Release,
  agentReleases: readonly Release[],
): Promise<Outcome> {
  need([server, ...agentReleases]);
  const history = await deploys();
  const random = new Random(`${seed} ${name}`);
  const { report, hosts, files, restarts, refused } = await rotateLive(history, name, random, server, agentReleases);
  return {
    detail:
      `${history.shape.authorities.length} CAs rotated, then renewed: ${hosts} updates of hosts, ${files} files, ` +
      `${restarts} restarts; ${report.handshakes} handshakes and ${report.keptOpen} requests on open connections, ` +
      `**${report.failed} failed**; ${refused} certificates of old generations refused afterwards`,
  };
}

async function replacement({ seed }: ScenarioOptions): Promise<Outcome> {
  need(Object.values(RELEASES));
  const history = await deploys();
  const random = new Random(`${seed} live-control-replaced`);
  const counts: string[] = [];
  for (const release of [RELEASES["9.5"], RELEASES["9.4"]]) {
    for (const step of history.steps.filter(({ name }) => name === "replace")) {
      const name = `replaced-${release.name}-${step.authority}`;
      const report = await watch(history, name, step.before, release, (cluster) =>
        takeStep(cluster, step, { random }).then(),
      );
      counts.push(`${AUTHORITIES[step.authority!]} on ${release.name}: ${report.failed}`);
      assert.ok(report.failed > 0, `${name}: nobody noticed`);
    }
  }
  return { detail: `failed handshakes, one host after the other, ${CONTROL_AGENTS} agents: ${counts.join("; ")}` };
}

async function inPlace(): Promise<Outcome> {
  need([RELEASES["9.5"]]);
  const history = await deploys();
  const counts: string[] = [];
  for (const authority of history.shape.authorities) {
    const step = history.table(authority).find(({ name }) => name === "switch")!;
    const name = `in-place-${authority}`;
    const report = await watch(history, name, step.before, RELEASES["9.5"], (cluster) =>
      copyInPlace(cluster, history, step),
    );
    counts.push(`${AUTHORITIES[authority]}: ${report.failed}`);
    assert.ok(report.failed > 0, `${name}: nobody noticed`);
  }
  return { detail: `failed handshakes while switching, ${CONTROL_AGENTS} agents of 9.5: ${counts.join("; ")}` };
}

/** What failed while something was done to a small cluster. All is well before. */
async function watch(
  history: LiveHistory,
  name: string,
  deployed: string,
  release: Release,
  use: (cluster: LiveCluster) => Promise<unknown>,
): Promise<ClusterReport> {
  const folder = history.path("clusters", name);
  const shape = { folder, deployed, agents: CONTROL_AGENTS, server: release, agentReleases: [release] };
  const cluster = await LiveCluster.start(shape);
  try {
    await cluster.settle();
    assert.deepEqual((await cluster.report()).failures, {});
    await use(cluster);
    return await cluster.report();
  } finally {
    await cluster.close();
  }
}

let shared: Promise<LiveHistory> | undefined;

/** One fleet's deploys serve all scenarios. */
function deploys(): Promise<LiveHistory> {
  const shape: LiveShape = { agents: AGENTS, authorities: Object.keys(AUTHORITIES) as AuthorityId[], goesOn: true };
  shared ??= LiveHistory.of(shape).then((history) => {
    process.once("exit", () => history.dispose());
    return history;
  });
  return shared;
}

function need(releases: readonly Release[]): void {
  for (const { validator } of releases) {
    const reason = missing(validator);
    if (reason !== undefined) throw new Blocked(reason);
  }
}
