import * as assert from "node:assert/strict";
import * as fs from "node:fs";

import { CertificateAuthoritySource } from "../../lib";
import { contentsBelow } from "../support/files";
import type { TerraformProject } from "../support/terraform";
import { buildFleet, FLEET_FOLDER, STACK } from "./fleet";
import { withProject } from "./project";
import type { Outcome, Scenario } from "./scenario";
import { Blocked } from "./scenario";
import { unsound } from "./soundness";

const DAY_MS = 86_400_000;

export const CLOCKS: Scenario[] = [
  { name: "clock-back", title: "the clock goes back by a day after a deploy", run: clockGoesBack },
  { name: "time-zone", title: "runners in two time zones", run: timeZones },
];

/** libfaketime does not reach Go programs, so the past is moved into the future instead. */
async function clockGoesBack(): Promise<Outcome> {
  await withProject({}, async (project) => {
    await project.apply(STACK);
    const before = contentsBelow(project.path(FLEET_FOLDER));
    await moveMemories(project, DAY_MS);
    assert.equal(await project.planChanges(STACK), false);

    const apply = ["apply", "-auto-approve", "-input=false", "-no-color"];
    project.synth(buildFleet({ fleetCa: introduced(false) }));
    const { code, stderr } = await project.terraform(STACK, apply);
    assert.equal(code, 1);
    assert.match(stderr.replace(/[\s│]+/g, " "), /has to wait until/);
    assert.deepEqual(contentsBelow(project.path(FLEET_FOLDER)), before);

    // Once the clock has caught up.
    await moveMemories(project, -2 * DAY_MS);
    await project.apply(STACK);
    assert.notDeepEqual(contentsBelow(project.path(FLEET_FOLDER)), before);
  });
  return {
    detail:
      "a deploy without a rotation is not affected; a rotation's step waits until the clock has caught up, untouched",
  };
}

async function timeZones(): Promise<Outcome> {
  if (!fs.existsSync("/usr/share/zoneinfo/Pacific/Kiritimati")) throw new Blocked("there are no time zones here");
  await withProject({}, async (project) => {
    await project.apply(STACK, { env: { TZ: "Pacific/Kiritimati" } });
    assert.equal(await project.planChanges(STACK, { env: { TZ: "America/Los_Angeles" } }), false);
    const { resources } = await project.pullState(STACK);
    const written = resources.flatMap(({ instances }) =>
      instances.flatMap(({ attributes }) => [attributes["validity_start_time"], attributes["validity_end_time"]]),
    );
    assert.ok(written.length > 0);
    assert.deepEqual(await unsound(project), []);
  });
  return { detail: "14 hours east, then 8 hours west: no change is planned" };
}

interface Memory {
  readonly value?: { planned?: string; finished?: string };
}

/** Moves what the gates remember: when hosts got to trust a generation, and when it began to sign. */
async function moveMemories(project: TerraformProject, milliseconds: number): Promise<void> {
  const move = (time: string): string =>
    new Date(Date.parse(time) + milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
  let moved = 0;
  await project.changeState(STACK, ({ resources }) => {
    for (const { type, instances } of resources) {
      if (type !== "terraform_data") continue;
      for (const { attributes } of instances) {
        for (const memory of [attributes["input"], attributes["output"]] as (Memory | null)[]) {
          const value = memory?.value;
          if (value?.planned === undefined || value.finished === undefined) continue;
          value.planned = move(value.planned);
          value.finished = move(value.finished);
          moved += 1;
        }
      }
    }
  });
  assert.ok(moved > 0, "the state contains no memory to move");
}

function introduced(emergency: boolean): CertificateAuthoritySource {
  const generations = { "1": CertificateAuthoritySource.generated(), "2": CertificateAuthoritySource.generated() };
  return CertificateAuthoritySource.rotating({ generations, issuing: "1", emergency });
}
