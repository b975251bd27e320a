import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import * as path from "node:path";

import type { TerraformProject } from "../support/terraform";
import { TERRAFORM, terraformEnvironment } from "../support/terraform";

/** A Terraform that runs beside the test: to be killed, or to apply a plan that was made earlier. */
export class TerraformProcess {
  /** The stack must have been initialised, as a deploy or a plan before does. */
  public static async start(project: TerraformProject, args: string[]): Promise<TerraformProcess> {
    const env = await terraformEnvironment();
    const cwd = path.join(project.outputFolder, "stacks", "stack");
    // A group of its own, so that its providers die with it.
    return new TerraformProcess(
      spawn(TERRAFORM, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] }),
    );
  }

  /** Runs one to its end, which must be a good one. */
  public static async run(project: TerraformProject, args: string[]): Promise<string> {
    const started = await TerraformProcess.start(project, args);
    const code = await started.ended;
    if (code !== 0) throw new Error(`terraform ${args[0]} ended with ${code}\n${started.output}`);
    return started.output;
  }

  /** The exit code, or nothing where it was killed. */
  public readonly ended: Promise<number | null>;

  /** Everything that it said so far. */
  public output = "";

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => (this.output += chunk));
    }
    this.ended = new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  }

  /** `kill -9` of it and its providers. */
  public async kill(): Promise<void> {
    try {
      process.kill(-(this.child.pid as number), "SIGKILL");
    } catch {
      // It ended before.
    }
    await this.ended;
  }
}
