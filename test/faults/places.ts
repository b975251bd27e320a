import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import type { Run } from "../support/execute";
import { execute } from "../support/execute";
import { modesBelow } from "../support/files";
import type { TerraformProject } from "../support/terraform";
import { makeLeavesDue } from "./expiry";
import { FLEET_FOLDER, STACK } from "./fleet";
import { withProject } from "./project";
import type { Outcome, Scenario } from "./scenario";
import { Blocked } from "./scenario";
import { unsound } from "./soundness";

const NOBODY = 65534;
const APPLY = ["apply", "-auto-approve", "-input=false", "-no-color"];
const AGENT = `${FLEET_FOLDER}/agents/web-1`;
const KEY = "agent-cert-key.pem";

export const PLACES: Scenario[] = [
  { name: "read-only", title: "the output directory is read-only", run: readOnly },
  { name: "file-for-directory", title: "a file is where a host's folder should be", run: fileForDirectory },
  { name: "umask", title: "umask 0, then 077", run: umask },
  { name: "symlink", title: "a symbolic link is planted at a key's path", run: plantedLink },
  { name: "open-key", title: "a key's file is there before, with mode 0644, in a folder open to all", run: openKey },
  { name: "foreign-directory", title: "a host's folder belongs to another user", run: foreignDirectory },
];

/** Modes stop nobody who is root. */
async function readOnly(): Promise<Outcome> {
  await withProject({}, async (project) => {
    const output = project.path("fleet-tls");
    fs.mkdirSync(output);
    fs.chmodSync(output, 0o555);
    refused(await applyAsNobody(project), /permission denied/);
    fs.chmodSync(output, 0o755);
    assert.equal((await applyAsNobody(project)).code, 0);
    assert.deepEqual(await unsound(project), []);

    await makeLeavesDue(project);
    // The local provider overwrites what it could not delete, so the folder's mode alone stops nothing.
    const renewed = path.join(project.path(AGENT), "agent-cert.pem");
    fs.chmodSync(renewed, 0o444);
    fs.chmodSync(project.path(AGENT), 0o500);
    refused(await applyAsNobody(project), /permission denied/);
    fs.chmodSync(project.path(AGENT), 0o700);
    fs.chmodSync(renewed, 0o644);
    assert.equal((await applyAsNobody(project)).code, 0);
    assert.deepEqual(await unsound(project), []);
  });
  return { detail: "a clear error in the first apply and in a renewal, and right once it can be written" };
}

async function fileForDirectory(): Promise<Outcome> {
  await withProject({}, async (project) => {
    fs.mkdirSync(project.path(FLEET_FOLDER, "agents"), { recursive: true, mode: 0o700 });
    fs.chmodSync(project.path("fleet-tls"), 0o700);
    fs.writeFileSync(project.path(AGENT), "");
    refused(await project.terraform(STACK, APPLY), /not a directory/);
    fs.rmSync(project.path(AGENT));
    await project.apply(STACK);
    assert.deepEqual(await unsound(project), []);
  });
  return { detail: "a clear error, and right once it is gone" };
}

async function umask(): Promise<Outcome> {
  const modes: string[] = [];
  for (const mask of ["0", "077"]) {
    await withProject({}, async (project) => {
      assert.equal((await applyUnder(`umask ${mask}; exec "$@"`, project)).code, 0);
      const found = modesBelow(project.path("fleet-tls"));
      const isSecret = (name: string): boolean => /-key\.pem$|passphrase$/.test(name);
      for (const [name, mode] of Object.entries(found)) {
        if (name.endsWith("/")) assert.equal(mode, "0700", name);
        else if (isSecret(name)) assert.equal(mode, "0600", name);
        else assert.equal(mode, mask === "0" ? "0644" : "0600", name);
      }
      modes.push((fs.statSync(project.stateFile(STACK)).mode & 0o777).toString(8));
    });
  }
  // Terraform's own doing: `npm run deploy` closes it afterwards.
  assert.deepEqual(modes, ["666", "600"]);
  return { detail: "keys 0600 and folders 0700 both times; Terraform's own state file gets 0666 and 0600" };
}

async function plantedLink(): Promise<Outcome> {
  await withProject({}, async (project) => {
    const folder = project.path(AGENT);
    const elsewhere = project.path("elsewhere");
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.symlinkSync(elsewhere, path.join(folder, KEY));
    await project.apply(STACK);
    assert.match(fs.readFileSync(elsewhere, "utf8"), /PRIVATE KEY/);
    await expectRefusal(project, new RegExp(`${KEY}[^]*symbolic link`));
  });
  return { detail: "Terraform writes through it without a warning; fleet-tls verify names it" };
}

async function openKey(): Promise<Outcome> {
  await withProject({}, async (project) => {
    const folder = project.path(AGENT);
    fs.mkdirSync(folder, { recursive: true });
    fs.chmodSync(folder, 0o755);
    fs.writeFileSync(path.join(folder, KEY), "older");
    fs.chmodSync(path.join(folder, KEY), 0o644);
    await project.apply(STACK);
    const modes = modesBelow(folder);
    assert.match(fs.readFileSync(path.join(folder, KEY), "utf8"), /PRIVATE KEY/);
    assert.equal(modes[KEY], "0644");
    await expectRefusal(project, new RegExp(`${KEY}[^]*0644`), /0755/);
  });
  return { detail: "Terraform leaves both modes as they were; fleet-tls verify names both" };
}

async function foreignDirectory(): Promise<Outcome> {
  if (process.getuid?.() !== 0) throw new Blocked("only root may give a folder to another user");
  await withProject({}, async (project) => {
    const folder = project.path(AGENT);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.chownSync(folder, NOBODY, NOBODY);
    await project.apply(STACK);
    assert.equal(fs.statSync(folder).uid, NOBODY);
    await expectRefusal(project, new RegExp(`belongs to user ${NOBODY}`));
  });
  return { detail: "Terraform, run by root, writes into it; fleet-tls verify names it" };
}

function refused({ code, stderr }: Run, message: RegExp): void {
  assert.equal(code, 1);
  assert.match(stderr.replace(/\s+/g, " "), message);
}

/** What Terraform cannot tell, `fleet-tls verify` does. */
async function expectRefusal(project: TerraformProject, ...messages: RegExp[]): Promise<void> {
  const { code, stdout } = await project.fleetTls(["verify", FLEET_FOLDER]);
  assert.equal(code, 1, stdout);
  for (const message of messages) assert.match(stdout, message);
}

async function applyUnder(script: string, project: TerraformProject): Promise<Run> {
  const { file, args, cwd, env } = await project.terraformCommand(STACK, APPLY);
  return execute("sh", ["-c", script, "sh", file, ...args], { cwd, env });
}

/** Applies as a user whom modes stop; afterwards everything belongs to whoever runs this, as `verify` wants it. */
async function applyAsNobody(project: TerraformProject): Promise<Run> {
  if (process.getuid?.() !== 0) return project.terraform(STACK, APPLY);
  const folder = path.dirname(project.folder);
  const give = (user: number): Buffer => execFileSync("chown", ["-R", `${user}:${user}`, folder]);
  give(NOBODY);
  try {
    const user = `setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups env HOME='${folder}'`;
    return await applyUnder(`exec ${user} "$@"`, project);
  } finally {
    give(0);
  }
}
