import * as fs from "node:fs";
import * as path from "node:path";

import type { Environment } from "../support/execute";
import { TERRAFORM } from "../support/execute";
import type { TerraformProject } from "../support/terraform";
import { deployProject } from "./project";

let project: TerraformProject;
afterEach(() => project.dispose());

/** A program of this text, in a folder of programs. */
function script(name: string, text: string): string {
  project.write(`programs/${name}`, `#!/bin/sh\n${text}\n`);
  fs.chmodSync(project.path(`programs/${name}`), 0o755);
  return project.path("programs");
}

/** A folder in which these programs are found and no others. */
function onlyPrograms(...names: string[]): string {
  for (const name of names) {
    const folder = process.env["PATH"]!.split(path.delimiter).find((one) => fs.existsSync(path.join(one, name)))!;
    fs.mkdirSync(project.path("programs"), { recursive: true });
    fs.symlinkSync(path.join(folder, name), project.path(`programs/${name}`));
  }
  return project.path("programs");
}

test("without Terraform the error names what to install", async () => {
  project = deployProject();
  const { code, stderr } = await project.fleetTls(["deploy"], { PATH: onlyPrograms("sh") });
  expect(code).toBe(1);
  expect(stderr).toBe(
    "fleet-tls: terraform cannot be run (ENOENT); install Terraform 1.5.7 or newer or OpenTofu 1.6 or newer, or name it in " +
      "TERRAFORM_BINARY_NAME\n",
  );
});

test.each(["1.5.6", "0.15.0", "1.4.7", "1.5.6-dev"])("Terraform %s is too old", async (version) => {
  project = deployProject();
  const programs = script("terraform", `echo '{"terraform_version": "${version}"}'`);
  const { code, stderr } = await project.fleetTls(["deploy"], { PATH: programs });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    new RegExp(`^fleet-tls: terraform is too old, got version ${version}; install Terraform 1.5.7 or newer`),
  );
});

test("a program that is not Terraform is refused", async () => {
  project = deployProject();
  const { stderr } = await project.fleetTls(["deploy"], { PATH: script("terraform", "echo hello") });
  expect(stderr).toMatch(/^fleet-tls: terraform version -json did not answer with a version; install/);
});

test("TERRAFORM_BINARY_NAME names the program, in the command that is shown too", async () => {
  project = deployProject();
  const real = process.env["PATH"]!.split(path.delimiter)
    .map((folder) => path.join(folder, TERRAFORM))
    .find(fs.existsSync);
  const programs = script("tofu", `exec ${real} "$@"`);
  const env = { PATH: `${programs}:/usr/bin:/bin`, TERRAFORM_BINARY_NAME: "tofu" };
  const { code, stdout } = await project.fleetTls(["deploy"], env);
  expect(code).toBe(0);
  expect(stdout).toContain("# tofu -chdir=cdktf.out/stacks/mutual output -json fleet-agent-commands");
});

test("a path in TERRAFORM_BINARY_NAME is one of the project's folder", async () => {
  project = deployProject();
  script("terraform", `exec ${TERRAFORM} "$@"`);
  const { code, stdout } = await project.fleetTls(["deploy"], { TERRAFORM_BINARY_NAME: "./programs/terraform" });
  expect(code).toBe(0);
  expect(stdout).toContain("# ./programs/terraform -chdir=cdktf.out/stacks/mutual output -json");
});

test("what a wrapper prints between the JSON of a plan is not repeated", async () => {
  project = deployProject();
  script("terraform", `[ "$1" != show ] || echo "canary-4f1d"\nexec ${TERRAFORM} "$@"`);
  const { code, stderr } = await project.fleetTls(["diff"], { TERRAFORM_BINARY_NAME: "programs/terraform" });
  expect(code).toBe(1);
  expect(stderr).toContain("mutual: error: terraform show -json did not print JSON; if the program is a wrapper");
  expect(stderr).not.toContain("canary");
});

test("without Node at plan Terraform's whole error is printed", async () => {
  project = deployProject();
  const text = project.read("main.ts");
  const program = `stack.addOverride("data.local_command.program", { command: "node", arguments: ["-e", "0"] });`;
  project.write("main.ts", text.replace("const secret =", `${program}\n  const secret =`));
  const { code, stderr } = await project.fleetTls(["deploy"], { PATH: onlyPrograms("sh", "terraform") });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^mutual: error: .*\n[^]*"?node"?: executable file not found in \$PATH/m);
});

test("a warning is printed for log levels at which the tls provider prints keys", async () => {
  project = deployProject();
  const { stderr } = await project.fleetTls(["deploy", "no-stack"], {
    TF_LOG: "trace",
    TF_LOG_PROVIDER: "DEBUG",
    TF_LOG_CORE: "warn",
    // Terraform takes a level that it does not know for trace.
    TF_LOG_PROVIDER_TLS: "1",
  });
  expect(stderr).toMatch(/^warning: TF_LOG_PROVIDER_TLS=1: /m);
  expect(stderr).toMatch(/^warning: TF_LOG=trace: at this level the tls provider logs private keys; keep this output/m);
  expect(stderr).toMatch(/^warning: TF_LOG_PROVIDER=DEBUG: /m);
  expect(stderr).not.toContain("TF_LOG_CORE");
});

describe("environment of Terraform", () => {
  async function environment(own: Environment): Promise<string> {
    project = deployProject();
    const seen = path.join(project.folder, "environment");
    const programs = script("tofu", `env > ${seen}; echo '{"terraform_version":"1.11.4"}'`);
    const env = { PATH: `${programs}:/usr/bin:/bin`, TERRAFORM_BINARY_NAME: "tofu", ...own };
    await project.fleetTls(["deploy", "no-stack"], env);
    return fs.readFileSync(seen, "utf8");
  }

  test("the providers' SDK writes no logs that nobody reads", async () => {
    const seen = await environment({ TF_LOG_SDK: undefined, GOGC: undefined });
    expect(seen).toMatch(/^TF_LOG_SDK=off$/m);
    expect(seen).toMatch(/^GOGC=200$/m);
  });

  test("what the user sets is kept", async () => {
    const seen = await environment({ TF_LOG_SDK: undefined, TF_LOG: "info", GOGC: "100" });
    expect(seen).not.toMatch(/^TF_LOG_SDK=/m);
    expect(seen).toMatch(/^GOGC=100$/m);
  });
});
