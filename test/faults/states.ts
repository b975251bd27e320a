import * as assert from "node:assert/strict";
import * as fs from "node:fs";

import { CertificateAuthoritySource } from "../../lib";
import { contentsBelow } from "../support/files";
import { recoverState } from "../support/recover-state";
import type { TerraformProject } from "../support/terraform";
import { makeLeavesDue } from "./expiry";
import type { FleetShape } from "./fleet";
import { buildFleet, FLEET_FOLDER, STACK } from "./fleet";
import { withProject } from "./project";
import type { Outcome, Scenario } from "./scenario";
import { unsound } from "./soundness";

const APPLY = ["apply", "-auto-approve", "-input=false", "-no-color"];

export const STATES: Scenario[] = [
  { name: "state-lost", title: "the state is lost", run: lostState },
  { name: "state-lost-rotated", title: "the state is lost after a rotation", run: lostRotatedState },
  { name: "state-truncated", title: "the state is cut off, then empty", run: truncatedState },
  { name: "state-older", title: "the state is of a release that knew neither gates nor outputs", run: olderState },
];

async function lostState(): Promise<Outcome> {
  await withProject({}, async (project) => {
    await project.apply(STACK);
    const before = filesOf(project);
    await refusedUntouched({}, project, /the state knows no deploy of this fleet.*startsHere: true/);
    project.synth(buildFleet({ startsHere: true }));
    await project.apply(STACK);
    assert.deepEqual(await unsound(project), []);
    const after = filesOf(project);
    assert.deepEqual(Object.keys(after), Object.keys(before));
    // Commands and settings name paths alone.
    assert.deepEqual(
      Object.keys(after).filter((name) => after[name] === before[name]),
      Object.keys(after).filter((name) => /\.(sh|yml)$/.test(name)),
    );
  });
  return { detail: "refused at plan with nothing touched; with startsHere every file is of new CAs" };
}

async function lostRotatedState(): Promise<Outcome> {
  await withProject({ fleetCa: second({ startsHere: true }) }, async (project) => {
    await project.apply(STACK);
    await refusedUntouched(shape({ startsHere: false }), project, /startsHere: true/);
    project.synth(buildFleet(shape({ startsHere: true })));
    await project.apply(STACK);
    assert.deepEqual(await unsound(project), []);
  });
  return { detail: "refused at plan with nothing touched, until startsHere says that it is known" };
}

async function refusedUntouched(changed: FleetShape, project: TerraformProject, message: RegExp): Promise<void> {
  const before = filesOf(project);
  fs.rmSync(project.stateFile(STACK));
  project.synth(buildFleet(changed));
  await refused(project, message);
  assert.deepEqual(filesOf(project), before);
}

async function refused(project: TerraformProject, message: RegExp): Promise<void> {
  const { code, stderr } = await project.terraform(STACK, APPLY);
  assert.equal(code, 1);
  assert.match(stderr.replace(/[\s│╷╵]+/g, " "), message);
}

async function truncatedState(): Promise<Outcome> {
  await withProject({}, async (project) => {
    await project.apply(STACK);
    await makeLeavesDue(project);
    await project.apply(STACK);
    const before = filesOf(project);
    const whole = fs.readFileSync(project.stateFile(STACK));

    fs.writeFileSync(project.stateFile(STACK), whole.subarray(0, whole.length / 2));
    const { code, stderr } = await project.terraform(STACK, APPLY);
    assert.equal(code, 1);
    assert.match(stderr.replace(/[\s│]+/g, " "), /state file could not be parsed as JSON/);
    assert.deepEqual(filesOf(project), before);
    await recoverAndApply(project);
    assertSameAuthorities(before, filesOf(project));

    fs.writeFileSync(project.stateFile(STACK), "");
    await refused(project, /the state knows no deploy of this fleet.*restore the state/);
    await recoverAndApply(project);
    assertSameAuthorities(before, filesOf(project));
  });
  return {
    detail: "cut off: refused by Terraform; empty: refused at plan; after the recovery the CAs are the same",
  };
}

async function olderState(): Promise<Outcome> {
  await withProject({}, async (project) => {
    await project.apply(STACK);
    const before = filesOf(project);
    await project.changeState(STACK, (state) => {
      state.resources = state.resources.filter(({ type }) => type !== "terraform_data");
      state.outputs = {};
    });
    // Such a state says nothing of deploys; that it has the CAs shows only once they are kept.
    await refused(project, /the state knows no deploy of this fleet.*startsHere: true/);
    project.synth(buildFleet({ startsHere: true }));
    const actions = await project.plannedActions(STACK);
    for (const address of Object.keys(actions)) assert.match(address, /^terraform_data\./);
    assert.deepEqual(new Set(Object.values(actions)), new Set(["create"]));
    await project.apply(STACK);
    assert.deepEqual(filesOf(project), before);
    assert.deepEqual(await unsound(project), []);
    assert.equal(await project.planChanges(STACK), false);
  });
  return { detail: "refused until startsHere; that deploy adds gates and outputs, and touches no file" };
}

async function recoverAndApply(project: TerraformProject): Promise<void> {
  await recoverState(project.stateFile(STACK), await project.environment());
  await project.apply(STACK);
  // The part that was cut off is kept next to the state, as one of its backups.
  assert.deepEqual(await unsound(project), []);
}

function assertSameAuthorities(before: Record<string, string>, after: Record<string, string>): void {
  for (const name of Object.keys(before).filter((file) => file.endsWith("-ca.pem"))) {
    assert.equal(after[name], before[name], name);
  }
}

function filesOf(project: TerraformProject): Record<string, string> {
  return contentsBelow(project.path(FLEET_FOLDER));
}

function shape(options: { startsHere: boolean }): FleetShape {
  return { ...options, fleetCa: second(options) };
}

function second(options: { startsHere: boolean }): CertificateAuthoritySource {
  const generations = { "2": CertificateAuthoritySource.generated() };
  return CertificateAuthoritySource.rotating({ generations, issuing: "2", ...options });
}
