import * as path from "node:path";

import type { Command, Run } from "../support/execute";
import type { TerraformProject } from "../support/terraform";
import { STACK } from "./fleet";

/** `fleet-tls deploy` or `fleet-tls destroy`, of a project that becomes one of CDKTF's. */
export async function fleetTls(command: "deploy" | "destroy", project: TerraformProject): Promise<Command> {
  writeSettings(project);
  const [file, ...args] = project.fleetTlsCommand([command]);
  return { file: file!, args, cwd: project.folder, env: await project.environment() };
}

/** Runs it to its end. */
export function runFleetTls(command: "deploy" | "destroy", project: TerraformProject): Promise<Run> {
  writeSettings(project);
  return project.fleetTls([command]);
}

function writeSettings(project: TerraformProject): void {
  const app = `node -r ${require.resolve("tsx/cjs")} ${path.join(__dirname, "fleet.ts")}`;
  project.write("cdktf.json", JSON.stringify({ language: "typescript", app, projectId: STACK }));
}
