import * as fs from "node:fs";
import * as path from "node:path";

import { transformSync } from "esbuild";

import { execute } from "../support/execute";
import type { Attributes } from "../support/synth";
import { readStacks } from "../support/synth";

const APP = path.join(__dirname, "apps", "app.ts");

/** One way of using the package: a framework, a package manager, a module system and a runtime. */
export interface Lane {
  readonly name: string;
  readonly dependencies: Record<string, string>;
  /** More fields of the app's package.json, such as `overrides`. */
  readonly manifest?: Record<string, unknown>;
  readonly framework?: "cdktf" | "cdktn";
  readonly module: "commonjs" | "esm";
  /** Compile the app with the TypeScript among the dependencies, checking the typings of every package. */
  readonly typescript?: boolean;
  /** Program and arguments that install what package.json names. */
  readonly install?: readonly string[];
  /** Program that runs the app. */
  readonly runtime?: string;
}

/** Installs the packages of a lane into a new app, without any flag, and returns the app's folder. */
export async function installApp(lane: Lane, folder: string): Promise<string> {
  const manifest = {
    name: "app",
    private: true,
    type: lane.module === "esm" ? "module" : "commonjs",
    dependencies: lane.dependencies,
    ...lane.manifest,
  };
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  const [command, ...args] = lane.install ?? ["npm", "install"];
  await succeed(command!, args, folder);
  return folder;
}

/** Synthesises the app of `apps/app.ts` in an app's folder; returns the JSON of its stacks, without cdktf's metadata. */
export async function synthApp(
  lane: Lane,
  folder: string,
  env: Record<string, string> = {},
): Promise<Record<string, Attributes>> {
  await writeApp(lane, folder);
  const outdir = path.join(folder, "cdktf.out");
  fs.rmSync(outdir, { recursive: true, force: true });
  await succeed(lane.runtime ?? process.execPath, ["app.js"], folder, { ...env, CDKTF_OUTDIR: outdir });
  return Object.fromEntries(Object.entries(readStacks(outdir)).map(([id, stack]) => [id, stack.json]));
}

async function writeApp({ framework = "cdktf", module, typescript }: Lane, folder: string): Promise<void> {
  const source = fs.readFileSync(APP, "utf8").replace(/(from "@?)cdktf/g, `$1${framework}`);
  if (!typescript) {
    const { code } = transformSync(source, { loader: "ts", format: module === "esm" ? "esm" : "cjs" });
    fs.writeFileSync(path.join(folder, "app.js"), code);
    return;
  }
  fs.writeFileSync(path.join(folder, "app.ts"), source);
  const compilerOptions = {
    module: "node16",
    target: "ES2022",
    lib: ["ES2022"],
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
  };
  fs.writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["app.ts"] }));
  await succeed(process.execPath, [path.join(folder, "node_modules", "typescript", "bin", "tsc"), "-p", "."], folder);
}

/** Runs a program that has to end well. */
export async function succeed(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, stderr } = await execute(command, [...args], { cwd, env: { ...process.env, ...env } });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}
