import * as fs from "node:fs";
import * as path from "node:path";

import { TerraformVariable } from "cdktf";

import { OneWayFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { execute, TERRAFORM, terraformEnvironment } from "../support/execute";
import { filesBelow } from "../support/files";
import { fleetProps } from "../support/fleets";
import { readStacks } from "../support/synth";
import { TerraformProject } from "../support/terraform";
import { Example, ExampleProject } from "./example";

async function terraform(folder: string, ...args: string[]): Promise<string> {
  const env = await terraformEnvironment();
  const { code, stdout, stderr } = await execute(TERRAFORM, [...args, "-no-color"], { cwd: folder, env });
  if (code !== 0) throw new Error(`terraform ${args[0]!} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

describe("a fleet as a Terraform module", () => {
  const project = new ExampleProject();
  afterAll(() => project.dispose());
  const example = new Example(project, "terraform-module");

  test("its README leads to the files that it lists, and a second plan changes nothing", async () => {
    const applied = await example.follow({ TF_CLI_ARGS_apply: "-auto-approve -no-color" });
    expect(applied).toContain("--url=https://fleet.example.com:8220");
    expect(example.written).toEqual(example.listed);
    expect(await terraform(example.path("."), "plan")).toContain("No changes.");
  });

  test("has no backend and no provider configuration", () => {
    const { json, terraform: settings } = readStacks(example.path("cdktf.out"))["fleet"]!;
    expect(json).not.toHaveProperty("provider");
    expect(settings).not.toHaveProperty("backend");
  });

  test("the page shows the call of the example", () => {
    const call = /module "fleet" \{[^]*?\n\}/.exec(example.read("main.tf"))![0];
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
