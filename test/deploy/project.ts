import * as fs from "node:fs";
import * as path from "node:path";

import { TerraformProject } from "../support/terraform";

const ROOT = path.join(__dirname, "../..");

/** Two stacks of a key and its file each, whose errors the environment chooses. */
const APP = `
import { App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { readBackend } from "${path.join(ROOT, "app/state-backend")}";
import { File } from "@cdktf/provider-local/lib/file";
import { SensitiveFile } from "@cdktf/provider-local/lib/sensitive-file";
import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";

const app = new App();
if (process.env.REFUSED) throw new Error("fleetServerUrl is refused");
const keys = {};
for (const name of ["one-way", "mutual"]) {
  const stack = new TerraformStack(app, name);
  readBackend(JSON.parse(process.env.BACKEND ?? '{ "type": "local" }')).addTo(stack);
  new TlsProvider(stack, "tls");
  new LocalProvider(stack, "local");
  stack.addOverride("terraform.required_providers.local.version", "~> 2.6");
  stack.addOverride("terraform.required_providers.tls.version", "~> 4.1");
  const secret = new TerraformVariable(stack, "secret", { type: "string", sensitive: true, default: "" });
  const key = (keys[name] = new PrivateKey(stack, "key", { algorithm: "ECDSA", ecdsaCurve: process.env.CURVE ?? "P256" }));
  const folder = \`\\\${path.module}/../../../fleet-tls/\${name}/fleet/agents/web-1\`;
  new File(stack, "file", { filename: folder + "/key.pub.pem", content: key.publicKeyPem });
  new SensitiveFile(stack, "secret-file", {
    filename: folder + "/secret",
    content: secret.stringValue + (process.env.GENERATION ?? "1"),
    filePermission: "0600",
    directoryPermission: "0700",
  });
  if (process.env.READS && name === "mutual") {
    new File(stack, "read", { filename: folder + "/read.pem", content: keys["one-way"].publicKeyPem });
  }
  if (process.env.GATED?.includes(name)) {
    key.lifecycle = {
      precondition: [{ condition: "\${var.secret == \\"open\\"}", errorMessage: "the gate is shut; set secret to open. " + "reason ".repeat(99) }],
    };
  }
  // Slow enough to be interrupted, one after the other.
  for (let i = 0; i < Number(process.env.SLOW ?? 0); i++) new PrivateKey(stack, "k" + i, { algorithm: "RSA", rsaBits: 2048 });
  const output = (id, value, sensitive) => new TerraformOutput(stack, id, { staticId: true, value, sensitive });
  output("fleet-fleet-server-command", "install \\\\\\n--url='x'");
  output("fleet-certificate-authority-warnings", name === "mutual" ? ["fleet/es-ca: expires soon; renew it"] : []);
  output("fleet-certificate-requests", { "agents/web-1/agent-cert": "missing: run the script", "agents/web-2/agent-cert": "signed" });
  output("fleet-agent-commands", { "web-1": "install 1 " + "x".repeat(200), "web-2": "install 2" }, name === "mutual");
}
app.synth();
`;

/** A CDKTF project of two small stacks, to run `fleet-tls` in. Dispose of it. */
export function deployProject(env: Readonly<Record<string, string>> = {}): TerraformProject {
  const project = new TerraformProject(undefined, { env });
  fs.symlinkSync(path.join(ROOT, "node_modules"), project.path("node_modules"));
  project.write("main.ts", APP);
  const app = `${process.execPath} -r tsx/cjs main.ts`;
  project.write("cdktf.json", JSON.stringify({ language: "typescript", app }));
  return project;
}

/** How many resources a local state has. */
export function resources(project: TerraformProject, stack: string): number {
  return project.state(stack).filter(({ instances }) => instances.length > 0).length;
}

/** The temporary files of the commands, without tsx's cache. */
export function leftovers(project: TerraformProject): string[] {
  return fs.readdirSync(project.temporary).filter((name) => !name.startsWith("tsx-"));
}
