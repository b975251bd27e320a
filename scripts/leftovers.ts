import * as fs from "node:fs";
import * as path from "node:path";
import type { ProviderSource } from "../providers/mirror";

const STATE = /^terraform\..+\.tfstate$/;
const STATE_OR_BACKUP = /^terraform\..+\.tfstate(\.\d+)?(\.backup)?$/;

/** Closes cdktf's output folder to others, before there is anything in it: a plan holds private keys in mode 0644. */
export function closeOutputFolder(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, 0o700);
}

/** Removes the plans that cdktf leaves behind, private keys included. */
export function removePlans(outputFolder: string): void {
  for (const stack of stackFolders(outputFolder)) fs.rmSync(path.join(stack, "plan"), { force: true });
}

/** Removes lock files that would refuse the providers of this source: a build of ours never has the registry's hash. */
export function removeForeignLocks(outputFolder: string, origin: ProviderSource["origin"]): void {
  for (const stack of stackFolders(outputFolder)) {
    const lock = path.join(stack, ".terraform.lock.hcl");
    if (!fs.existsSync(lock)) continue;
    // Only what the registry signed is recorded with "zh" hashes.
    if (origin === "mirror" || !fs.readFileSync(lock, "utf8").includes('"zh:')) fs.rmSync(lock, { force: true });
  }
}

/** Closes local state, which holds every private key in the clear, to others; Terraform then keeps the mode. */
export function closeStates(project: string): void {
  for (const name of fs.readdirSync(project).filter((entry) => STATE_OR_BACKUP.test(entry))) {
    fs.chmodSync(path.join(project, name), 0o600);
  }
}

/** Removes local states that hold no resource any more, and the backups of them, which still do. */
export function removeEmptyStates(project: string): void {
  const names = fs.readdirSync(project);
  for (const state of names.filter((name) => STATE.test(name) && isEmptyState(path.join(project, name)))) {
    const backups = names.filter((name) => name.startsWith(`${state}.`) && STATE_OR_BACKUP.test(name));
    for (const name of [state, ...backups, `.${state}.lock.info`]) {
      fs.rmSync(path.join(project, name), { force: true });
    }
  }
}

/** Removes a folder and every folder below it that holds no file, for Terraform removes files alone. */
export function removeEmptyFolders(folder: string): void {
  if (!fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const name of fs.readdirSync(folder)) removeEmptyFolders(path.join(folder, name));
  if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}

/** The folders that Terraform runs in, one a stack. */
export function stackFolders(outputFolder: string): string[] {
  const stacks = path.join(outputFolder, "stacks");
  if (!fs.existsSync(stacks)) return [];
  return fs
    .readdirSync(stacks, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(stacks, entry.name));
}

function isEmptyState(file: string): boolean {
  try {
    const { resources } = JSON.parse(fs.readFileSync(file, "utf8"));
    return Array.isArray(resources) && resources.length === 0;
  } catch {
    // What cannot be read may hold anything.
    return false;
  }
}
