import * as fs from "node:fs";
import * as path from "node:path";

import { DeployError } from "../deploy-error";
import type { Stack } from "./stack";
import type { Terraform } from "./terraform";
import { withoutSecrets } from "./without-secrets";

/** What Terraform calls a state that its backend did not take; it writes it where it runs. */
const NAME = "errored.tfstate";

/**
 * The state of a run that could not be saved, such as on a server that failed: the only copy of every key that the run
 * made. The next apply would not know of it, and would create every CA again.
 */
export class UnsavedState {
  private readonly file: string;

  constructor(private readonly stack: Stack) {
    this.file = path.join(stack.folder, NAME);
  }

  /** Closes the file to others, where there is one: Terraform writes it as the umask says. */
  public close(): void {
    if (fs.existsSync(this.file)) fs.chmodSync(this.file, 0o600);
  }

  /**
   * Saves it. Terraform refuses that if the saved state is a newer one.
   *
   * @returns what was done, if anything
   */
  public async save(terraform: Terraform, args: readonly string[]): Promise<string | undefined> {
    if (!fs.existsSync(this.file)) return undefined;
    const { code, stderr } = await terraform.read(this.stack, ["state", "push", "-no-color", ...args, NAME]);
    if (code !== 0) {
      throw new DeployError(
        `${this.file}, which an earlier run could not save, cannot be saved: ${withoutSecrets(stderr)}; if another run deployed since, remove that file`,
      );
    }
    fs.rmSync(this.file);
    return "saved the state that the last run could not save";
  }
}
