import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { terraformEnvironment } from "../support/execute";
import { filesBelow } from "../support/files";
import { copyProject } from "../support/project-copy";
import type { SynthesizedStack } from "../support/synth";
import { readStacks } from "../support/synth";

/** A copy of an example, in a copy of the project, in which its README is followed. Dispose of it: it holds keys. */
export class Example {
  private readonly project = copyProject(fs.mkdtempSync(path.join(os.tmpdir(), "example-")));
  private readonly folder: string;

  constructor(name: string) {
    this.folder = path.join(this.project, "examples", name);
    this.execute("node", ["scripts/bundle-programs.mjs"], this.project);
  }

  /** The files that the README lists, each by its path. */
  public get listed(): string[] {
    const [, list] = /\n\n```\n([^]*?)^```$/m.exec(this.readme)!;
    return list!
      .trim()
      .split("\n")
      .flatMap((line) => {
        const [, folder = "", names] = /^(?:(\S+\/): )?(.*)$/.exec(line)!;
        return names!.split(" ").map((file) => folder + file);
      });
  }

  /** Runs the commands of the README. `npx fleet-tls` is the command line of the working tree. */
  public async follow(variables: Record<string, string> = {}): Promise<string> {
    const [, commands] = /^```sh\n([^]*?)^```$/m.exec(this.readme)!;
    return this.execute(
      "sh",
      ["-ec", commands!.replaceAll("npx fleet-tls", `node -r tsx/cjs ${this.project}/bin/fleet-tls.ts`)],
      this.folder,
      await terraformEnvironment(variables),
    );
  }

  /** Runs the app alone. */
  public synth(): Record<string, SynthesizedStack> {
    this.execute("node", ["-r", "tsx/cjs", `${this.project}/bin/fleet-tls.ts`, "synth"], this.folder);
    return readStacks(path.join(this.folder, "cdktf.out"));
  }

  public files(folder: string): string[] {
    return filesBelow(this.path(folder));
  }

  public read(file: string): string {
    return fs.readFileSync(this.path(file), "utf8");
  }

  public path(file: string): string {
    return path.join(this.folder, file);
  }

  public dispose(): void {
    fs.rmSync(this.project, { recursive: true, force: true });
  }

  private get readme(): string {
    return this.read("README.md");
  }

  private execute(program: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string {
    return execFileSync(program, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }
}
