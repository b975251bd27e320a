import { TerraformProject } from "../support/terraform";
import { countDone } from "./doomed-process";
import { makeLeavesDue } from "./expiry";
import { buildFleet, STACK } from "./fleet";
import { Postgres } from "./postgres";

export type Backend = "local" | "pg";

/** When in the life of a fleet Terraform is killed. */
export type Phase = "first apply" | "renewal" | "destroy";

/** A project to be copied for each kill, and what its next run does when nothing disturbs it. */
export interface Template {
  readonly project: TerraformProject;
  /** How many resources that run is done with at its end. */
  readonly resources: number;
  /** How long it takes here. */
  readonly milliseconds: number;
}

const templates = new Map<string, Promise<Record<Phase, Template>>>();

/** The templates of a backend, made once. */
export function templatesOf(backend: Backend): Promise<Record<Phase, Template>> {
  const made = templates.get(backend) ?? makeTemplates(backend);
  templates.set(backend, made);
  return made;
}

export async function disposeTemplates(): Promise<void> {
  for (const made of templates.values()) {
    for (const { project } of Object.values(await made.catch(() => ({})))) project.dispose();
  }
  templates.clear();
}

/** A copy of a project, with a database of its own if it needs one. */
export function copyOf(project: TerraformProject): TerraformProject {
  return project.copy("PGDATABASE" in project.env ? Postgres.get().createDatabase(project.env) : {});
}

async function makeTemplates(backend: Backend): Promise<Record<Phase, Template>> {
  const env = backend === "pg" ? Postgres.get().createDatabase() : {};
  const fresh = new TerraformProject(buildFleet({ backend }), { env });
  await fresh.init(STACK);
  const [deployed, firstApply] = await after(fresh, "apply");
  const due = copyOf(deployed);
  await makeLeavesDue(due);
  const [renewed, renewal] = await after(due, "apply");
  renewed.dispose();
  const [destroyed, destroy] = await after(deployed, "destroy");
  destroyed.dispose();
  return {
    "first apply": { project: fresh, ...firstApply },
    renewal: { project: due, ...renewal },
    destroy: { project: deployed, ...destroy },
  };
}

async function after(
  project: TerraformProject,
  verb: "apply" | "destroy",
): Promise<[TerraformProject, Omit<Template, "project">]> {
  const copy = copyOf(project);
  const started = Date.now();
  const stdout = await copy[verb](STACK);
  return [copy, { resources: countDone(stdout), milliseconds: Date.now() - started }];
}
