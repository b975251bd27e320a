import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { pack } from "../../packaging/packages";
import { builtPackages } from "../package/packages";
import { execute, terraformEnvironment } from "../support/execute";
import { TerraformProject } from "../support/terraform";

jest.setTimeout(300_000);

test("another constructs than the peers allow: ERESOLVE unable to resolve dependency tree", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "eresolve-"));
  try {
    const packed = pack(builtPackages().cdktf, folder);
    fs.writeFileSync(path.join(folder, "package.json"), "{}");
    const packages = [packed, "cdktf@0.20.12", "constructs@10.4.2"];
    const { code, stderr } = await execute("npm", ["install", "--dry-run", ...packages], { cwd: folder });
    expect(code).not.toBe(0);
    expect(stderr).toContain("ERESOLVE unable to resolve dependency tree");
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test("a provider version that is not to be had: Failed to query available provider packages", async () => {
  const project = new TerraformProject();
  try {
    const terraform = { required_providers: { local: { source: "hashicorp/local", version: "0.0.1" } } };
    fs.writeFileSync(project.path("main.tf.json"), JSON.stringify({ terraform }));
    const env = await terraformEnvironment();
    const { code, stderr } = await execute("terraform", ["init", "-no-color"], { cwd: project.folder, env });
    expect(code).not.toBe(0);
    expect(stderr).toContain("Failed to query available provider packages");
  } finally {
    project.dispose();
  }
});
