import * as fs from "node:fs";
import * as path from "node:path";

import type { Run } from "../support/terraform";
import { execute } from "../support/terraform";
import { STACK } from "./fleet";
import type { FaultProject } from "./project";

const ROOT = path.join(__dirname, "..", "..");
const TSX = require.resolve("tsx/cjs");

/** Makes a project one that cdktf deploys by itself. */
export function writeApp(project: FaultProject): void {
  const app = `node -r ${TSX} ${path.join(__dirname, "fleet.ts")}`;
  const config = { language: "typescript", app, projectId: STACK, sendCrashReports: "false" };
  fs.writeFileSync(project.path("cdktf.json"), JSON.stringify(config));
}

/** `npm run deploy` or `npm run destroy`, in a project of its own. */
export async function npmRun(script: "deploy" | "destroy", project: FaultProject): Promise<Run> {
  writeApp(project);
  const options = { cwd: project.folder, env: await project.environment() };
  return execute(process.execPath, ["-r", TSX, path.join(ROOT, "scripts", `${script}.ts`)], options);
}

/** `fleet-tls verify` of a folder and all below it. */
export async function verifyTree(folder: string): Promise<Run> {
  return execute(process.execPath, ["-r", TSX, path.join(ROOT, "bin", "fleet-tls.ts"), "verify", folder]);
}
