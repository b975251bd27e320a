import type { ProjectOptions } from "../support/terraform";
import { TerraformProject } from "../support/terraform";
import type { FleetShape } from "./fleet";
import { buildFleet, STACK } from "./fleet";

/** Runs something with an initialised project of a fleet, and removes the project afterwards. */
export async function withProject<T>(
  shape: FleetShape,
  use: (project: TerraformProject) => Promise<T>,
  options: ProjectOptions = {},
): Promise<T> {
  const project = new TerraformProject(buildFleet(shape), options);
  try {
    await project.init(STACK);
    return await use(project);
  } finally {
    project.dispose();
  }
}
