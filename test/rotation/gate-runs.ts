import * as fs from "node:fs";
import * as path from "node:path";

import { hasGo } from "../../providers/mirror-build";
import type { Outcome, Scenario } from "../faults/scenario";
import { Blocked } from "../faults/scenario";
import { execute, TERRAFORM } from "../support/execute";

const ROOT = path.join(__dirname, "..", "..");
const VERSION = "1.6.3";
const FOLDER = path.join(ROOT, ".terraform-mirror", `opentofu-${VERSION}`);

/** The very tests that `npm test` runs, on Terraform and on the oldest OpenTofu. */
export const GATE_RUNS: readonly Scenario[] = [
  { name: "gates-terraform", title: "every gate on Terraform", run: () => runGates(TERRAFORM) },
  { name: "gates-opentofu-1.6", title: "every gate on OpenTofu 1.6", run: async () => runGates(await openTofu()) },
];

async function runGates(terraform: string): Promise<Outcome> {
  const { code, stdout, stderr } = await execute(
    process.execPath,
    [require.resolve("jest/bin/jest"), "test/rotation/gates", "--ci", "-i", "--json"],
    { cwd: ROOT, env: { ...process.env, TERRAFORM_BINARY_NAME: terraform } },
  );
  if (code !== 0) throw new Error(`jest ended with ${code}\n${stderr}`);
  const { numPassedTests, numTotalTests } = JSON.parse(stdout) as Record<string, number>;
  const [version] = (await execute(terraform, ["version"])).stdout.split("\n");
  return { detail: `${numPassedTests} of ${numTotalTests} tests of test/rotation/gates*.test.ts passed on ${version}` };
}

/** OpenTofu from its Go module, built once. */
async function openTofu(): Promise<string> {
  const tofu = path.join(FOLDER, "tofu");
  if (fs.existsSync(tofu)) return tofu;
  if (!(await hasGo(process.env))) throw new Blocked("Go is not installed, which OpenTofu is built with");
  const env = { ...process.env, GOBIN: FOLDER };
  const { code, stderr } = await execute("go", ["install", `github.com/opentofu/opentofu/cmd/tofu@v${VERSION}`], {
    env,
  });
  if (code !== 0) throw new Error(`OpenTofu cannot be built\n${stderr.slice(-2000)}`);
  return tofu;
}
