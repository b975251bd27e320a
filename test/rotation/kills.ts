import * as assert from "node:assert/strict";

import { countDone, DoomedProcess } from "../faults/doomed-process";
import { buildFleet, FLEET_FOLDER, STACK } from "../faults/fleet";
import { Random } from "../faults/random";
import type { Outcome, Scenario, ScenarioOptions } from "../faults/scenario";
import { unsound } from "../faults/soundness";
import { contentsBelow } from "../support/files";
import { certificatesOf } from "../support/openssl";
import { recoverState } from "../support/recover-state";
import { TerraformProject } from "../support/terraform";
import type { Step } from "./small-rotation";
import { DEFAULT, INTRODUCED, RETIRED, sourceOf, SWITCHED } from "./small-rotation";

/** A deploy that is killed, where it starts from, and what may not come before it is finished. */
interface Killed {
  readonly name: "introduce" | "switch" | "retire";
  readonly before: readonly Step[];
  readonly step: Step;
  readonly later: Step;
  /** What hosts trust afterwards, and who signed what they present. */
  readonly trusted: readonly string[];
  readonly issuer: string;
}

const DEPLOYS: readonly Killed[] = [
  {
    name: "introduce",
    before: [DEFAULT],
    step: INTRODUCED,
    later: SWITCHED,
    trusted: ["fleet Fleet CA 1", "fleet Fleet CA 2"],
    issuer: "fleet Fleet CA 1",
  },
  {
    name: "switch",
    before: [DEFAULT, INTRODUCED],
    step: SWITCHED,
    later: RETIRED,
    trusted: ["fleet Fleet CA 1", "fleet Fleet CA 2"],
    issuer: "fleet Fleet CA 2",
  },
  {
    name: "retire",
    before: [DEFAULT, INTRODUCED, SWITCHED],
    step: RETIRED,
    later: { generations: ["2", "3"], issuing: "3" },
    trusted: ["fleet Fleet CA 2"],
    issuer: "fleet Fleet CA 2",
  },
];

/** `kill -9` in each of the three deploys of a rotation. */
export const KILLED_ROTATIONS: readonly Scenario[] = DEPLOYS.map((killed) => ({
  name: `kill-${killed.name}`,
  title: `kill -9 in the deploy that is to ${killed.name} a generation; the next deploy finishes that step, not a later one`,
  run: (options) => killMany(killed, options),
}));

const APPLY = ["apply", "-auto-approve", "-input=false", "-no-color"];
/** What a project writes in addition to what differs from one step to another. */
const NOT_OF_THE_STEP = /(^RUNBOOK\.md|-ca\.pem|-cert\.pem)$/;

async function killMany(killed: Killed, { seed, kills }: ScenarioOptions): Promise<Outcome> {
  const template = new TerraformProject();
  try {
    for (const [index, step] of killed.before.entries()) {
      synth(template, step);
      if (index === 0) await template.init(STACK);
      await template.apply(STACK);
    }
    synth(template, killed.step);
    const resources = await resourcesOf(template);
    const random = new Random(`${seed} ${killed.name}`);
    const counts = { refused: 0, complete: 0, recovered: 0 };
    for (let index = 0; index < kills; index += 1) {
      // Spread over the whole deploy, the first and the last resource among it.
      const done = Math.min(Math.floor(((index + random.next()) * (resources + 1)) / kills), resources);
      try {
        const { ending, recovered } = await killOnce(killed, template, { done, alone: random.next() < 0.5 });
        counts[ending] += 1;
        if (recovered) counts.recovered += 1;
      } catch (error) {
        throw new Error(`killed after ${done} of ${resources} resources: ${(error as Error).message}`, {
          cause: error,
        });
      }
    }
    const detail = [
      `${kills} kills over ${resources} resources; each time the same deploy finished the step`,
      `the later step was refused after ${counts.refused}`,
      ...(counts.complete > 0 ? [`${counts.complete} came when every file and memory of the step was written`] : []),
      ...(counts.recovered > 0 ? [`${counts.recovered} left the state empty, which the recovery put back`] : []),
    ];
    return { kills, detail: detail.join("; ") };
  } finally {
    template.dispose();
  }
}

/** How many resources the deploy is done with when nothing disturbs it. */
async function resourcesOf(template: TerraformProject): Promise<number> {
  const copy = template.copy();
  try {
    return countDone(await copy.apply(STACK));
  } finally {
    copy.dispose();
  }
}

type Ending = "refused" | "complete";

async function killOnce(
  { step, later, trusted, issuer }: Killed,
  template: TerraformProject,
  { done, alone }: { readonly done: number; readonly alone: boolean },
): Promise<{ ending: Ending; recovered: boolean }> {
  const project = template.copy();
  const before = contentsBelow(project.path(FLEET_FOLDER));
  const doomed = new DoomedProcess(await project.terraformCommand(STACK, APPLY));
  try {
    await doomed.untilDone(done);
    // Terraform with its providers, or Terraform alone while its providers live on.
    await (alone ? doomed.killAlone() : doomed.killAll());
    const recovered = (await recoverState(project.stateFile(STACK), await project.environment())) !== undefined;

    const ending = await laterStep(project, step, later);
    synth(project, step);
    await project.apply(STACK);
    assert.deepEqual(await unsound(project, FLEET_FOLDER, { "fleet-ca.pem": trusted.length }), []);
    assert.equal(await project.planChanges(STACK), false);
    const after = contentsBelow(project.path(FLEET_FOLDER));
    for (const host of ["fleet-server", "agents/web-1"]) {
      assert.deepEqual(names(project, `${host}/fleet-ca.pem`, "subject"), trusted);
    }
    assert.deepEqual(names(project, "fleet-server/fleet-cert.pem", "issuer"), [issuer]);
    const others = (files: Record<string, string>): [string, string][] =>
      Object.entries(files).filter(([name]) => !NOT_OF_THE_STEP.test(name));
    assert.deepEqual(others(after), others(before), "keys, passphrases and commands are the same");
    return { ending, recovered };
  } finally {
    await doomed.killAll();
    project.dispose();
  }
}

/** A later step is refused with nothing touched, unless the killed deploy had come to the end of its own. */
async function laterStep(project: TerraformProject, step: Step, later: Step): Promise<Ending> {
  synth(project, later);
  const files = contentsBelow(project.path(FLEET_FOLDER));
  const plan = await project.terraform(STACK, ["plan", "-input=false", "-no-color"]);
  assert.deepEqual(contentsBelow(project.path(FLEET_FOLDER)), files);
  if (plan.code !== 0) {
    assert.match(
      plan.stderr.replace(/[\s│]+/g, " "),
      /takes more than one step from what is deployed, or the step before/,
    );
    return "refused";
  }
  synth(project, step);
  const left = Object.keys(await project.plannedActions(STACK)).filter((address) => /-capem_|-certpem_/.test(address));
  assert.deepEqual(left, [], "a later step was planned while files of the killed one were missing");
  return "complete";
}

function synth(project: TerraformProject, step: Step): void {
  project.synth(buildFleet({ fleetCa: sourceOf(step) }));
}

function names(project: TerraformProject, file: string, what: "subject" | "issuer"): string[] {
  return certificatesOf(project.path(FLEET_FOLDER, file)).map((one) => /CN=(.*)/.exec(one[what])![1]!);
}
