import * as assert from "node:assert/strict";

import { contentsBelow } from "../support/files";
import { TerraformProject } from "../support/terraform";
import { DoomedProcess } from "./doomed-process";
import { buildFleet, FLEET_FOLDER, STACK } from "./fleet";
import { Postgres } from "./postgres";
import type { Outcome, Scenario } from "./scenario";
import { unsound } from "./soundness";

const APPLY = ["apply", "-auto-approve", "-input=false", "-no-color"];

export const LOCKS: Scenario[] = [
  { name: "two-deploys-local", title: "two deploys at once, on a local state", run: () => twoDeploys("local") },
  { name: "two-deploys-pg", title: "two deploys at once, on PostgreSQL", run: () => twoDeploys("pg") },
  { name: "two-machines", title: "two machines deploy one state on PostgreSQL", run: twoMachines },
];

/** The first one is stopped in the middle, so that the second one meets it for certain. */
async function twoDeploys(backend: "local" | "pg"): Promise<Outcome> {
  const env = backend === "pg" ? Postgres.get().createDatabase() : {};
  const project = new TerraformProject(buildFleet({ backend }), { env });
  try {
    await project.init(STACK);
    const first = new DoomedProcess(await project.terraformCommand(STACK, [...APPLY, "-parallelism=1"]));
    try {
      await first.untilDone(5);
      first.signal("SIGSTOP");
      const files = contentsBelow(project.path(FLEET_FOLDER));
      const second = await project.terraform(STACK, APPLY);
      assert.equal(second.code, 1);
      assert.match(second.stderr, /Error acquiring the state lock/);
      assert.deepEqual(contentsBelow(project.path(FLEET_FOLDER)), files);
      const patient = project.apply(STACK);
      first.signal("SIGCONT");
      assert.equal(await first.end(), 0, first.output);
      assert.match(await patient, /0 added, 0 changed, 0 destroyed/);
    } finally {
      await first.killAll();
    }
    assert.deepEqual(await unsound(project), []);
  } finally {
    project.dispose();
  }
  return { detail: "the second is refused by the lock, or waits with -lock-timeout and finds nothing to do" };
}

/** Only the second one's own files are missing to it, and what it writes is the same to the byte. */
async function twoMachines(): Promise<Outcome> {
  const one = new TerraformProject(buildFleet({ backend: "pg" }), { env: Postgres.get().createDatabase() });
  await one.init(STACK);
  const other = one.copy();
  try {
    await one.apply(STACK);
    const written = contentsBelow(one.path(FLEET_FOLDER));
    const actions = await other.plannedActions(STACK);
    assert.deepEqual(new Set(Object.values(actions)), new Set(["create"]));
    assert.equal(Object.keys(actions).length, Object.keys(written).length);
    for (const address of Object.keys(actions)) assert.match(address, /^local_(sensitive_)?file\./);
    await other.apply(STACK);
    assert.deepEqual(contentsBelow(other.path(FLEET_FOLDER)), written);
    assert.deepEqual([...(await unsound(one)), ...(await unsound(other))], []);
    assert.deepEqual([await one.planChanges(STACK), await other.planChanges(STACK)], [false, false]);
    return {
      detail: `the second plans its ${Object.keys(written).length} files and nothing else, with the same bytes`,
    };
  } finally {
    one.dispose();
    other.dispose();
  }
}
