import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import type { App } from "cdktf";

import {
  CertificateAuthority,
  CertificateAuthoritySource,
  CertificateSource,
  ClientAuthentication,
  EnrollmentToken,
  KeyAlgorithm,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  OutputTrust,
  ServiceToken,
  StackVersion,
  TargetPlatform,
} from "../../../lib";
import type { AgentOptions, FleetTls, FleetTlsProps } from "../../../lib";
import { TestStack } from "../../support/apps";
import { TerraformProject } from "../../support/terraform";
import type { Recipe } from "./recipe";
import { recipeOf } from "./recipe";

// What Terraform needs for a stack grows with the square of its resources.
const PER_STACK = 3;
const STACK = "fleets";
const ROLES = ["fleet", "agent", "Elasticsearch"] as const;
type Role = (typeof ROLES)[number];

/** The folder that keeps applied fleets between runs, outside the repository. */
export function cacheFolder(): string {
  const { VERIFY_FLEETS_CACHE: given, XDG_CACHE_HOME: shared } = process.env;
  return given ?? path.join(shared ?? path.join(os.homedir(), ".cache"), "cdktf-fleet-tls", "verify-fleets");
}

/**
 * Returns the folder of each fleet. A few fleets are one stack, which is applied unless the cache has it: its key is
 * what the files are made of, so that a change of the library applies what it changes and nothing else.
 */
export async function applyFleets(count: number, cache: string, say: (text: string) => void): Promise<string[]> {
  const given = givenAuthorities(path.join(cache, "given"));
  const folders: string[] = [];
  for (let first = 0; first < count; first += PER_STACK) {
    const batch = await applyBatch(first, cache, given, say);
    folders.push(...Array.from({ length: PER_STACK }, (_, i) => path.join(batch, `fleet-${first + i}`)));
  }
  return folders.slice(0, count);
}

async function applyBatch(first: number, cache: string, given: string, say: (text: string) => void): Promise<string> {
  const project = new TerraformProject((app) => build(app, first, given));
  try {
    const json = project.read("cdktf.out", "stacks", STACK, "cdk.tf.json");
    const key = keyOf(json);
    const batch = path.join(cache, `${first}-${key}`);
    if (!fs.existsSync(batch)) {
      say(`applying fleets ${first} to ${first + PER_STACK - 1}`);
      await project.apply(STACK);
      const partial = `${batch}.partial`;
      fs.rmSync(partial, { recursive: true, force: true });
      fs.cpSync(project.path("fleet-tls", STACK), partial, { recursive: true, preserveTimestamps: true });
      keepModes(project.path("fleet-tls", STACK), partial);
      fs.renameSync(partial, batch);
    }
    return batch;
  } finally {
    project.dispose();
  }
}

/**
 * Key of a synthesized stack: its resources, and the locals and programs that they read. Checks, which write nothing,
 * and the builds of programs are left out.
 */
function keyOf(json: string): string {
  const stack = JSON.parse(json) as Record<string, Record<string, unknown>>;
  const resources = JSON.stringify(stack["resource"], (name, value: unknown) =>
    name === "lifecycle" || name === "//" ? undefined : value,
  );
  const programs = (stack["data"]?.["local_command"] ?? {}) as Record<string, unknown>;
  const read = new Map<string, string>();
  const visit = (text: string): void => {
    for (const [name, kind, id = ""] of text.matchAll(/\b(local|data\.local_command)\.([\w-]+)/g)) {
      const value = kind === "local" ? stack["locals"]?.[id] : programs[id];
      if (!read.has(name)) {
        read.set(
          name,
          JSON.stringify(value, (key, one: unknown) => (key === "lifecycle" || key === "//" ? undefined : one)) ?? "",
        );
        visit(read.get(name)!);
      }
    }
  };
  visit(resources);
  const text = [resources, ...[...read].sort().flat()].join("\n").replace(/(assets\/[\w-]+)\/[0-9A-F]{32}/g, "$1");
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Copies folders with the modes that Terraform gave them. */
function keepModes(from: string, to: string): void {
  fs.chmodSync(to, fs.statSync(from).mode);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) keepModes(path.join(from, entry.name), path.join(to, entry.name));
  }
}

/** CAs that OpenSSL made, one for each role, for `fromFiles` and `trustOnly`. */
function givenAuthorities(folder: string): string {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const role of ROLES) {
    const file = path.join(folder, `${role}.pem`);
    if (!fs.existsSync(file)) {
      const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", `${file}.key`];
      const extensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];
      const more = extensions.flatMap((one) => ["-addext", one]);
      const args = ["req", "-x509", ...key, "-days", "3650", "-subj", `/CN=given ${role} CA`, ...more, "-out", file];
      execFileSync("openssl", args, { stdio: "ignore" });
    }
  }
  return folder;
}

function build(app: App, first: number, given: string): void {
  const stack = new TestStack(app, STACK);
  for (let number = first; number < first + PER_STACK; number += 1) {
    new Builder(stack, recipeOf(number), given).build();
  }
}

/** Builds one fleet by its recipe. */
class Builder {
  constructor(
    private readonly stack: TestStack,
    private readonly recipe: Recipe,
    private readonly given: string,
  ) {}

  public build(): void {
    const { number, mode, platform, agents, hasSecondServer, hasSecondNode } = this.recipe;
    const id = `fleet-${number}`;
    const fleet = mode === "one-way" ? new OneWayFleetTls(this.stack, id, this.props()) : this.mutual(id, this.props());
    for (let agent = 1; agent <= agents; agent += 1) {
      fleet.addAgent(`web-${agent}`, this.agentOptions());
    }
    if (hasSecondServer) fleet.addFleetServer("second", { names: ["second.example.com"] });
    if (hasSecondNode) fleet.addElasticsearchNode("es-2");
    const platforms = new Set([TargetPlatform.LINUX, ...(platform instanceof TargetPlatform ? [platform] : [])]);
    const outputs = [...platforms].map((one) => fleet.addOutput(one.name, { platform: one, trust: this.trust() }));
    if (this.recipe.hasKibana) {
      const clientCertificate = mode === "mutual" ? CertificateSource.generated() : undefined;
      fleet.addKibana("kibana", { clientCertificate, outputs });
    }
  }

  private mutual(id: string, props: FleetTlsProps): FleetTls {
    const { elasticsearch, isRequired, hasPassphrase, agentCa } = this.recipe;
    const agents = this.source("agent", agentCa);
    const { REQUIRED, OPTIONAL } = ClientAuthentication;
    return new MutualFleetTls(this.stack, id, {
      ...props,
      elasticsearch: elasticsearch === "own" ? { clientAuthentication: isRequired ? REQUIRED : OPTIONAL } : undefined,
      agentKeyPassphrase: hasPassphrase ? KeyPassphrase.generated() : undefined,
      agentCa: agents,
      acceptAnyClientOf: [props.fleetCa, agents, props.elasticsearchCa].filter((one) => one !== undefined),
    });
  }

  private props(): FleetTlsProps {
    const { version, platform, elasticsearch, keys, pinsElasticsearch } = this.recipe;
    const elasticsearchCa = this.elasticsearchCa();
    return {
      fleetServerUrl: "https://fleet.example.com:8220",
      elasticsearchUrl:
        elasticsearch === "cloud" ? "https://es.europe-west3.gcp.cloud.es.io:443" : "https://es.example.com:9200",
      fleetServerPolicy: "fleet-server-policy",
      serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
      agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
      stackVersion: version === undefined ? undefined : StackVersion.of(version),
      keyAlgorithm: { "P-256": undefined, "P-384": KeyAlgorithm.ECDSA_P384, RSA: KeyAlgorithm.RSA_2048 }[keys],
      elasticDefend: platform === "defend",
      pinFleetCa: platform === "pinned",
      pinElasticsearchCa: pinsElasticsearch,
      outputs: false,
      fleetServer: { names: ["first.example.com"] },
      fleetCa: this.source("fleet", this.recipe.fleetCa),
      elasticsearchCa,
      acceptAnyServerOf: elasticsearch === "own" || elasticsearchCa === undefined ? undefined : [elasticsearchCa],
    };
  }

  private elasticsearchCa(): CertificateAuthoritySource | undefined {
    switch (this.recipe.elasticsearch) {
      case "own":
        return this.source("Elasticsearch", this.recipe.elasticsearchCa);
      case "trusted":
        return CertificateAuthoritySource.trustOnly({ file: path.join(this.given, "Elasticsearch.pem") });
      case "cloud":
        return CertificateAuthoritySource.system();
    }
  }

  private source(role: Role, source: Recipe["fleetCa"]): CertificateAuthoritySource | undefined {
    const commonName = `${role} CA of fleet ${this.recipe.number}`;
    switch (source) {
      case "generated":
        return undefined;
      case "named":
        return CertificateAuthoritySource.generated({ commonName });
      case "rotating":
        return CertificateAuthoritySource.rotating({
          generations: { "1": CertificateAuthoritySource.generated(), "2": CertificateAuthoritySource.generated() },
          issuing: "1",
          startsHere: true,
        });
      case "intermediate":
      case "trusted by its root": {
        const issuer = this.authority(`${role}-root-${this.recipe.number}`, `root of the ${commonName}`);
        return CertificateAuthoritySource.intermediate({ issuer, anchor: source === "intermediate" });
      }
      case "files": {
        const file = path.join(this.given, `${role}.pem`);
        return CertificateAuthoritySource.fromFiles({ certificate: file, privateKey: `${file}.key` });
      }
      case "one":
        return CertificateAuthoritySource.existing(
          this.authority(`one-${this.recipe.number}`, "CA of the whole fleet"),
        );
      case "shared":
        return CertificateAuthoritySource.existing(this.authority(`shared-${role}`, `shared ${role} CA`));
    }
  }

  /** A CA of its own in the stack, the same one for every fleet that asks for it. */
  private authority(id: string, commonName: string): CertificateAuthority {
    return (
      (this.stack.node.tryFindChild(id) as CertificateAuthority | undefined) ??
      new CertificateAuthority(this.stack, id, {
        source: CertificateAuthoritySource.generated(),
        commonName,
        keyAlgorithm: this.recipe.platform === "defend" ? KeyAlgorithm.RSA_2048 : KeyAlgorithm.ECDSA_P256,
      })
    );
  }

  private agentOptions(): AgentOptions {
    const { platform, version } = this.recipe;
    switch (platform) {
      case "container":
        return { container: true };
      case "unprivileged":
        // --group is newer than 8.16.
        return version === "8.16.0" ? {} : { unprivileged: true, group: "elastic-agent" };
      case "tagged":
        return { tags: ["proof"] };
      case "pinned":
      case "defend":
        return {};
      default:
        return { platform };
    }
  }

  private trust(): OutputTrust | undefined {
    return { default: undefined, inline: OutputTrust.INLINE, "host file": OutputTrust.HOST_FILE }[this.recipe.trust];
  }
}
