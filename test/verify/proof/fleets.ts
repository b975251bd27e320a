import * as fs from "node:fs";
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
import type { FleetTls, FleetTlsProps } from "../../../lib";
import { TestStack } from "../../support/apps";
import { TerraformProject } from "../../support/terraform";

/** Everything that is varied, by the number of the fleet; each list has a length that shares no factor with another. */
const VERSIONS = [undefined, "8.19.13", "9.0.4", "9.2.7", "9.4.0", "9.5.2", "8.16.0"];
const SOURCES = ["generated", "rotating", "intermediate", "named", "trusted by its root"] as const;
const SIZES = [1, 2, 3] as const;
const PLATFORMS = [
  TargetPlatform.LINUX,
  TargetPlatform.WINDOWS,
  TargetPlatform.MACOS,
  "container",
  TargetPlatform.LINUX,
  "unprivileged",
  "package",
  TargetPlatform.WINDOWS,
  "pinned",
  TargetPlatform.LINUX,
  TargetPlatform.MACOS,
] as const;

/** The choices of one generated fleet. */
export interface Recipe {
  readonly number: number;
  readonly mode: "one-way" | "mutual";
  readonly version?: string;
  readonly source: (typeof SOURCES)[number];
  readonly agents: number;
  readonly platform: (typeof PLATFORMS)[number];
}

/** The recipe of a number. */
export function recipeOf(number: number): Recipe {
  return {
    number,
    mode: number % 2 === 0 ? "one-way" : "mutual",
    version: VERSIONS[number % VERSIONS.length],
    source: SOURCES[number % SOURCES.length]!,
    agents: SIZES[number % SIZES.length]!,
    platform: PLATFORMS[number % PLATFORMS.length]!,
  };
}

const PER_STACK = 10;

/** Applies the fleets that the cache does not have yet, ten a stack, and returns the folder of each. */
export async function applyFleets(count: number, cache: string, say: (text: string) => void): Promise<string[]> {
  for (let first = 0; first < count; first += PER_STACK) {
    const batch = path.join(cache, `fleets-${first}`);
    if (!fs.existsSync(batch)) {
      say(`applying fleets ${first} to ${first + PER_STACK - 1}`);
      await applyBatch(first, batch);
    }
  }
  return Array.from({ length: count }, (_, number) =>
    path.join(cache, `fleets-${number - (number % PER_STACK)}`, `fleet-${number}`),
  );
}

export async function applyBatch(first: number, batch: string): Promise<void> {
  const project = new TerraformProject((app) => build(app, first));
  try {
    await project.apply("fleets");
    const partial = `${batch}.partial`;
    fs.rmSync(partial, { recursive: true, force: true });
    fs.mkdirSync(path.dirname(batch), { recursive: true });
    fs.cpSync(project.path("fleet-tls", "fleets"), partial, { recursive: true, preserveTimestamps: true });
    keepModes(project.path("fleet-tls", "fleets"), partial);
    fs.renameSync(partial, batch);
  } finally {
    project.dispose();
  }
}

/** Copies folders with the modes that Terraform gave them. */
function keepModes(from: string, to: string): void {
  fs.chmodSync(to, fs.statSync(from).mode);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) keepModes(path.join(from, entry.name), path.join(to, entry.name));
  }
}

export function build(app: App, first: number): void {
  const stack = new TestStack(app, "fleets");
  for (let number = first; number < first + PER_STACK; number += 1) {
    buildFleet(stack, recipeOf(number));
  }
}

function buildFleet(stack: TestStack, recipe: Recipe): void {
  const { number, mode, platform } = recipe;
  const props = propsOf(stack, recipe);
  const agentCa = sourceOf(stack, recipe, "agents");
  const fleet: FleetTls =
    mode === "one-way"
      ? new OneWayFleetTls(stack, `fleet-${number}`, props)
      : new MutualFleetTls(stack, `fleet-${number}`, {
          ...props,
          elasticsearch: {
            clientAuthentication: number % 4 === 1 ? ClientAuthentication.REQUIRED : ClientAuthentication.OPTIONAL,
          },
          agentKeyPassphrase: number % 3 === 0 && platform !== "container" ? KeyPassphrase.generated() : undefined,
          agentCa,
          acceptAnyClientOf: [props.fleetCa, agentCa].filter((source) => source !== undefined),
        });
  for (let agent = 1; agent <= recipe.agents; agent += 1) {
    fleet.addAgent(`web-${agent}`, agentOptions(recipe));
  }
  const platforms = new Set([TargetPlatform.LINUX, ...(platform instanceof TargetPlatform ? [platform] : [])]);
  const outputs = [...platforms].map((one) => fleet.addOutput(one.name, { platform: one, trust: trustOf(number) }));
  if (number % 3 === 1) fleet.addFleetServer("second", { names: ["second.example.com"] });
  if (number % 4 === 2) fleet.addElasticsearchNode("es-2");
  if (number % 2 === 1 || number % 6 === 0) {
    const clientCertificate = mode === "mutual" ? CertificateSource.generated() : undefined;
    fleet.addKibana("kibana", { clientCertificate, outputs });
  }
}

function propsOf(stack: TestStack, recipe: Recipe): FleetTlsProps {
  const { number, version, platform } = recipe;
  return {
    fleetServerUrl: "https://fleet.example.com:8220",
    elasticsearchUrl: number % 5 === 4 ? "https://192.0.2.7:9200" : "https://es.example.com:9200",
    fleetServerPolicy: "fleet-server-policy",
    serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
    agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
    stackVersion: version === undefined ? undefined : StackVersion.of(version),
    keyAlgorithm: number % 7 === 3 ? KeyAlgorithm.RSA_2048 : number % 7 === 5 ? KeyAlgorithm.ECDSA_P384 : undefined,
    pinFleetCa: platform === "pinned",
    outputs: false,
    fleetServer: { names: ["first.example.com"] },
    fleetCa: sourceOf(stack, recipe, "fleet"),
    elasticsearchCa: sourceOf(stack, recipe, "elasticsearch"),
  };
}

function sourceOf(stack: TestStack, { number, source }: Recipe, role: string): CertificateAuthoritySource | undefined {
  const commonName = `${role} CA of fleet ${number}`;
  switch (source) {
    case "rotating":
      return CertificateAuthoritySource.rotating({
        generations: { "1": CertificateAuthoritySource.generated(), "2": CertificateAuthoritySource.generated() },
        issuing: "1",
        startsHere: true,
      });
    case "named":
      return CertificateAuthoritySource.generated({ commonName });
    case "intermediate":
    case "trusted by its root": {
      const issuer = new CertificateAuthority(stack, `${role}-root-${number}`, {
        source: CertificateAuthoritySource.generated(),
        commonName: `root of the ${commonName}`,
        keyAlgorithm: KeyAlgorithm.ECDSA_P256,
      });
      return CertificateAuthoritySource.intermediate({ issuer, anchor: source === "intermediate" });
    }
    case "generated":
      return undefined;
  }
}

function agentOptions({ platform, version }: Recipe): Parameters<FleetTls["addAgent"]>[1] {
  switch (platform) {
    case "container":
      return { container: true };
    case "unprivileged":
      // --group is newer than 8.16.
      return version === "8.16.0" ? {} : { unprivileged: true, group: "elastic-agent" };
    case "package":
      return { tags: ["proof"] };
    case "pinned":
      return {};
    default:
      return { platform };
  }
}

function trustOf(number: number): OutputTrust | undefined {
  return number % 3 === 0 ? OutputTrust.INLINE : number % 3 === 1 ? OutputTrust.HOST_FILE : undefined;
}
