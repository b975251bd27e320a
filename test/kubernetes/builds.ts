import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { findProviders } from "../../providers/mirror";
import { builtOnce, printed, run } from "../conformance/builds";

/** The newest release of hashicorp/kubernetes that the Go module proxy serves, as provider/go.mod requires it. */
const SERVED = "1.13.4";

/** A provider hashicorp/kubernetes for Terraform. */
export interface KubernetesProvider {
  /** Terraform's CLI configuration that finds it, besides tls and local; undefined if Terraform finds it by itself. */
  readonly configFile: string | undefined;
  /** The release that the example must ask for instead of its own; undefined if its own is found. */
  readonly release: string | undefined;
}

/** The folder of `kube-apiserver` and `etcd`, built with Go. */
export function clusterPrograms(): string {
  const [, release] = /k8s\.io\/kubernetes (v\S+)/.exec(readFileSync(join(__dirname, "cluster", "go.mod"), "utf8"))!;
  const programs = { etcd: "go.etcd.io/etcd/server/v3", "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver" };
  // Without it the API server says that it is v0.0.0.
  return builtWithGo("cluster", programs, `-X k8s.io/component-base/version.gitVersion=${release!}`);
}

/** The provider that the user configured or the registry has, else a build of the release that the proxy serves. */
export async function kubernetesProvider(): Promise<KubernetesProvider> {
  const { origin, environment } = await findProviders();
  const configFile = environment["TF_CLI_CONFIG_FILE"] ?? process.env["TF_CLI_CONFIG_FILE"];
  if (origin !== "mirror") return { configFile, release: undefined };
  return { configFile: withServedProvider(configFile!), release: SERVED };
}

/** A copy of a CLI configuration whose own folder has the built provider; tls and local stay where they are. */
function withServedProvider(configFile: string): string {
  const folder = builtWithGo("provider", { provider: "." });
  const platform = printed("go", ["env", "GOOS", "GOARCH"]).replace("\n", "_");
  const address = "registry.terraform.io/hashicorp/kubernetes";
  const file = join(folder, "mirror", address, SERVED, platform, `terraform-provider-kubernetes_v${SERVED}`);
  if (!existsSync(file)) {
    mkdirSync(join(file, ".."), { recursive: true });
    copyFileSync(join(folder, "provider"), file);
  }
  const text = readFileSync(configFile, "utf8")
    .replace(
      /(?=^ {2}direct \{)/m,
      `  filesystem_mirror {\n    path    = "${join(folder, "mirror")}"\n    include = ["${address}"]\n  }\n`,
    )
    .replace(/(exclude = \[)/, `$1"${address}", `);
  const own = join(folder, "terraform.rc");
  writeFileSync(own, text);
  return own;
}

function builtWithGo(module: string, programs: Readonly<Record<string, string>>, ldflags = ""): string {
  const cwd = join(__dirname, module);
  const salt = `${printed("go", ["version"])} ${ldflags}`;
  return builtOnce(`kubernetes-${module}`, [join("..", "kubernetes", module)], salt, (into) => {
    for (const [program, source] of Object.entries(programs)) {
      process.stderr.write(`building ${program} with Go, once (minutes of CPU)\n`);
      const flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", `-ldflags=-s -w ${ldflags}`];
      run("go", ["build", ...flags, "-o", join(into, program), source], {
        cwd,
        env: { CGO_ENABLED: "0", GOWORK: "off" },
      });
    }
  });
}
