import * as fs from "node:fs";

import type { TerraformProject } from "../support/terraform";
import { deployProject, resources } from "./project";

let project: TerraformProject;
afterEach(() => project.dispose());

test("a destroy takes its stack's files and folders, and keeps its last state", async () => {
  project = deployProject({ READS: "1" });
  await project.fleetTls(["deploy"]);
  const last = project.read("terraform.mutual.tfstate");
  const destroyed = await project.fleetTls(["destroy", "mutual"]);
  expect(destroyed).toMatchObject({ code: 0, stdout: "" });
  expect(destroyed.stderr).toContain("mutual: 3 files and every key removed: 0 added, 0 changed, 4 destroyed");
  expect(fs.readdirSync(project.path("fleet-tls"))).toEqual(["one-way"]);
  expect(project.exists("terraform.mutual.tfstate")).toBe(false);
  expect(resources(project, "one-way")).toBe(3);

  const [, kept] = /is kept as (\S+)/.exec(destroyed.stderr)!;
  expect(kept).toMatch(/^terraform\.mutual\.tfstate\.\d{8}T\d{6}Z\.backup$/);
  expect({ mode: project.mode(kept!), text: project.read(kept!) }).toEqual({ mode: 0o600, text: last });

  // It is what the docs restore it by, and the fleet is the same again.
  const push = `terraform -chdir=cdktf.out/stacks/mutual state push ../../../${kept}`;
  expect(await project.program("sh", ["-c", push])).toMatchObject({ code: 0 });
  const again = await project.fleetTls(["deploy", "mutual"]);
  expect(again.stderr).toContain("mutual: plan: 3 to add, 0 to change, 0 to destroy");
});

test("a destroy of everything runs in reverse order of dependencies and leaves foreign files", async () => {
  project = deployProject({ READS: "1" });
  await project.fleetTls(["deploy"]);
  project.write("fleet-tls/one-way/mine.txt", "");
  const { code, stderr } = await project.fleetTls(["destroy"]);
  expect(code).toBe(0);
  expect(stderr.indexOf("one-way: initialising")).toBeGreaterThan(stderr.indexOf("mutual: 3 files and every key"));
  expect(fs.readdirSync(project.path("fleet-tls"), { recursive: true }).sort()).toEqual([
    "one-way",
    "one-way/mine.txt",
  ]);
});

test("a stack that a deployed one reads is not destroyed before it", async () => {
  project = deployProject({ READS: "1" });
  await project.fleetTls(["deploy"]);
  expect(await project.fleetTls(["destroy", "one-way"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      "fleet-tls: nothing is destroyed: mutual reads one-way, and it is still deployed; destroy mutual too, or before\n",
    ),
  });
  expect(resources(project, "one-way")).toBe(3);
  expect(await project.fleetTls(["destroy", "mutual"])).toMatchObject({ code: 0 });
  expect(await project.fleetTls(["destroy", "one-way"])).toMatchObject({ code: 0 });
  expect(project.exists("fleet-tls")).toBe(false);
});
