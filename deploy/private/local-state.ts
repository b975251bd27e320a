import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { DeployError } from "../deploy-error";
import type { Terraform } from "./terraform";
import { Scratch } from "./scratch";
import { Stack } from "./stack";
import { withoutSecrets } from "./without-secrets";

const WRITING_MS = 500;

/** The file in which a stack's local backend keeps its state, every private key in clear. */
export class LocalState {
  /** The state of a stack's workspace; nothing if another backend keeps it. */
  public static of(terraform: Terraform, stack: Stack): LocalState | undefined {
    const file = stack.localState(terraform.workspace(stack));
    return file === undefined ? undefined : new LocalState(file);
  }

  private readonly name: string;
  private readonly backup: string;

  constructor(private readonly file: string) {
    this.name = path.basename(file);
    this.backup = `${file}.backup`;
  }

  /** The state as Terraform wrote it; nothing if it is absent, being written, or encrypted by OpenTofu. */
  public read(): string | undefined {
    const text = textOf(this.file);
    const { version, encrypted_data: encrypted } = parsed(text);
    return typeof version === "number" && encrypted === undefined ? text : undefined;
  }

  /** Makes the files that Terraform is about to write, closed to others from their first byte: it keeps their mode. */
  public close(): void {
    for (const file of [this.file, this.backup]) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.closeSync(fs.openSync(file, "a", 0o600));
      fs.chmodSync(file, 0o600);
    }
  }

  /** Removes what Terraform did not write into. */
  public tidy(): void {
    for (const file of [this.file, this.backup]) {
      if (fs.statSync(file, { throwIfNoEntry: false })?.size === 0) fs.rmSync(file);
    }
  }

  /** Removes a state without resources. What it was before is kept under a name of its own, and answered. */
  public retire(now: Date): string | undefined {
    if (!isEmptyState(this.file)) return undefined;
    fs.rmSync(this.file);
    if (!isWhole(this.backup)) return undefined;
    const kept = `${this.file}.${now.toISOString().replace(/[-:]|\.\d+/g, "")}.backup`;
    fs.renameSync(this.backup, kept);
    return kept;
  }

  /**
   * Puts a state back that a killed Terraform left empty or in part. Its local backend empties the file before it works
   * out what to write, so a kill then loses the state; what it was when that run began is in the backup next to it.
   * Terraform itself takes an empty state for none, and the next deploy would create every CA again.
   *
   * @returns what was done, if anything
   */
  public async recover(terraform: Terraform): Promise<string | undefined> {
    if (!fs.existsSync(this.file) || !(await this.isBroken())) return undefined;
    if (isWhole(this.backup)) {
      this.setAside();
      await this.push(terraform);
      return `${this.name} was lost when Terraform was killed: restored to the state before that run`;
    }
    // A run that was killed before Terraform had anything to write.
    if (fs.statSync(this.file).size === 0 && !fs.existsSync(this.backup)) return undefined;
    this.setAside();
    return `${this.name} was lost when Terraform was killed, and was empty before that run: this deploy starts with an empty state`;
  }

  /** Whether the state is broken, and not just being written by a running Terraform. */
  private async isBroken(): Promise<boolean> {
    if (isWhole(this.file)) return false;
    const before = fs.readFileSync(this.file);
    await sleep(WRITING_MS);
    return !isWhole(this.file) && fs.readFileSync(this.file).equals(before);
  }

  // Part of a state may be the only copy of a key: it is kept, under a name that Terraform gives to backups.
  private setAside(): void {
    if (fs.statSync(this.file).size === 0) return;
    const kept = `${this.file}.${Math.floor(Date.now() / 1000)}.backup`;
    fs.writeFileSync(kept, fs.readFileSync(this.file), { mode: 0o600 });
    fs.truncateSync(this.file);
  }

  /**
   * By Terraform, not by copying: it takes the lock, so the state of a deploy that runs at this moment is left alone.
   * What is put back comes through a pipe: OpenTofu's push encrypts what it writes, and reads no state that is encrypted.
   */
  private async push(terraform: Terraform): Promise<void> {
    const text = isEncrypted(this.backup)
      ? await this.onState(terraform, this.backup, ["pull", "-no-color"])
      : textOf(this.backup);
    await this.onState(terraform, this.file, ["push", "-no-color", "-"], text);
  }

  /** Runs `terraform state` in a folder of its own, whose state is this file; answers what it prints. */
  private async onState(
    terraform: Terraform,
    file: string,
    command: readonly string[],
    input?: string,
  ): Promise<string> {
    const scratch = new Scratch();
    try {
      const text = JSON.stringify({ terraform: { backend: { local: { path: file } } } });
      fs.writeFileSync(path.join(scratch.folder, "main.tf.json"), text);
      const stack = new Stack("recovery", scratch.folder, [], text);
      let printed = "";
      for (const args of [
        ["init", "-input=false", "-no-color"],
        ["state", ...command],
      ]) {
        const { code, stdout, stderr } = await terraform.inScratch.read(stack, args, input);
        if (code !== 0) {
          throw new DeployError(
            `${this.file} is empty and cannot be put back from ${path.basename(this.backup)}; if another deploy is ` +
              `running, let it finish, then try again: ${withoutSecrets(stderr)}`,
          );
        }
        printed = stdout;
      }
      return printed;
    } finally {
      scratch.dispose();
    }
  }
}

/** What is read of a state. */
interface Contents {
  readonly version?: unknown;
  readonly resources?: unknown;
  /** Of a state that OpenTofu encrypted (opentofu.org/docs/language/state/encryption). */
  readonly encrypted_data?: unknown;
}

function isWhole(file: string): boolean {
  return typeof parsed(textOf(file)).version === "number" || isEncrypted(file);
}

function isEncrypted(file: string): boolean {
  return typeof parsed(textOf(file)).encrypted_data === "string";
}

function isEmptyState(file: string): boolean {
  // What cannot be read may contain anything.
  const { resources } = parsed(textOf(file));
  return Array.isArray(resources) && resources.length === 0;
}

function textOf(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}

/** Nothing of a text that is empty, or a part of a state. */
function parsed(text: string): Contents {
  try {
    return (JSON.parse(text) as Contents | null) ?? {};
  } catch {
    return {};
  }
}
