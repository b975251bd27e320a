import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";

import { File } from "@cdktf/provider-local/lib/file";
import { Fn, TerraformCount, TerraformVariable, Token } from "cdktf";

import { CertificateAuthoritySource, OneWayFleetTls } from "../../lib";
import { pack } from "../../packaging/packages";
import { builtPackages } from "../package/packages";
import { TestStack } from "../support/apps";
import { execute, terraformEnvironment } from "../support/execute";
import { fleetProps } from "../support/fleets";
import { Pki, SERVER } from "../support/pki";
import { TerraformProject } from "../support/terraform";

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

test("a server without SANs, to a Go program: x509: certificate relies on legacy Common Name field", async () => {
  const pki = new Pki();
  pki.authority("ca");
  pki.certificate("nameless", { issuer: "ca", extensions: [...SERVER], subject: "/CN=localhost" });
  const pair = { cert: pki.text("nameless"), key: pki.text("nameless-key") };
  const server = https.createServer(pair, (_, response) => response.end());
  const project = new TerraformProject();
  try {
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const address = `https://localhost:${(server.address() as AddressInfo).port}`;
    const http = { address, client_ca_certificate_pem: pki.text("ca"), retry_max: 0 };
    fs.writeFileSync(project.path("main.tf.json"), JSON.stringify({ terraform: { backend: { http } } }));
    const env = await terraformEnvironment();
    const { code, stderr } = await execute(PROGRAM, ["init", "-no-color"], { cwd: project.folder, env });
    expect(code).not.toBe(0);
    expect(stderr.replace(/\s+/g, " ")).toContain("x509: certificate relies on legacy Common Name field");
  } finally {
    server.close();
    project.dispose();
    pki.dispose();
  }
});

/** Runs Terraform in a stack's folder; answers what it said when it failed. */
async function failureOf(project: TerraformProject, args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const env = { ...(await terraformEnvironment()), ...more };
  const cwd = path.join(project.outputFolder, "stacks/stack");
  const { code, stderr } = await execute(PROGRAM, [...args, "-no-color"], { cwd, env });
  expect(code).not.toBe(0);
  return stderr.replace(/[\s│╷╵]+/g, " ");
}

const PROGRAM = execFileSync("sh", ["-c", "command -v terraform"], { encoding: "utf8" }).trim();

describe("a fleet", () => {
  const pki = new Pki();
  pki.authority("es-ca");
  let project: TerraformProject;
  beforeEach(() => {
    project = new TerraformProject();
  });
  afterEach(() => project.dispose());
  afterAll(() => pki.dispose());

  const synth = (more: (stack: TestStack, fleet: OneWayFleetTls) => void = () => undefined): void =>
    project.synth((app) => {
      const stack = new TestStack(app);
      const elasticsearchCa = CertificateAuthoritySource.trustOnly({ file: pki.path("es-ca.pem"), dedicated: true });
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps({ outputDirectory: "fleet-tls", elasticsearchCa }));
      fleet.addAgent("web-1");
      more(stack, fleet);
    });

  test("other versions than the lock file's: Inconsistent dependency lock file", async () => {
    synth();
    await project.plan("stack");
    synth((stack) => stack.addOverride("terraform.required_providers.local.version", "0.0.1"));
    expect(await failureOf(project, ["plan"])).toContain("Inconsistent dependency lock file");
  });

  test("a count of one's own over a certificate: Invalid count argument", async () => {
    synth((stack, fleet) => {
      const count = TerraformCount.of(Token.asNumber(Fn.lengthOf(Fn.split("END", fleet.fleetCa.trustBundlePem!))));
      new File(stack, "own", { filename: "own", content: "", count });
    });
    await project.init("stack");
    expect(await failureOf(project, ["plan"])).toContain("Invalid count argument");
  });

  test("a machine without Node that reads a given CA", async () => {
    synth();
    await project.init("stack");
    const without = fs.mkdtempSync(path.join(os.tmpdir(), "without-node-"));
    const said = await failureOf(project, ["plan"], { PATH: without });
    fs.rmSync(without, { recursive: true });
    expect(said).toContain('exec: "node": executable file not found');
  });

  test("a refusal of this library at plan: Resource precondition failed", async () => {
    project.synth((app) => {
      const stack = new TestStack(app);
      const fleetServerUrl = new TerraformVariable(stack, "url", { type: "string", default: "http://fleet" })
        .stringValue;
      new OneWayFleetTls(stack, "fleet", fleetProps({ outputDirectory: "fleet-tls", fleetServerUrl }));
    });
    await project.init("stack");
    const said = await failureOf(project, ["plan"]);
    expect(said).toContain("Resource precondition failed");
    expect(said).toContain("fleetServerUrl is not usable");
  });
});
