import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";

import { filesBelow } from "../support/files";
import { TerraformProject } from "../support/terraform";
import { runFleetTls } from "./commands";
import { buildFleet, FLEET_FOLDER, STACK } from "./fleet";
import { withProject } from "./project";
import type { Outcome, Scenario } from "./scenario";
import { Blocked } from "./scenario";
import { unsound } from "./soundness";

const FULL = /no space left on device|could save its state nowhere, as on a full disk/;
/** A page has room for one file; a fleet here has 21. */
const FILES_THAT_FIT = [1, 9, 20];
const ROOMY = "64m";
/** What Terraform writes for this fleet in the end is twice as much. */
const ROOM_FOR_STATE_KB = 100;

export const DISKS: Scenario[] = [
  { name: "disk-full-files", title: "the disk of the output directory is full", run: fullOutputDirectory },
  { name: "disk-full-state", title: "the disk of the whole project, state included, is full", run: fullProject },
];

async function fullOutputDirectory(): Promise<Outcome> {
  for (const files of FILES_THAT_FIT) {
    await withProject({}, async (project) => {
      const disk = new SmallDisk(project.path("fleet-tls"), `${4 * files}k`);
      try {
        const { code, stderr } = await project.terraform(STACK, [
          "apply",
          "-auto-approve",
          "-input=false",
          "-no-color",
        ]);
        assert.equal(code, 1);
        assert.match(stderr.replace(/\s+/g, " "), FULL);
        // Whatever is on disk now, nobody takes it for a finished fleet.
        assert.notEqual((await project.fleetTls(["verify", FLEET_FOLDER])).code, 0);
        disk.resize(ROOMY);
        await project.apply(STACK);
        assert.deepEqual(await unsound(project), []);
      } finally {
        disk.unmount();
      }
    });
  }
  return { detail: `with room for ${FILES_THAT_FIT.join(", ")} files: a clear error, and right once there is room` };
}

async function fullProject(): Promise<Outcome> {
  const project = new TerraformProject();
  const disk = new SmallDisk(project.folder, ROOMY);
  try {
    project.synth(buildFleet({}));
    await project.init(STACK);
    const fleetFolder = project.path(FLEET_FOLDER);
    const used = Number(execFileSync("du", ["-sk", project.folder], { encoding: "utf8" }).split("\t")[0]);
    disk.resize(`${used + ROOM_FOR_STATE_KB}k`);
    const failed = await runFleetTls("deploy", project);
    assert.notEqual(failed.code, 0);
    assert.match(`${failed.stdout}${failed.stderr}`, FULL);
    // Terraform prints the whole state when it can save it nowhere, private keys included.
    assert.doesNotMatch(`${failed.stdout}${failed.stderr}`, /PRIVATE KEY/);
    const before = filesBelow(fleetFolder).length;
    disk.resize(ROOMY);
    const next = await runFleetTls("deploy", project);
    assert.equal(next.code, 0, next.stderr);
    assert.deepEqual(await unsound(project), []);
    return { detail: `a clear error, no key printed; ${before} files were written, all right after the next deploy` };
  } finally {
    disk.unmount();
    project.dispose();
  }
}

/** A file system in memory, of a size, which only root may mount. */
class SmallDisk {
  constructor(
    private readonly folder: string,
    size: string,
  ) {
    fs.mkdirSync(folder, { recursive: true });
    this.mount(`size=${size},mode=0700`);
  }

  public resize(size: string): void {
    this.mount(`remount,size=${size}`);
  }

  public unmount(): void {
    execFileSync("umount", ["-l", this.folder]);
  }

  private mount(options: string): void {
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", options, "fleet-tls-faults", this.folder], { stdio: "pipe" });
    } catch (error) {
      throw new Blocked(`no small disk can be mounted here: ${String((error as { stderr?: Buffer }).stderr).trim()}`);
    }
  }
}
