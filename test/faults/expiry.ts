import * as fs from "node:fs";

import type { TerraformProject } from "../support/terraform";
import { STACK } from "./fleet";

/** Moves every leaf's end to within the hour, as the tls provider reads it: each is then renewed by the next apply. */
export async function makeLeavesDue(project: TerraformProject): Promise<void> {
  const soon = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, "");
  await project.changeState(STACK, ({ resources }) => {
    for (const { type, instances } of resources) {
      if (type !== "tls_locally_signed_cert") continue;
      for (const { attributes } of instances) attributes["validity_end_time"] = soon;
    }
  });
  // The file that a first push of a state leaves next to it is no backup of a run.
  fs.rmSync(`${project.stateFile(STACK)}.backup`, { force: true });
}
