import type { TerraformProject } from "../support/terraform";
import { deployProject, leftovers, resources } from "./project";

let project: TerraformProject;
afterEach(() => project.dispose());

test("a file that cannot be written fails its stack, and the others are deployed", async () => {
  project = deployProject();
  project.write("cdktf.out/stacks/mutual/.fleet-tls-deployed.json/in-the-way", "");
  const { code, stdout, stderr } = await project.fleetTls(["deploy"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^mutual: error: .*directory.*\.fleet-tls-deployed\.json$/m);
  expect(stderr).toContain("deployed: one-way\nfailed: mutual\n");
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(resources(project, "one-way")).toBe(3);
  expect(leftovers(project)).toEqual([]);
});

test.each([
  ["an output folder that is a file", "cdktf.out", ["deploy"]],
  ["a plan directory that is a file", "plans", ["diff", "--plan-dir", "plans"]],
])("%s is an error of one line", async (_, file, args) => {
  project = deployProject();
  project.write(file, "");
  const { code, stderr } = await project.fleetTls(args);
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^synthesising\\nfleet-tls: .*/${file}.*\\n$`));
});

test("a cdktf.json without anything in it lacks an app", async () => {
  project = deployProject();
  project.write("cdktf.json", "null");
  expect((await project.fleetTls(["deploy"])).stderr).toMatch(/^fleet-tls: cdktf.json: app is missing, allowed is/);
});
