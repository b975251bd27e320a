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
  /** The Debian packages of the toolchain, where this may install any. */
  packages: string[];
  /** Built on the first use. */
  program: () => Program;
}

/** A Go that is older fetches the one that the module asks for, as a module, unless that is turned off. */
function go(): string {
  const version = printed("go", ["version"], { cwd: join(here, "elastic") });
  if (Number(/go1\.(\d+)/.exec(version)?.[1]) < 25) {
    throw new Missing(`elastic-agent-libs v0.46.3 needs go 1.25, found ${version}`);
  }
  return version;
}

/** elastic-agent-libs at the two versions whose checksums are public: 9.5.2's, and that of 8.19.10, 9.1.10 and 9.2.4. */
function elastic(version: "v0.46.3" | "v0.31.0"): Program {
  const variant = version === "v0.31.0" ? ["-modfile=go.v0.31.0.mod", "-tags=libs_v0_31_0"] : [];
  return { command: goProgram("elastic", { name: `elastic-${version}`, uses: ["lines"], variant }), words: [] };
}

const JAVA = ["-XX:+UseSerialGC", "-Xmx256m"];

/** The packages behind the JDK's trust manager, for validation without a connection. */
const javaExports = ["util", "validator"].flatMap((name) => [
  "--add-exports",
  `java.base/sun.security.${name}=ALL-UNNAMED`,
]);

function jdk(): string {
  printed("java", ["-version"]);
  return printed("javac", ["-version"]);
}

function sourcesOf(folder: string): string[] {
  const sources = readdirSync(join(here, folder)).filter((name) => name.endsWith(".java"));
  return sources.map((name) => join(here, folder, name));
}

function java(): Program {
  const built = builtOnce("java", ["java"], jdk(), (into) =>
    run("javac", ["-nowarn", ...javaExports, "-d", into, ...sourcesOf("java")]),
  );
  return { command: "java", words: [...JAVA, ...javaExports, "-cp", built, "Main"] };
}

/** The JDK, and Maven for the library. */
function maven(): string {
  return `${jdk()} ${printed("mvn", ["--version"]).split("\n")[0]}`;
}

/** A folder of sources with the libraries of its pom.xml. */
function javaWith(folder: string, main: string): Program {
  const built = builtOnce(folder, ["java", folder], maven(), (into) => {
    const pom = join(here, folder, "pom.xml");
    install("mvn", ["-q", "-B", "-f", pom, "dependency:copy-dependencies", `-DoutputDirectory=${join(into, "jars")}`]);
    const words = ["-nowarn", ...javaExports, "-cp", join(into, "jars", "*"), "-d", into];
    run("javac", [...words, ...sourcesOf("java"), ...sourcesOf(folder)]);
  });
  return { command: "java", words: [...JAVA, "-cp", `${built}:${join(built, "jars", "*")}`, main] };
}

/** Ships events as Beats does: lumberjack to Logstash, and to Kafka. */
function shipper(): Program {
  return { command: goProgram("shipper", { uses: ["lines"] }), words: [] };
}

/** Envoy's own types, which judge a bootstrap: go-control-plane. */
export function envoyCheck(): string {
  return goProgram("envoy");
}

/** Kubernetes' own types and Compose's loader, which read files of containers. */
export function containersCheck(): string {
  return goProgram("containers");
}

interface GoProgram {
  /** What it is known as, unless by its folder. */
  readonly name?: string;
  /** Folders of other modules that it uses. */
  readonly uses?: readonly string[];
  /** Further options of the build. */
  readonly variant?: readonly string[];
}

/** The program of the Go module in a folder here. */
function goProgram(folder: string, { name = folder, uses = [], variant = [] }: GoProgram = {}): string {
  const file = "program";
  const built = builtOnce(name, [folder, ...uses], [go(), ...variant, file].join(" "), (into) =>
    run("go", ["build", "-trimpath", "-buildvcs=false", ...variant, "-o", join(into, file), "."], {
      cwd: join(here, folder),
      env: { CGO_ENABLED: "0" },
    }),
  );
  return join(built, file);
}

function typescript(name: string, ...words: string[]): Program {
  const loader = require.resolve("tsx", { paths: [here] });
  return { command: process.execPath, words: ["--import", loader, join(here, name, "validator.ts"), ...words] };
}

/** Its programs, and what compiles against it. */
function gnutlsTools(): string {
  return [printed("certtool", ["--version"]), printed("cc", ["--version"]), printed("cc", INCLUDES)].join("\n");
}

const INCLUDES = ["-include", "gnutls/gnutls.h", "-fsyntax-only", "-xc", "/dev/null"];

function gnutls(): Program {
  const built = builtOnce("gnutls", ["gnutls"], gnutlsTools(), (into) =>
    run("cc", ["-O1", "-o", join(into, "server"), join(here, "gnutls", "server.c"), "-lgnutls"]),
  );
  return typescript("gnutls", join(built, "server"));
}

function rustls(): Program {
  const built = builtOnce("rustls", ["rustls"], printed("cargo", ["--version"]), (into) =>
    run("cargo", ["build", "--quiet", "--release", "--target-dir", into], { cwd: join(here, "rustls") }),
  );
  return { command: join(built, "release", "conformance-rustls"), words: [] };
}

const found = (program: string) => () => printed("sh", ["-c", `command -v ${program}`]);

/** Every validator by name. */
const recipes = {
  "elastic-v0.46.3": { toolchain: go, packages: ["golang-go"], program: () => elastic("v0.46.3") },
  "elastic-v0.31.0": { toolchain: go, packages: ["golang-go"], program: () => elastic("v0.31.0") },
  java: { toolchain: jdk, packages: ["default-jdk-headless"], program: java },
  "ssl-config": {
    toolchain: maven,
    packages: ["default-jdk-headless", "maven"],
    program: () => javaWith("ssl-config", "SslConfig"),
  },
  node: { toolchain: () => process.version, packages: [], program: () => typescript("node") },
  openssl: {
    toolchain: () => printed("openssl", ["version"]),
    packages: ["openssl"],
    program: () => typescript("openssl"),
  },
  python: {
    toolchain: () => printed("python3", ["--version"]),
    packages: ["python3"],
    program: () => ({ command: "python3", words: ["-W", "ignore", join(here, "python", "validator.py")] }),
  },
  gnutls: { toolchain: gnutlsTools, packages: ["gnutls-bin", "libgnutls28-dev", "gcc"], program: gnutls },
  nss: { toolchain: found("vfychain"), packages: ["libnss3-tools"], program: () => typescript("nss") },
  rustls: { toolchain: () => printed("cargo", ["--version"]), packages: ["cargo"], program: rustls },
  kafka: {
    toolchain: maven,
    packages: ["default-jdk-headless", "maven"],
    program: () => javaWith("kafka", "KafkaNode"),
  },
  netty: {
    toolchain: maven,
    packages: ["default-jdk-headless", "maven"],
    program: () => javaWith("netty", "LogstashInput"),
  },
  shipper: { toolchain: go, packages: ["golang-go"], program: shipper },
} satisfies Record<string, Recipe>;

export type ValidatorName = keyof typeof recipes;

export const onDemandNames: ValidatorName[] = ["gnutls", "nss", "rustls"];

/** Servers that agents ship to, and their client: they take part in no handshake of a Fleet Server. */
export const receiverNames: ValidatorName[] = ["kafka", "netty", "shipper"];

export const validatorNames = (Object.keys(recipes) as ValidatorName[]).filter(
  (name) => !onDemandNames.includes(name) && !receiverNames.includes(name),
);

/** The validator's program, built or installed if need be. */
export function programOf(name: ValidatorName): Program {
  const recipe: Recipe = recipes[name];
  const reason = missing(name);
  if (reason !== undefined) {
    installPackages(recipe.packages, reason);
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

/** Needs root and Debian's package manager; without them what is missing stays missing, for the reason that it is. */
function installPackages(packages: string[], reason: string): void {
  if (packages.length === 0 || process.getuid?.() !== 0) {
    throw new Missing(reason);
  }
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // Another process may be installing too.
  const words = ["install", "--yes", "--quiet", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];
  try {
    install("sh", ["-c", "apt-get update --quiet || true"], { env });
    install("apt-get", [...words, ...packages], { env });
  } catch (cause) {
    throw new Missing(`${reason}; ${(cause as Error).message}`);
  }
}
