import * as fs from "node:fs";
import * as path from "node:path";

import { providerEnvironment } from "../../providers/mirror";
import { execute } from "../support/execute";

const CACHE = path.join(__dirname, "..", "..", ".terraform-mirror", "engines");
const TERRAFORM = "github.com/hashicorp/terraform";
const TOFU = "github.com/opentofu/opentofu";
/** The newest OpenTofu that the Go module proxy serves, and the copy of hcl by which its own go.mod replaces it. */
const TOFU_NEWEST = "1.12.6";
const TOFU_HCL = "github.com/hashicorp/hcl/v2=github.com/opentofu/hcl/v2@v2.20.2-0.20251021132045-587d123c2828";
/** The newest Terraform that the Go module proxy serves. */
const NEWEST = "1.13.3";
/** hashicorp/tls 4.2.1: its module path lacks the major version, so it is named by a pseudo-version. */
const TLS_MODULE = "github.com/hashicorp/terraform-provider-tls";
const TLS_NEWEST = { version: "4.2.1", module: `${TLS_MODULE}@v1.2.1-0.20260130152455-857b38cda3fc` };
const RELEASE = "-s -w";

/** The programs of docs/engines.md, each built once. */
export async function engines(): Promise<string[]> {
  return [
    await installed("terraform-1.5.7", `${TERRAFORM}@v1.5.7`, TERRAFORM),
    process.env["TERRAFORM_BINARY_NAME"] ?? "terraform",
    await newestTerraform(),
    await installed("tofu-1.6.3", `${TOFU}/cmd/tofu@v1.6.3`, TOFU),
    await newestTofu(),
  ];
}

/** The newest OpenTofu, built once; it encrypts states, as 1.7 and newer do. */
export async function newestTofu(): Promise<string> {
  const folder = path.join(CACHE, `tofu-${TOFU_NEWEST}`);
  const program = path.join(folder, "tofu");
  if (fs.existsSync(program)) return program;
  write(path.join(folder, "go.mod"), "module engines/tofu\n\ngo 1.26.6\n");
  await go(["mod", "edit", `-require=${TOFU}@v${TOFU_NEWEST}`, `-replace=${TOFU_HCL}`], folder);
  const flags = ["-mod=mod", "-trimpath", "-buildvcs=false", `-ldflags=${RELEASE} -X ${TOFU}/version.dev=no`];
  await go(["build", ...flags, "-o", program, `${TOFU}/cmd/tofu`], folder);
  return program;
}

/** CLI configurations that find tls 4.1.0, and the newest one that is served. */
export async function tlsProviders(): Promise<{ version: string; configFile: string }[]> {
  const { TF_CLI_CONFIG_FILE: pinned } = await providerEnvironment({ preferMirror: true });
  return [
    { version: "4.1.0", configFile: pinned! },
    { version: TLS_NEWEST.version, configFile: await newestTls(pinned!) },
  ];
}

async function installed(name: string, module: string, root: string): Promise<string> {
  const folder = path.join(CACHE, name);
  const program = path.join(folder, path.basename(module.split("@")[0]!));
  if (!fs.existsSync(program)) {
    await go(["install", "-trimpath", `-ldflags=${RELEASE} -X ${root}/version.dev=no`, module], process.cwd(), {
      GOBIN: folder,
    });
  }
  return program;
}

/**
 * Terraform's remote backends but `http` are modules that it replaces by folders of its own, which the proxy does not
 * serve. Stubs stand in for them, so this build has the local and the http backend only.
 */
async function newestTerraform(): Promise<string> {
  const folder = path.join(CACHE, `terraform-${NEWEST}`);
  const program = path.join(folder, "terraform");
  if (fs.existsSync(program)) return program;
  const internal = `${TERRAFORM}/internal`;
  write(path.join(folder, "go.mod"), "module engines/terraform\n\ngo 1.24.5\n");
  const edits = [`-require=${TERRAFORM}@v${NEWEST}`];
  const stub = (module: string, code: string): void => {
    const name = path.basename(module);
    write(path.join(folder, "stub", name, "go.mod"), `module ${module}\n\ngo 1.24.5\n`);
    write(path.join(folder, "stub", name, `${name}.go`), `package ${name}\n${code}`);
    edits.push(`-require=${module}@v0.0.0-00010101000000-000000000000`, `-replace=${module}=./stub/${name}`);
  };
  for (const backend of ["azure", "consul", "cos", "gcs", "kubernetes", "oci", "oss", "pg", "s3"]) {
    const code = `\nimport "${internal}/backend"\n\nfunc New() backend.Backend { return nil }\n`;
    stub(`${internal}/backend/remote-state/${backend}`, code);
  }
  stub(`${internal}/legacy`, "");
  await go(["mod", "edit", ...edits], folder);
  const flags = ["-mod=mod", "-trimpath", "-buildvcs=false", `-ldflags=${RELEASE} -X ${TERRAFORM}/version.dev=no`];
  await go(["build", ...flags, "-o", program, TERRAFORM], folder);
  return program;
}

async function newestTls(pinned: string): Promise<string> {
  const folder = path.join(CACHE, `tls-${TLS_NEWEST.version}`);
  const configFile = path.join(folder, "terraform.rc");
  const text = fs.readFileSync(pinned, "utf8");
  const mirror = /path\s+= "(.*)"/.exec(text)![1]!;
  const contents = path.join(folder, "mirror");
  if (!fs.existsSync(path.join(folder, "provider"))) {
    write(path.join(folder, "go.mod"), "module engines/tls\n\ngo 1.24.8\n");
    await go(["get", "-tool", TLS_NEWEST.module], folder);
    await go(["build", "-trimpath", "-buildvcs=false", `-ldflags=${RELEASE}`, "-o", "provider", TLS_MODULE], folder);
  }
  fs.rmSync(contents, { recursive: true, force: true });
  fs.cpSync(mirror, contents, { recursive: true });
  for (const registry of fs.readdirSync(contents).filter((name) => name.startsWith("registry."))) {
    const tls = path.join(contents, registry, "hashicorp", "tls");
    const [platform] = fs.readdirSync(path.join(tls, "4.1.0"));
    fs.rmSync(tls, { recursive: true });
    const file = path.join(tls, TLS_NEWEST.version, platform!, `terraform-provider-tls_v${TLS_NEWEST.version}`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.copyFileSync(path.join(folder, "provider"), file);
  }
  write(configFile, text.replaceAll(mirror, contents));
  return configFile;
}

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

async function go(args: string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const plain = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", ...env };
  const { code, stderr } = await execute("go", args, { cwd, env: plain });
  if (code !== 0) throw new Error(`go ${args[0]!} ended with ${code}\n${stderr}`);
}
