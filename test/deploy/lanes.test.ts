import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { pack } from "../../packaging/packages";
import { providerEnvironment } from "../../providers/mirror";
import { builtPackages } from "../package/packages";
import { OtherNode } from "./nodes";

const APP = `
const { App, LocalBackend, TerraformStack } = require("cdktf");
const { LocalProvider } = require("@cdktf/provider-local/lib/provider");
const { TlsProvider } = require("@cdktf/provider-tls/lib/provider");
const { EnrollmentToken, MutualFleetTls, ServiceToken } = require("cdktf-fleet-tls");
const app = new App();
const stack = new TerraformStack(app, "prod");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");
new LocalBackend(stack, { path: "../../../terraform.prod.tfstate" });
new MutualFleetTls(stack, "fleet", {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("TOKEN"),
}).addAgent("web-1");
app.synth();
`;
const URL_OF_VARIABLE =
  'new (require("cdktf").TerraformVariable)(stack, "url", { type: "string", default: "http://fleet" }).stringValue';
const PACKAGES = ["cdktf@0.21.0", "@cdktf/provider-tls@11.0.1", "@cdktf/provider-local@11.1.1"];
const DEPLOY = ["deploy", "--auto-approve", "--skip-provider-lock"];

test.each([
  ["cdktf", ["cdktf-cli@0.21.0", "constructs@10.4.2"], 20],
  // cdktn 0.24, which its command line depends on, accepts constructs from 10.6 to 10.7.
  ["cdktn", ["cdktn-cli@0.24.0", "constructs@~10.7.0"], 22],
] as const)("%s deploy of %j on Node %d, and fleet-tls deploy of the same project", async (command, cli, major) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lane-"));
  const node = new OtherNode(major);
  try {
    const tarball = pack(builtPackages().cdktf, folder);
    const env = {
      ...process.env,
      ...(await providerEnvironment({ preferMirror: true })),
      PATH: `${node.folder}:${process.env["PATH"]}`,
      CHECKPOINT_DISABLE: "1",
      TOKEN: "x",
    };
    const run = (file: string, ...args: string[]): string =>
      execFileSync(file, args, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    fs.writeFileSync(path.join(folder, "package.json"), "{}");
    run("npm", "install", "--no-audit", "--no-fund", path.resolve(folder, tarball), ...cli, ...PACKAGES);
    fs.writeFileSync(path.join(folder, "main.js"), APP);
    const config = { language: "typescript", app: "node main.js", projectId: "lane", sendCrashReports: "false" };
    fs.writeFileSync(path.join(folder, "cdktf.json"), JSON.stringify(config));
    const host = path.join(folder, "fleet-tls/prod/fleet/agents/web-1");

    run(path.join(folder, "node_modules/.bin", command), ...DEPLOY);
    const before = fs.readFileSync(path.join(host, "agent-cert.pem"), "utf8");
    // The same state: nothing is to be changed, and the commands are there.
    expect(run("npx", "fleet-tls", "deploy")).toContain("elastic-agent install");
    expect(fs.readFileSync(path.join(host, "agent-cert.pem"), "utf8")).toBe(before);
    expect(run("npx", "fleet-tls", "verify", path.join(folder, "fleet-tls"))).toContain("0 errors");
    if (command === "cdktf") {
      // The symptom of docs/troubleshooting.md, and what it advises instead.
      fs.writeFileSync(path.join(folder, "main.js"), APP.replace('"https://fleet.example.com:8220"', URL_OF_VARIABLE));
      const failed = (file: string, ...args: string[]): string => {
        const { status, stdout, stderr } = spawnSync(file, args, { cwd: folder, env, encoding: "utf8" });
        expect(status).not.toBe(0);
        return (stdout + stderr).replace(/\s+/g, " ");
      };
      const shown = failed(path.join(folder, "node_modules/.bin", command), ...DEPLOY);
      expect(shown).toContain("Invoking Terraform CLI failed with exit code 1");
      expect(failed("npx", "fleet-tls", "deploy")).toContain("fleetServerUrl is not usable");
      fs.writeFileSync(path.join(folder, "main.js"), APP);
    }
    run("npx", "fleet-tls", "destroy");
    expect(fs.existsSync(host)).toBe(false);
  } finally {
    node.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
