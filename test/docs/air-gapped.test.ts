import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { providerEnvironment } from "../../providers/mirror";
import { deployProject } from "../deploy/project";
import type { TerraformProject } from "../support/terraform";
import { ProviderRegistry } from "./provider-registry";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "air-gapped.md"), "utf8");
const [, CONFIGURATION] = /^ {3}```hcl\n([^]*?)^ {3}```$/m.exec(PAGE)!;
const [, COMMAND] = /`terraform (providers mirror) DIR`/.exec(PAGE)!;

const hasTools = ["gpg", "python3"].every((program) => spawnSync(program, ["--version"]).status === 0);

let project: TerraformProject;

beforeAll(async () => {
  project = deployProject();
  expect((await project.fleetTls(["synth"])).code).toBe(0);
});
afterAll(() => project.dispose());

/** Deploys on a machine that has only the page's configuration and this mirror. */
const deploy = (mirror: string) => {
  project.write("terraform.rc", CONFIGURATION!.replace(/^ {3}/gm, "").replace("/opt/terraform-mirror", mirror));
  return project.fleetTls(["deploy"], { TF_CLI_CONFIG_FILE: project.path("terraform.rc") });
};

test("without the mirror nothing is deployed", async () => {
  const { code, stderr } = await deploy(project.path("nothing"));
  expect(code).toBe(1);
  expect(stderr).toContain("Failed to query available provider packages");
});

(hasTools ? test : test.skip)("a mirror of `terraform providers mirror` deploys without a registry", async () => {
  const { TF_CLI_CONFIG_FILE: file } = await providerEnvironment({ preferMirror: true });
  const [, unpacked] = /path\s+= "(.*)"/.exec(fs.readFileSync(file!, "utf8"))!;
  const registry = await ProviderRegistry.start(unpacked!);
  try {
    project.write("online.rc", registry.configuration);
    const env = { TF_CLI_CONFIG_FILE: project.path("online.rc") };
    const run = await project.terraform("mutual", [...COMMAND!.split(" "), project.path("mirror")], { env });
    expect(`${run.code}: ${run.stderr}`).toMatch(/^0: /);
    expect(registry.asked).toContainEqual(expect.stringMatching(/sums\.sig$/));
  } finally {
    registry.close();
  }
  expect(await deploy(project.path("mirror"))).toMatchObject({ code: 0 });
});
