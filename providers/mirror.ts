import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { hasGo, MirrorBuild } from "./mirror-build";
import { registryAnswers } from "./registry";

/** Where Terraform finds the two providers. */
export interface ProviderSource {
  /** Who decided: the user's own CLI configuration, the registry, or the mirror that is built here. */
  readonly origin: "configured" | "registry" | "mirror";
  /** What to add to Terraform's environment. */
  readonly environment: Record<string, string>;
  /** What the mirror contains: another text is another build, whose hashes a lock file of before does not have. */
  readonly build?: string;
}

export interface ProviderSourceOptions {
  /**
   * Use the mirror, if it is there or can be built, before all else. Tests set it: they then need no network, and a
   * machine without Go still runs them by the registry.
   * @default false
   */
  readonly preferMirror?: boolean;
  /** @default - the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** @default - `.terraform-mirror` beside this folder */
  readonly folder?: string;
  /** @default - the Terraform registry */
  readonly registry?: string;
  /** @default - stderr */
  readonly log?: (line: string) => void;
}

/** Finds the providers: as the user configured it, else from the registry, else from a mirror, built when missing. */
export async function findProviders(options: ProviderSourceOptions = {}): Promise<ProviderSource> {
  const env = options.env ?? process.env;
  const mirror = new MirrorBuild(options.folder ?? path.join(__dirname, "..", ".terraform-mirror"));
  if (options.preferMirror && (mirror.isComplete() || (await hasGo(env)))) return fromMirror(mirror, env, options.log);

  const named = env["TF_CLI_CONFIG_FILE"];
  if (named && fs.existsSync(named)) {
    // cdktf runs Terraform in another folder, where a relative path would name nothing.
    const absolute: Record<string, string> = path.isAbsolute(named) ? {} : { TF_CLI_CONFIG_FILE: path.resolve(named) };
    return { origin: "configured", environment: absolute };
  }
  // Terraform warns about a name without a file on every call, and takes an empty one as none.
  const environment: Record<string, string> = named ? { TF_CLI_CONFIG_FILE: "" } : {};
  if (await registryAnswers(env, options.registry)) return { origin: "registry", environment };
  if (homeConfiguresProviders(env)) return { origin: "configured", environment };
  return fromMirror(mirror, env, options.log);
}

/** What to add to the environment of a Terraform that needs the two providers: empty when nothing is. */
export async function providerEnvironment(options: ProviderSourceOptions = {}): Promise<Record<string, string>> {
  return (await findProviders(options)).environment;
}

async function fromMirror(
  mirror: MirrorBuild,
  env: NodeJS.ProcessEnv,
  log: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<ProviderSource> {
  if (!mirror.isComplete()) {
    if (!(await hasGo(env))) {
      throw new Error(
        "the Terraform providers tls and local cannot be had: the Terraform registry does not answer and Go is not " +
          "installed; install Go 1.25.8 or newer, or let TF_CLI_CONFIG_FILE name a configuration with a provider mirror",
      );
    }
    await mirror.run(env, log);
  }
  // cdktf's plugin cache would only fill the user's home with links into this folder.
  const environment = { TF_CLI_CONFIG_FILE: mirror.configFile, CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1" };
  return { origin: "mirror", environment, build: mirror.digest };
}

// Only asked once the registry stays silent: a mirror of the user's own then knows better than ours.
function homeConfiguresProviders(env: NodeJS.ProcessEnv): boolean {
  const file =
    process.platform === "win32"
      ? path.join(env["APPDATA"] ?? "", "terraform.rc")
      : path.join(env["HOME"] ?? os.homedir(), ".terraformrc");
  return fs.existsSync(file) && /^\s*provider_installation\b/m.test(fs.readFileSync(file, "utf8"));
}

if (require.main === module) {
  findProviders({ preferMirror: process.argv.includes("--prefer-mirror") }).then(
    ({ origin, environment }) => {
      const answers = { registry: "the Terraform registry answers", configured: "your own configuration is used" };
      process.stdout.write(`${origin === "mirror" ? environment["TF_CLI_CONFIG_FILE"] : answers[origin]}\n`);
    },
    (error: Error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
