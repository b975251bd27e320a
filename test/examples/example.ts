import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import type { Run } from "../support/execute";
import { execute, terraformEnvironment } from "../support/execute";
import { contentsBelow, filesBelow } from "../support/files";
import { copyProject } from "../support/project-copy";
import type { SynthesizedStack } from "../support/synth";
import { readStacks } from "../support/synth";

/** A copy of the project, in which examples are run. Dispose of it: they leave keys in it. */
export class ExampleProject {
  public readonly folder = copyProject(fs.mkdtempSync(path.join(os.tmpdir(), "example-")));

  constructor() {
    execFileSync("node", ["scripts/bundle-programs.mjs"], { cwd: this.folder, stdio: "pipe" });
  }

  public dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** An example in such a copy, whose README is followed. */
export class Example {
  private readonly folder: string;

  constructor(
    private readonly project: ExampleProject,
    name: string,
  ) {
    this.folder = path.join(project.folder, "examples", name);
  }

  /** The README's list of files or outputs, as it is printed. */
  public get list(): string {
    return listOf(this.readme);
  }

  /** The files that the README lists, each by its path. */
  public get listed(): string[] {
    return listedFiles(this.list);
  }

  /** The files that are in the folder that the README names, each by its path. */
  public get written(): string[] {
    return filesBelow(this.path(this.outputFolder));
  }

  /** Content of each of these files, by its path. */
  public get contents(): Record<string, string> {
    return contentsBelow(this.path(this.outputFolder));
  }

  /** Runs the commands of the README. `npx fleet-tls` is the command line of the working tree. */
  public async follow(variables: Record<string, string> = {}): Promise<string> {
    const [, commands] = /^```sh\n([^]*?)^```$/m.exec(this.readme)!;
    return this.execute(
      "sh",
      ["-ec", commands!.replaceAll("npx fleet-tls", `node -r tsx/cjs ${this.project.folder}/bin/fleet-tls.ts`)],
      await terraformEnvironment(variables),
    );
  }

  /** Runs `fleet-tls` of the working tree in this folder; answers whatever it ended with. */
  public async run(args: readonly string[], variables: Record<string, string> = {}): Promise<Run> {
    const program = path.join(this.project.folder, "bin", "fleet-tls.ts");
    const env = await terraformEnvironment(variables);
    return execute("node", ["-r", "tsx/cjs", program, ...args], { cwd: this.folder, env });
  }

  /** Runs the app alone. */
  public synth(): Record<string, SynthesizedStack> {
    this.execute("node", ["-r", "tsx/cjs", `${this.project.folder}/bin/fleet-tls.ts`, "synth"]);
    return readStacks(path.join(this.folder, "cdktf.out"));
  }

  public read(file: string): string {
    return fs.readFileSync(this.path(file), "utf8");
  }

  public path(file: string): string {
    return path.join(this.folder, file);
  }

  private get readme(): string {
    return this.read("README.md");
  }

  private get outputFolder(): string {
    return /^Files in `(.*)`/m.exec(this.readme)![1]!;
  }

  private execute(program: string, args: string[], env: NodeJS.ProcessEnv = process.env): string {
    return execFileSync(program, args, { cwd: this.folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }
}

/** The list of files or outputs in the README of an example. */
function listOf(readme: string): string {
  return /\n\n```\n([^]*?)^```$/m.exec(readme)![1]!;
}

/** The files of such a list, each by its path. */
function listedFiles(list: string): string[] {
  return list
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [, folder = "", names] = /^(?:(\S+\/): )?(.*)$/.exec(line)!;
      return names!.split(" ").map((file) => folder + file);
    })
    .sort();
}
