import * as fs from "node:fs";
import * as path from "node:path";

import type { Run } from "../support/terraform";
import { execute } from "../support/terraform";
import type { Command } from "./doomed-process";
import { STACK } from "./fleet";
import type { FaultProject } from "./project";

const ROOT = path.join(__dirname, "..", "..");
const TSX = require.resolve("tsx/cjs");

/** `fleet-tls deploy` or `fleet-tls destroy`, of a project that is made one of CDKTF's. */
export async function fleetTls(command: "deploy" | "destroy", project: FaultProject): Promise<Command> {
  const app = `node -r ${TSX} ${path.join(__dirname, "fleet.ts")}`;
  fs.writeFileSync(project.path("cdktf.json"), JSON.stringify({ language: "typescript", app, projectId: STACK }));
  const args = ["-r", TSX, path.join(ROOT, "bin", "fleet-tls.ts"), command];
  return { file: process.execPath, args, cwd: project.folder, env: await project.environment() };
}

/** Runs it to its end. */
export async function npmRun(command: "deploy" | "destroy", project: FaultProject): Promise<Run> {
  const { file, args, cwd, env } = await fleetTls(command, project);
  return execute(file, [...args], { cwd, env });
}

/** `fleet-tls verify` of a folder and all below it. */
export async function verifyTree(folder: string): Promise<Run> {
  return execute(process.execPath, ["-r", TSX, path.join(ROOT, "bin", "fleet-tls.ts"), "verify", folder]);
}
