import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const STATE = /^terraform\.[^.]+\.tfstate$/;
const WRITING_MS = 500;

/**
 * Puts back local states that a killed Terraform left empty or in part. Its local backend empties the file before it
 * works out what to write, so a kill then loses the state; what it was when that run began lies beside it, as a backup.
 * Terraform itself takes an empty state for none, and the next deploy would make every CA anew.
 */
export async function recoverStates(
  project: string,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
): Promise<void> {
  for (const name of fs.readdirSync(project).filter((entry) => STATE.test(entry))) {
    const state = path.join(project, name);
    if (!(await isBroken(state))) continue;
    setAside(state);
    const backup = `${state}.backup`;
    if (isWhole(backup)) {
      push(backup, state, env);
      log(`${name} was lost when Terraform was killed: it is again what it was before that run`);
    } else {
      log(`${name} was lost when Terraform was killed, and held nothing before that run: this deploy begins anew`);
    }
  }
}

/** Whether a state is broken for good, and not just being written by a Terraform that runs. */
async function isBroken(state: string): Promise<boolean> {
  if (isWhole(state)) return false;
  const before = fs.readFileSync(state);
  await sleep(WRITING_MS);
  return !isWhole(state) && fs.readFileSync(state).equals(before);
}

function isWhole(file: string): boolean {
  try {
    return typeof JSON.parse(fs.readFileSync(file, "utf8")).version === "number";
  } catch {
    return false;
  }
}

// Part of a state may be the only copy of a key: it is kept, under a name that Terraform gives to backups.
function setAside(state: string): void {
  if (fs.statSync(state).size === 0) return;
  fs.writeFileSync(`${state}.${Math.floor(Date.now() / 1000)}.backup`, fs.readFileSync(state), { mode: 0o600 });
  fs.truncateSync(state);
}

/** By Terraform, not by copying: it takes the lock, so the state of a deploy that runs at this moment is left alone. */
function push(backup: string, state: string, env: NodeJS.ProcessEnv): void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cdktf-fleet-tls-state-"));
  try {
    const backend = { local: { path: path.resolve(state) } };
    fs.writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify({ terraform: { backend } }));
    for (const args of [["init"], ["state", "push", path.resolve(backup)]]) {
      const terraform = env["TERRAFORM_BINARY_NAME"] ?? "terraform";
      const { status, stderr, error } = spawnSync(terraform, [...args, "-no-color"], {
        cwd: folder,
        env,
        encoding: "utf8",
      });
      if (status !== 0) {
        throw new Error(
          `${state} is empty and cannot be put back from ${path.basename(backup)}; if another deploy is running, let ` +
            `it finish, then try again: ${(error?.message ?? stderr).trim()}`,
        );
      }
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
