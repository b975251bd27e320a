import * as fs from "node:fs";
import * as path from "node:path";

import { DeployError } from "../deploy-error";
import type { Processes } from "./processes";
import { Stack } from "./stack";

interface Configuration {
  readonly app?: unknown;
  readonly output?: unknown;
  readonly context?: unknown;
}

interface Manifest {
  readonly stacks: Readonly<Record<string, ManifestStack>>;
}

interface ManifestStack {
  readonly name: string;
  readonly constructPath: string;
  readonly workingDirectory: string;
  readonly synthesizedStackPath: string;
  readonly dependencies: readonly string[];
  readonly annotations?: readonly { constructPath: string; level: string; message: string }[];
}

/** A remark that the app made about a construct. */
export interface Annotation {
  readonly level: "info" | "warning" | "error";
  readonly text: string;
}

/** A CDKTF project: the folder of a `cdktf.json`. */
export class Project {
  /** Reads `cdktf.json`; options of the command line override it. */
  public static read(folder: string, given: { app?: string | undefined; output?: string | undefined } = {}): Project {
    const file = path.join(folder, "cdktf.json");
    let configuration: Configuration;
    try {
      configuration = (JSON.parse(fs.readFileSync(file, "utf8")) as Configuration | null) ?? {};
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
      throw new DeployError(
        isMissing
          ? `there is no cdktf.json in ${folder}; run this command in the folder of a CDKTF project`
          : `${file} cannot be read: ${(error as Error).message}`,
      );
    }
    const app = given.app ?? configuration.app;
    if (typeof app !== "string" || app === "") {
      throw new DeployError(
        `cdktf.json: app is missing, allowed is the command that synthesises, such as "node main.js"; add it, or use --app`,
      );
    }
    const output = given.output ?? (typeof configuration.output === "string" ? configuration.output : "cdktf.out");
    return new Project(folder, app, path.resolve(folder, output), configuration.context ?? {});
  }

  private constructor(
    public readonly folder: string,
    private readonly app: string,
    /** Output folder of the app. */
    public readonly outputFolder: string,
    private readonly context: unknown,
  ) {}

  /** Synthesises, unless the last output is to be used, and prints the app's messages. */
  public async stacks(processes: Processes, env: NodeJS.ProcessEnv, skipSynth: boolean): Promise<Stack[]> {
    if (!skipSynth) {
      process.stderr.write("synthesising\n");
      await this.synthesise(processes, env);
    }
    const { stacks, annotations } = this.read();
    for (const { level, text } of annotations) process.stderr.write(`${level}: ${text}\n`);
    if (annotations.some(({ level }) => level === "error")) {
      throw new DeployError("the app reported errors: fix the errors above");
    }
    return stacks;
  }

  /** The stacks that were synthesised last; none where that cannot be known. */
  public lastStacks(): Stack[] {
    try {
      return this.read().stacks;
    } catch {
      return [];
    }
  }

  /** Folders of stacks in the output folder that the app has no longer. */
  public formerFolders(stacks: readonly Stack[]): string[] {
    const folder = path.join(this.outputFolder, "stacks");
    const current = new Set(stacks.map((stack) => stack.folder));
    const names = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
    return names.map((name) => path.join(folder, name)).filter((one) => !current.has(one));
  }

  /** Runs the app, in the environment that `cdktf synth` runs it in. */
  private async synthesise(processes: Processes, env: NodeJS.ProcessEnv): Promise<void> {
    // Plans and `.terraform` can contain secrets, so the folder is closed before there is anything in it.
    fs.mkdirSync(this.outputFolder, { recursive: true });
    fs.chmodSync(this.outputFolder, 0o700);
    fs.rmSync(this.manifest, { force: true });
    // Values of variables are for Terraform: an app that read them would write them into its JSON.
    const plain = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("TF_VAR_")));
    const { code, stdout, stderr } = await processes.run(this.app, [], {
      cwd: this.folder,
      shell: true,
      env: {
        ...plain,
        NODE_OPTIONS: env["NODE_OPTIONS"] || "--max-old-space-size=4096",
        CDKTF_OUTDIR: this.outputFolder,
        CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: "true",
        CDKTF_CONTEXT_JSON: JSON.stringify(this.context),
      },
    });
    process.stderr.write(stderr);
    if (code !== 0) {
      process.stderr.write(stdout);
      throw new DeployError(`the app could not be synthesised: "${this.app}" ended with exit code ${code}`);
    }
    if (!fs.existsSync(this.manifest)) {
      throw new DeployError(
        `the app wrote no ${path.relative(this.folder, this.manifest)}: "${this.app}" has to call app.synth()`,
      );
    }
  }

  /** The stacks and remarks that were synthesised last. */
  private read(): { stacks: Stack[]; annotations: Annotation[] } {
    if (!fs.existsSync(this.manifest)) {
      throw new DeployError(`there is no ${path.relative(this.folder, this.manifest)}; leave out --skip-synth`);
    }
    const entries = Object.values((JSON.parse(fs.readFileSync(this.manifest, "utf8")) as Manifest).stacks);
    if (entries.length === 0) throw new DeployError("the app has no stack; add one before app.synth()");
    const names = new Map(entries.map(({ constructPath, name }) => [constructPath, name]));
    const stacks = entries.map(
      (entry) =>
        new Stack(
          entry.name,
          path.join(this.outputFolder, entry.workingDirectory),
          entry.dependencies.map((constructPath) => names.get(constructPath) ?? constructPath),
          fs.readFileSync(path.join(this.outputFolder, entry.synthesizedStackPath), "utf8"),
        ),
    );
    return { stacks, annotations: entries.flatMap(annotationsOf) };
  }

  private get manifest(): string {
    return path.join(this.outputFolder, "manifest.json");
  }
}

function annotationsOf({ annotations = [] }: ManifestStack): Annotation[] {
  return annotations.map(({ constructPath, level, message }) => ({
    level: level.endsWith("error") ? "error" : level.endsWith("warn") ? "warning" : "info",
    text: `${constructPath}: ${message}`,
  }));
}
