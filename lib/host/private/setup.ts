import type { Precondition } from "cdktf";
import type { Construct } from "constructs";

import type { IFleetTls } from "../ifleet-tls";
import { HostFiles } from "../host-files";
import type { HostOptions } from "../host-options";
import type { KeyAlgorithm } from "../../certificate/key-algorithm";
import type { KeyFormat } from "../../certificate/key-format";
import { ClientAuthentication } from "../../command/client-authentication";
import { StackVersion } from "../../command/stack-version";
import { TargetPlatform } from "../../command/target-platform";
import { DEFAULT_KEY_ALGORITHM } from "../../certificate/renewal-of";
import type { Problems } from "../../private/problems";
import { quoted } from "../../private/problems";
import type { HostLocation } from "./directory";
import { claimOutputDirectory, usableHostDirectory } from "./directory";
import { outputPathOf } from "../../private/paths";
import { checkName, nameCondition } from "../../private/names";
import { DEFEND_READS_EC_KEYS, hasFeature, sinceText } from "../../command/data/stack-features";
import { isKnown } from "../../private/terraform/text";

/** A host's options with every default filled in. */
export interface ResolvedHostOptions extends HostLocation {
  readonly executable: string;
  readonly nonInteractive: boolean;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly keyFormat?: KeyFormat;
  readonly stackVersion: StackVersion;
  readonly installedExecutable?: string;
  readonly fips: boolean;
  readonly elasticDefend: boolean;
}

/** The host's own options, then the fleet's, then the defaults. */
export function resolveHostOptions(own: HostOptions, fleet: HostOptions): ResolvedHostOptions {
  const platform = own.platform ?? fleet.platform ?? TargetPlatform.LINUX;
  // The fleet's path and executable are meant for the fleet's platform only.
  const shared = platform === (fleet.platform ?? TargetPlatform.LINUX) ? fleet : {};
  return {
    platform,
    hostDirectory: own.hostDirectory ?? shared.hostDirectory ?? platform.defaultHostDirectory,
    executable: own.executable ?? shared.executable ?? platform.executable,
    nonInteractive: own.nonInteractive ?? fleet.nonInteractive ?? true,
    keyAlgorithm: own.keyAlgorithm ?? fleet.keyAlgorithm ?? DEFAULT_KEY_ALGORITHM,
    keyFormat: own.keyFormat ?? fleet.keyFormat,
    stackVersion: own.stackVersion ?? fleet.stackVersion ?? StackVersion.LATEST,
    installedExecutable: own.installedExecutable ?? shared.installedExecutable,
    fips: own.fips ?? fleet.fips ?? false,
    elasticDefend: own.elasticDefend ?? fleet.elasticDefend ?? false,
  };
}

/** Checks and claims a host's folder, and creates the construct that writes it. */
export function createHostFiles(
  problems: Problems,
  host: Construct & { readonly folder: string },
  fleet: IFleetTls,
  { platform, hostDirectory }: HostLocation,
  preconditions: Precondition[] = [],
): HostFiles {
  const outputDirectory = outputPathOf(fleet, host.folder);
  if (outputDirectory !== undefined) {
    claimOutputDirectory(problems, host, fleet, outputDirectory);
  }
  return new HostFiles(host, "files", {
    platform,
    hostDirectory: usableHostDirectory(problems, hostDirectory, platform),
    outputDirectory,
    preconditions,
  });
}

/**
 * Refuses keys that what runs on the host cannot read: its own, and those behind the certificates that it meets, which
 * go by the fleet's algorithm.
 */
export function checkKeyAlgorithm(problems: Problems, options: ResolvedHostOptions, fleet: HostOptions): void {
  const ofFleet = fleet.keyAlgorithm ?? DEFAULT_KEY_ALGORITHM;
  checkReadable(problems, options, options.keyAlgorithm, "");
  if (ofFleet.toString() !== options.keyAlgorithm.toString()) {
    checkReadable(problems, options, ofFleet, "of the fleet's servers and CAs ");
  }
}

function checkReadable(problems: Problems, options: ResolvedHostOptions, algorithm: KeyAlgorithm, whose: string): void {
  const { stackVersion, fips, elasticDefend } = options;
  const refuse = (what: string, allowed: string): void =>
    problems.add("keyAlgorithm", {
      what: `${whose}${what}`,
      got: algorithm.toString(),
      allowed,
      fix: "choose another keyAlgorithm for the fleet",
    });
  // elastic-agent-libs types_fips.go: RSA from 2048 bits, P-256, P-384 and P-521.
  if (fips && (algorithm.algorithm === "ED25519" || (algorithm.rsaBits ?? 2048) < 2048)) {
    refuse("cannot be read by Elastic's FIPS build", "ECDSA on P-256, P-384 or P-521, RSA from 2048 bits");
  }
  // The certificates of what Elastic Defend connects to count as well as its own (ingest-docs#1350).
  if (elasticDefend && algorithm.algorithm !== "RSA" && !hasFeature(stackVersion, DEFEND_READS_EC_KEYS)) {
    const newer = `stackVersion ${sinceText(DEFEND_READS_EC_KEYS)}`;
    refuse(`is dropped silently by Elastic Defend of ${stackVersion.toString()}`, `RSA, or ${newer}`);
  }
}

/** Checks a host's further names: what is known now, the rest as preconditions. */
export function checkNames(problems: Problems, host: Construct, names: string[], prop = "names"): Precondition[] {
  names.forEach((name, index) => checkName(problems, `${prop}[${index}]`, name));
  return names
    .filter((name) => !isKnown(name))
    .map((name) => ({
      condition: nameCondition(name),
      errorMessage: `${host.node.path}: ${prop} contains an entry that is no DNS name and no IP address; write one name or address per entry`,
    }));
}

/** Client authentication of a server in a fleet: only mutual fleets have client certificates. */
export function checkClientAuthentication(
  problems: Problems,
  { clientTls }: IFleetTls,
  chosen: ClientAuthentication | undefined,
  ofMutual = ClientAuthentication.OPTIONAL,
): ClientAuthentication {
  const hasClients = (clientTls?.elasticsearchClientCas ?? []).length > 0;
  if (!hasClients && chosen !== undefined && chosen !== ClientAuthentication.NONE) {
    problems.add("clientAuthentication", {
      what: "asks for client certificates, but no host of this fleet has one for Elasticsearch",
      got: quoted(chosen.mode),
      allowed: "ClientAuthentication.NONE in a OneWayFleetTls, and with elasticsearchClientCertificates: false",
      fix: "remove it; use MutualFleetTls at the same id, or an agentCa and elasticsearchClientCertificates: true in an ExternalFleetTls",
    });
  }
  return chosen ?? (hasClients ? ofMutual : ClientAuthentication.NONE);
}
