import { createHash } from "node:crypto";

import { TargetPlatform } from "../../../lib";

const MODES = ["one-way", "mutual"] as const;
const VERSIONS = [undefined, "8.16.0", "8.19.13", "9.0.4", "9.2.7", "9.4.0", "9.5.2"];
const SOURCES = ["generated", "named", "rotating", "intermediate", "trusted by its root", "files", "shared"] as const;

/** From this number on every fleet has one CA for all jobs. */
const FIRST_OF_ONE_CA = 290;
const ELASTICSEARCHES = ["own", "own", "own", "trusted", "cloud"] as const;
const PLATFORMS = [
  TargetPlatform.LINUX,
  TargetPlatform.MACOS,
  TargetPlatform.WINDOWS,
  "container",
  "unprivileged",
  "tagged",
  "pinned",
  "defend",
] as const;
const KEYS = ["P-256", "P-256", "P-384", "RSA"] as const;
const TRUSTS = ["default", "inline", "host file"] as const;

/** The choices of one generated fleet. */
export interface Recipe {
  readonly number: number;
  readonly mode: (typeof MODES)[number];
  readonly version: (typeof VERSIONS)[number];
  readonly fleetCa: (typeof SOURCES)[number] | "one";
  readonly agentCa: Recipe["fleetCa"];
  readonly elasticsearchCa: Recipe["fleetCa"];
  /** Elasticsearch with a certificate of this fleet, one with a CA of its own, or one in Elastic Cloud. */
  readonly elasticsearch: (typeof ELASTICSEARCHES)[number];
  readonly agents: number;
  readonly platform: (typeof PLATFORMS)[number];
  readonly keys: (typeof KEYS)[number];
  readonly trust: (typeof TRUSTS)[number];
  readonly isRequired: boolean;
  readonly hasPassphrase: boolean;
  readonly hasSecondServer: boolean;
  readonly hasSecondNode: boolean;
  readonly hasKibana: boolean;
  readonly pinsElasticsearch: boolean;
}

/** The recipe of a number: every choice is drawn by the number alone, so a fleet is the same on every machine. */
export function recipeOf(number: number): Recipe {
  const draw = <T>(what: string, choices: readonly T[]): T => {
    const bytes = createHash("sha256").update(`${number} ${what}`).digest();
    return choices[bytes.readUInt32BE() % choices.length]!;
  };
  const mode = draw("mode", MODES);
  const version = draw("version", VERSIONS);
  const elasticsearch = draw("elasticsearch", ELASTICSEARCHES);
  const platform = draw("platform", PLATFORMS);
  // Elastic Defend before 8.19, and in 9.0, reads RSA keys only, those of CAs too; the other CAs here are ECDSA.
  const source = (role: string): Recipe["fleetCa"] => {
    if (number >= FIRST_OF_ONE_CA) {
      return "one";
    }
    const drawn = draw(`${role} CA`, SOURCES);
    return platform === "defend" && (drawn === "files" || drawn === "shared") ? "named" : drawn;
  };
  const elasticsearchCa = source("Elasticsearch");
  return {
    number,
    mode,
    version,
    elasticsearch,
    platform,
    elasticsearchCa,
    fleetCa: source("fleet"),
    agentCa: source("agent"),
    agents: draw("agents", [1, 1, 2, 3]),
    keys: platform === "defend" ? "RSA" : draw("keys", KEYS),
    trust: draw("trust", TRUSTS),
    isRequired: draw("client authentication", [true, false]),
    // No variable names a container's passphrase, and Elastic Defend reads no encrypted key.
    hasPassphrase: platform !== "container" && platform !== "defend" && draw("passphrase", [true, false, false]),
    hasSecondServer: draw("second server", [true, false, false]),
    hasSecondNode: elasticsearch === "own" && draw("second node", [true, false, false, false]),
    hasKibana: elasticsearch === "own" && draw("kibana", [true, true, false]),
    // A fingerprint is one value, and cannot overlap in a rotation.
    pinsElasticsearch:
      elasticsearch === "own" && elasticsearchCa !== "rotating" && draw("fingerprint", [true, false, false]),
  };
}
