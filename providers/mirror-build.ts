import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** The providers that the bindings ask for; each has a Go module in a folder of its name. */
const PROVIDERS = [
  { name: "tls", version: "4.1.0" },
  { name: "local", version: "2.9.0" },
];
// Terraform and OpenTofu look the same provider up under their own registry's name.
const REGISTRIES = ["registry.terraform.io", "registry.opentofu.org"];
const GO_OS: Partial<Record<NodeJS.Platform, string>> = { win32: "windows", sunos: "solaris" };
const GO_ARCH: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", ia32: "386" };
const SUFFIX_BUILDING = ".building";
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** A filesystem mirror of the two providers, in a folder of its own, for the machine that runs this. */
export class MirrorBuild {
  /** Terraform's CLI configuration that names the mirror. */
  public readonly configFile: string;
  private readonly contents: string;
  private readonly platform: string;
  private readonly goEnvironment: Record<string, string>;

  constructor(
    private readonly folder: string,
    private readonly modules = __dirname,
  ) {
    const os = GO_OS[process.platform] ?? process.platform;
    const arch = GO_ARCH[process.arch] ?? process.arch;
    this.platform = `${os}_${arch}`;
    // A plain static build: the same bytes wherever it is built, and nothing of an enclosing workspace in it.
    this.goEnvironment = { GOOS: os, GOARCH: arch, CGO_ENABLED: "0", GOWORK: "off" };
    this.configFile = path.join(folder, "terraform.rc");
    // Named after what it is built from, so that a changed pin is another folder and a build is one rename.
    this.contents = path.join(folder, `${this.platform}-${this.pinsDigest()}`);
  }

  /** A digest of the binaries that were built. */
  public get digest(): string {
    return sha256(fs.readFileSync(this.marker)).slice(0, 16);
  }

  /** Whether every provider is there as it was built, to the byte; if so, the configuration file is made to name it. */
  public isComplete(): boolean {
    const complete =
      fs.existsSync(this.marker) && fs.readFileSync(this.marker, "utf8") === this.inventory(this.contents);
    if (complete) this.writeConfigFile();
    return complete;
  }

  /** Builds what is missing. Safe beside other builders: the first to finish wins, the others take its result. */
  public async run(env: NodeJS.ProcessEnv, log: (line: string) => void): Promise<void> {
    fs.mkdirSync(this.folder, { recursive: true });
    this.removeAbandoned();
    const building = `${this.contents}.${randomUUID()}${SUFFIX_BUILDING}`;
    try {
      for (const provider of PROVIDERS) {
        log(`building the Terraform provider ${provider.name} ${provider.version} with Go, once (about half a minute)`);
        const [first, ...others] = REGISTRIES.map((registry) => path.join(building, this.binary(registry, provider)));
        await goBuild(path.join(this.modules, provider.name), first!, { ...env, ...this.goEnvironment });
        for (const other of others) linkOrCopy(first!, other);
      }
      fs.writeFileSync(path.join(building, "complete"), this.inventory(building));
      this.install(building);
    } finally {
      fs.rmSync(building, { recursive: true, force: true });
    }
    this.writeConfigFile();
  }

  private get marker(): string {
    return path.join(this.contents, "complete");
  }

  private install(building: string): void {
    // A damaged mirror of this name makes way; a complete one is another builder's, and stays.
    if (fs.existsSync(this.contents) && !this.isComplete()) {
      const damaged = `${this.contents}.${randomUUID()}${SUFFIX_BUILDING}`;
      fs.renameSync(this.contents, damaged);
      fs.rmSync(damaged, { recursive: true, force: true });
    }
    try {
      fs.renameSync(building, this.contents);
    } catch (error) {
      if (!this.isComplete()) throw error;
    }
  }

  // A killed builder leaves its folder behind, and nothing else ever would remove it.
  private removeAbandoned(): void {
    for (const name of fs.readdirSync(this.folder).filter((entry) => entry.endsWith(SUFFIX_BUILDING))) {
      const left = path.join(this.folder, name);
      const age = Date.now() - (fs.statSync(left, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > ABANDONED_AFTER_MS) fs.rmSync(left, { recursive: true, force: true });
    }
  }

  private writeConfigFile(): void {
    const names = PROVIDERS.flatMap(({ name }) => REGISTRIES.map((registry) => `"${registry}/hashicorp/${name}"`));
    const text = `# Written by providers/mirror.ts.
provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(this.contents)}
    include = [${names.join(", ")}]
  }
  direct {
    exclude = [${names.join(", ")}]
  }
}
`;
    // Compared first, since a checkout may have moved; renamed into place, since Terraform may be reading it.
    if (fs.existsSync(this.configFile) && fs.readFileSync(this.configFile, "utf8") === text) return;
    const temporary = `${this.configFile}.${randomUUID()}`;
    fs.writeFileSync(temporary, text);
    fs.renameSync(temporary, this.configFile);
  }

  /** The path and digest of every binary below a folder: what half-written or altered bytes cannot match. */
  private inventory(folder: string): string {
    const binaries = PROVIDERS.flatMap((provider) => REGISTRIES.map((registry) => this.binary(registry, provider)));
    return binaries.map((file) => `${file} ${digestOf(path.join(folder, file))}\n`).join("");
  }

  private binary(registry: string, { name, version }: (typeof PROVIDERS)[number]): string {
    const file = `terraform-provider-${name}_v${version}${process.platform === "win32" ? ".exe" : ""}`;
    return path.join(registry, "hashicorp", name, version, this.platform, file);
  }

  private pinsDigest(): string {
    const hash = createHash("sha256");
    for (const { name, version } of PROVIDERS) {
      hash.update(version);
      for (const file of ["go.mod", "go.sum"]) hash.update(fs.readFileSync(path.join(this.modules, name, file)));
    }
    return hash.digest("hex").slice(0, 16);
  }
}

// By inode, size and time, so that links to one binary are read once a process, and a changed one again.
const digests = new Map<string, string>();

function digestOf(file: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return "missing";
  const key = [stat.dev, stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs].join(" ");
  const digest = digests.get(key) ?? sha256(fs.readFileSync(file));
  digests.set(key, digest);
  return digest;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Whether Go can be run. */
export async function hasGo(env: NodeJS.ProcessEnv): Promise<boolean> {
  return run("go", ["version"], env).then(
    () => true,
    () => false,
  );
}

async function goBuild(module: string, output: string, env: NodeJS.ProcessEnv): Promise<void> {
  const args = ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", output, "tool"];
  fs.mkdirSync(path.dirname(output), { recursive: true });
  await run("go", args, env, module).catch((error: Error) => {
    throw new Error(`the Terraform provider in ${module} cannot be built with Go: ${error.message}`);
  });
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv, cwd?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", reject).on("close", (code, signal) => {
      const tail = output.trimEnd().split("\n").slice(-15).join("\n");
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args[0]} ended with ${code ?? signal}\n${tail}`));
    });
  });
}

function linkOrCopy(from: string, to: string): void {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  try {
    fs.linkSync(from, to);
  } catch {
    fs.copyFileSync(from, to);
  }
}
