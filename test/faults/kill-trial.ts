import * as assert from "node:assert/strict";
import * as fs from "node:fs";

import type { Command } from "../support/execute";
import { contentsBelow } from "../support/files";
import { recoverState } from "../support/recover-state";
import type { TerraformProject } from "../support/terraform";
import { fleetTls, runFleetTls } from "./commands";
import { DoomedProcess } from "./doomed-process";
import { FLEET_FOLDER, STACK } from "./fleet";
import type { Backend, Phase, Template } from "./kill-template";
import { copyOf } from "./kill-template";
import { remains, unsound } from "./soundness";

/** One kill: of what, when, and what comes next. */
export interface Kill {
  readonly backend: Backend;
  readonly phase: Phase;
  readonly target: Target;
  /** After so many resources are done, or after such a part of the time that the run takes when it is let be. */
  readonly moment: { readonly resources: number } | { readonly part: number };
  /** After a destroy: whether the fleet is destroyed again, or deployed again. */
  readonly destroyAgain: boolean;
  /** Whether a last plan looks for changes: it costs as much as all other checks. */
  readonly planAfter: boolean;
}

/** Terraform with its providers, Terraform alone while its providers live on, or all that `fleet-tls deploy` started and itself. */
export type Target = "terraform" | "terraform alone" | "deploy";

/** Damage of a kill, apart from what the next run repairs. */
export interface Damage {
  /** The run had ended before the kill. */
  readonly tooLate: boolean;
  /** Terraform had emptied its state and not yet written it. */
  readonly stateLost: boolean;
  /** Files of a CA were on disk that no state knew, and that CA is gone. */
  readonly authorityLost: boolean;
}

/** Kills one run, runs the next one, and throws unless all is right then. */
export async function killOnce(kill: Kill, template: Template): Promise<Damage> {
  const project = copyOf(template.project);
  let doomed: DoomedProcess | undefined;
  try {
    const before = contentsBelow(project.path(FLEET_FOLDER));
    doomed = new DoomedProcess(await commandOf(kill, project));
    await ("part" in kill.moment
      ? doomed.during(kill.moment.part * template.milliseconds)
      : doomed.untilDone(kill.moment.resources));
    const tooLate = doomed.hasEnded;
    await (kill.target === "terraform alone" ? doomed.killAlone() : doomed.killAll());

    const authority = read(project.path(FLEET_FOLDER, "fleet-server/fleet-ca.pem"));
    const stateLost = kill.backend === "local" && read(project.stateFile(STACK)) === "";
    const destroys = kill.phase === "destroy" && kill.destroyAgain;
    await nextRun(kill, project, destroys ? "destroy" : "deploy");
    assert.deepEqual(await (destroys ? remains(project) : unsound(project)), []);
    if (kill.phase === "renewal") assertRenewed(before, contentsBelow(project.path(FLEET_FOLDER)));
    if (kill.planAfter) assert.equal(await project.planChanges(STACK), destroys);
    const final = read(project.path(FLEET_FOLDER, "fleet-server/fleet-ca.pem"));
    return { tooLate, stateLost, authorityLost: !destroys && !!authority && authority !== final };
  } catch (error) {
    const said = `${(error as Error).message}\n${doomed?.output.slice(-2000)}`;
    throw new Error(`after ${JSON.stringify(kill)}:\n${said}`, { cause: error });
  } finally {
    // Providers that lived on without their Terraform.
    await doomed?.killAll();
    project.dispose();
  }
}

async function commandOf({ target, phase }: Kill, project: TerraformProject): Promise<Command> {
  const verb = phase === "destroy" ? "destroy" : "apply";
  if (target !== "deploy") return project.terraformCommand(STACK, [verb, "-auto-approve", "-input=false", "-no-color"]);
  return fleetTls(phase === "destroy" ? "destroy" : "deploy", project);
}

/** The documented next step: nobody touches a file. */
async function nextRun(
  { backend, target }: Kill,
  project: TerraformProject,
  verb: "deploy" | "destroy",
): Promise<void> {
  if (target === "deploy") {
    const { code, stdout, stderr } = await runFleetTls(verb, project);
    assert.equal(code, 0, `${verb} after a kill ended with ${code}\n${stdout}${stderr}`);
    return;
  }
  if (backend === "local") await recoverState(project.stateFile(STACK), await project.environment());
  await project[verb === "deploy" ? "apply" : "destroy"](STACK);
}

/** Every leaf is another certificate than before, and the runbook says so; every key, passphrase and CA is the same. */
function assertRenewed(before: Record<string, string>, after: Record<string, string>): void {
  assert.deepEqual(Object.keys(after), Object.keys(before));
  const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
  assert.deepEqual(
    changed,
    Object.keys(after).filter((name) => name.endsWith("-cert.pem") || name === "RUNBOOK.md"),
  );
}

function read(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}
