import { readdirSync } from "node:fs";
import { join } from "node:path";
import { builtOnce, here, install, Missing, printed, run } from "./builds";

/** How a validator's process is started. */
export interface Program {
  command: string;
  words: string[];
}

interface Recipe {
  /** Its version; throws `Missing`. */
  toolchain: () => string;
  install?: () => void;
  /** Built on the first use. */
  program: () => Program;
}

function go(): string {
  const version = printed("go", "version");
  if (Number(/go1\.(\d+)/.exec(version)?.[1]) < 25) {
    throw new Missing(`elastic-agent-libs v0.46.3 needs go 1.25, found ${version}`);
  }
  return version;
}

/** elastic-agent-libs at the two versions whose checksums are public: 9.5.2's, and that of 8.19.10, 9.1.10 and 9.2.4. */
function elastic(version: "v0.46.3" | "v0.31.0"): Program {
  const folder = join(here, "elastic");
  const variant = version === "v0.31.0" ? ["-modfile=go.v0.31.0.mod", "-tags=libs_v0_31_0"] : [];
  const built = builtOnce(`elastic-${version}`, folder, [go(), ...variant].join(" "), (into) =>
    run("go", ["build", "-trimpath", "-buildvcs=false", ...variant, "-o", join(into, "validator"), "."], {
      cwd: folder,
      env: { CGO_ENABLED: "0" },
    }),
  );
  return { command: join(built, "validator"), words: [] };
}

/** The packages behind the JDK's trust manager, for validation without a connection. */
const javaExports = ["util", "validator"].flatMap((name) => [
  "--add-exports",
  `java.base/sun.security.${name}=ALL-UNNAMED`,
]);

function jdk(): string {
  printed("java", "-version");
  return printed("javac", "-version");
}

function java(): Program {
  const folder = join(here, "java");
  const built = builtOnce("java", folder, jdk(), (into) => {
    const sources = readdirSync(folder).filter((name) => name.endsWith(".java"));
    run("javac", ["-nowarn", ...javaExports, "-d", into, ...sources.map((name) => join(folder, name))]);
  });
  return { command: "java", words: ["-XX:+UseSerialGC", "-Xmx256m", ...javaExports, "-cp", built, "Main"] };
}

function typescript(name: string): Program {
  const loader = require.resolve("tsx", { paths: [here] });
  return { command: process.execPath, words: ["--import", loader, join(here, name, "validator.ts")] };
}

function rustls(): Program {
  const folder = join(here, "rustls");
  const built = builtOnce("rustls", folder, printed("cargo", "--version"), (into) =>
    run("cargo", ["build", "--quiet", "--release", "--locked", "--target-dir", into], { cwd: folder }),
  );
  return { command: join(built, "release", "conformance-rustls"), words: [] };
}

/** A program of a Debian package, which is installed where this may install anything. */
function debian(name: string, program: string, packageName: string): Recipe {
  const environment = { env: { DEBIAN_FRONTEND: "noninteractive" } };
  return {
    toolchain: () => printed("sh", "-c", `command -v ${program}`),
    install: () => install("apt-get", ["install", "--yes", "--quiet", packageName], environment),
    program: () => typescript(name),
  };
}

/** Every validator by name; the last three are started on demand only. */
const recipes = {
  "elastic-v0.46.3": { toolchain: go, program: () => elastic("v0.46.3") },
  "elastic-v0.31.0": { toolchain: go, program: () => elastic("v0.31.0") },
  java: { toolchain: jdk, program: java },
  node: { toolchain: () => process.version, program: () => typescript("node") },
  openssl: { toolchain: () => printed("openssl", "version"), program: () => typescript("openssl") },
  python: {
    toolchain: () => printed("python3", "--version"),
    program: () => ({ command: "python3", words: ["-W", "ignore", join(here, "python", "validator.py")] }),
  },
  gnutls: debian("gnutls", "certtool", "gnutls-bin"),
  nss: debian("nss", "vfychain", "libnss3-tools"),
  rustls: { toolchain: () => printed("cargo", "--version"), program: rustls },
} satisfies Record<string, Recipe>;

export type ValidatorName = keyof typeof recipes;

export const onDemandNames: ValidatorName[] = ["gnutls", "nss", "rustls"];
export const validatorNames = (Object.keys(recipes) as ValidatorName[]).filter((name) => !onDemandNames.includes(name));

/** The validator's program, built or installed if need be. */
export function programOf(name: ValidatorName): Program {
  const recipe: Recipe = recipes[name];
  if (recipe.install !== undefined && missing(name) !== undefined) {
    recipe.install();
  }
  recipe.toolchain();
  return recipe.program();
}

/** Why a validator would be skipped on this machine, without building anything. */
export function missing(name: ValidatorName): string | undefined {
  try {
    recipes[name].toolchain();
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}
