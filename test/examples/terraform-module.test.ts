import * as fs from "node:fs";
import * as path from "node:path";

import { TerraformVariable } from "cdktf";

import { FleetModule } from "../../examples/terraform-module/module";
import { OneWayFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { execute, TERRAFORM, terraformEnvironment } from "../support/execute";
import { filesBelow } from "../support/files";
import { fleetProps } from "../support/fleets";
import { TerraformProject } from "../support/terraform";
import { filesInReadme } from "./example";

const EXAMPLE = path.join(__dirname, "..", "..", "examples", "terraform-module");

async function terraform(folder: string, ...args: string[]): Promise<string> {
  const env = await terraformEnvironment();
  const { code, stdout, stderr } = await execute(TERRAFORM, [...args, "-no-color"], { cwd: folder, env });
  if (code !== 0) throw new Error(`terraform ${args[0]!} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

describe("a fleet as a Terraform module", () => {
  const project = new TerraformProject((app) => new FleetModule(app, "fleet"));
  afterAll(() => project.dispose());

  test("has no backend and no provider configuration", () => {
    expect(project.stacks["fleet"]!.json).not.toHaveProperty("provider");
    expect(project.stacks["fleet"]!.terraform).not.toHaveProperty("backend");
  });

  test("is applied by its caller, and a second plan changes nothing", async () => {
    fs.copyFileSync(path.join(EXAMPLE, "main.tf"), project.path("main.tf"));
    await terraform(project.folder, "init");
    const applied = await terraform(project.folder, "apply", "-auto-approve");
    expect(applied).toContain("--url=https://fleet.example.com:8220");
    expect(await terraform(project.folder, "plan")).toContain("No changes.");
    expect(filesBelow(project.path("fleet-tls"))).toEqual(filesInReadme(EXAMPLE));
  });

  test("the page shows the call of the example", () => {
    const call = /module "fleet" \{[^]*?\n\}/.exec(fs.readFileSync(path.join(EXAMPLE, "main.tf"), "utf8"))![0];
    const page = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "terraform-module.md"), "utf8");
    expect(page.replace(/^ {3}/gm, "")).toContain(call);
  });
});

describe("a relative output directory", () => {
  // In a stack that is run itself, and in one that another configuration calls from another folder.
  const project = new TerraformProject((app) => {
    const stack = new TestStack(app);
    stack.addOverride("terraform.backend", undefined);
    stack.addOverride("provider", undefined);
    const variable = new TerraformVariable(stack, "folder", { default: "out/token" });
    new OneWayFleetTls(stack, "literal", fleetProps({ outputDirectory: "out/literal" }));
    new OneWayFleetTls(stack, "token", fleetProps({ outputDirectory: variable.stringValue }));
  });
  afterAll(() => project.dispose());

  test.each(["cdktf.out/stacks/stack", "."])(
    "means the same as a literal and as a token, when Terraform runs in %s",
    async (from) => {
      const folder = project.path(from);
      if (from === ".")
        fs.writeFileSync(project.path("main.tf"), 'module "fleet" {\n  source = "./cdktf.out/stacks/stack"\n}\n');
      await terraform(folder, "init");
      await terraform(folder, "apply", "-auto-approve");
      const [literal, token] = ["literal", "token"].map((name) => filesBelow(project.path("out", name)));
      expect(literal).toContain("fleet-server/fleet-cert.pem");
      expect(token).toEqual(literal);
      await terraform(folder, "destroy", "-auto-approve");
    },
  );
});
