import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { providerEnvironment } from "../../providers/mirror";

const ROOT = path.join(__dirname, "../..");
const COMMAND = ["-r", path.join(ROOT, "node_modules/tsx/dist/cjs/index.cjs"), path.join(ROOT, "bin/fleet-tls.ts")];

/** Two stacks of a key and its file each, with what goes wrong in them said by the environment. */
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
  output("fleet-agent-commands", { "web-1": "install 1 " + "x".repeat(200), "web-2": "install 2" }, name === "mutual");
}
app.synth();
`;

/** What a command wrote and how it ended. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A CDKTF project of a user, in a temporary folder, to run `fleet-tls` in. Remove it. */
export class Project {
  public static async create(environment: Environment = {}): Promise<Project> {
    // The mirror wherever Go is, so that nothing here depends on the network.
    return new Project({ ...(await providerEnvironment({ preferMirror: true })), ...environment });
  }

  public readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "project-"));
  /** Where the commands put what is temporary. */
  public readonly temporary = path.join(this.folder, "temporary");

  constructor(public readonly environment: Environment) {
    fs.mkdirSync(this.temporary);
    fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(this.folder, "node_modules"));
    this.write("main.ts", APP);
    const app = `${process.execPath} -r tsx/cjs main.ts`;
    this.write("cdktf.json", JSON.stringify({ language: "typescript", app }));
  }

  public path(name: string): string {
    return path.join(this.folder, name);
  }

  public write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(this.path(name)), { recursive: true });
    fs.writeFileSync(this.path(name), text);
  }

  public read(name: string): string {
    return fs.readFileSync(this.path(name), "utf8");
  }

  public exists(name: string): boolean {
    return fs.existsSync(this.path(name));
  }

  public mode(name: string): number {
    return fs.statSync(this.path(name)).mode & 0o777;
  }

  public state(stack: string): string {
    return this.read(`terraform.${stack}.tfstate`);
  }

  /** How many resources a local state has. */
  public resources(stack: string): number {
    const state = JSON.parse(this.state(stack)) as { resources: { instances: unknown[] }[] };
    return state.resources.filter(({ instances }) => instances.length > 0).length;
  }

  /** Runs `fleet-tls` to its end; `meanwhile` sees the process and all of stderr so far whenever there is more of it. */
  public run(
    args: readonly string[],
    environment: Environment = {},
    meanwhile: (child: ChildProcess, stderr: string) => void = () => undefined,
  ): Promise<Outcome> {
    return this.program(process.execPath, [...COMMAND, ...args], environment, meanwhile);
  }

  /** The command line of `fleet-tls`, for another program to run. */
  public commandLine(args: readonly string[]): string[] {
    return [process.execPath, ...COMMAND, ...args];
  }

  /** Runs any program in the project. */
  public program(
    file: string,
    args: readonly string[],
    environment: Environment = {},
    meanwhile: (child: ChildProcess, stderr: string) => void = () => undefined,
  ): Promise<Outcome> {
    const plain = Object.entries(process.env).filter(([name]) => !/^(TF_|PG)/.test(name));
    const env = { ...Object.fromEntries(plain), TMPDIR: this.temporary, ...this.environment, ...environment };
    return new Promise((resolve, reject) => {
      const child = spawn(file, [...args], { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (piece) => (stdout += piece));
      child.stderr.setEncoding("utf8").on("data", (piece) => meanwhile(child, (stderr += piece)));
      child.on("error", reject).on("close", (code) => resolve({ code, stdout, stderr }));
    });
  }

  /** What the commands left in the folder for temporary files; tsx keeps its cache there too. */
  public get leftovers(): string[] {
    return fs.readdirSync(this.temporary).filter((name) => !name.startsWith("tsx-"));
  }

  public remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
