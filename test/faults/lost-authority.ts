import * as assert from "node:assert/strict";
import * as fs from "node:fs";

import { contentsBelow } from "../support/files";
import { TerraformProject } from "../support/terraform";
import { DoomedProcess } from "./doomed-process";
import { buildFleet, FLEET_FOLDER, STACK } from "./fleet";
import { Postgres } from "./postgres";
import type { Outcome, Scenario } from "./scenario";
import { unsound } from "./soundness";

export const LOST_AUTHORITIES: Scenario[] = [
  { name: "lost-authority", title: "a CA just made is lost by a kill, on PostgreSQL", run: () => lose(["web-1"]) },
  {
    name: "lost-authority-host",
    title: "the same, and a host is taken out before the next deploy",
    run: () => lose([]),
  },
];

/** Terraform keeps what it made in memory for the first 20 seconds; files it writes at once. */
async function lose(agentsOfNextDeploy: string[]): Promise<Outcome> {
  const env = Postgres.get().createDatabase();
  const project = new TerraformProject(buildFleet({ backend: "pg" }), { env });
  try {
    await project.init(STACK);
    const doomed = new DoomedProcess(
      await project.terraformCommand(STACK, ["apply", "-auto-approve", "-input=false", "-no-color"]),
    );
    // Files come last, and all of the agent's are there once everything is but the gates.
    await doomed.untilDone(50);
    await doomed.killAll();
    const first = authoritiesOf(project);
    assert.equal(first.size, 3, "the CAs that were made are on disk");
    assert.deepEqual((await project.pullState(STACK)).resources, [], "no state knows them");

    project.synth(buildFleet({ backend: "pg", agents: agentsOfNextDeploy }));
    await project.apply(STACK);
    const isGone = agentsOfNextDeploy.length === 0;
    if (isGone) {
      const left = await unsound(project);
      assert.ok(left.length > 0);
      for (const one of left) assert.match(one, /agents\/web-1\/.* is known to no state$/);
      const { code, stdout } = await project.fleetTls(["verify", FLEET_FOLDER]);
      assert.equal(code, 1, stdout);
      assert.match(stdout, /agents\/web-1/);
      fs.rmSync(project.path(FLEET_FOLDER, "agents"), { recursive: true });
    }
    assert.deepEqual(await unsound(project), []);
    const second = authoritiesOf(project);
    assert.equal(second.size, 3);
    for (const authority of first) assert.ok(!second.has(authority), "no file of the lost CAs is left");
    return {
      detail: isGone
        ? "its folder, of the lost CAs, is left behind; fleet-tls verify names it, and it is to be removed"
        : "the next deploy makes other CAs and overwrites every file: no host has two of one generation",
    };
  } finally {
    project.dispose();
  }
}

function authoritiesOf(project: TerraformProject): Set<string> {
  const files = Object.entries(contentsBelow(project.path(FLEET_FOLDER)));
  return new Set(files.filter(([name]) => /\/(fleet|agent|es)-ca\.pem$/.test(name)).map(([, content]) => content));
}
