import { KeyAlgorithm } from "../../../lib";
import type { Covering, Row } from "./pairwise";
import { pairwise } from "./pairwise";

/** Every key algorithm by its name, and how OpenSSL makes a key of it. */
export const ALGORITHMS: Readonly<Record<string, { algorithm: KeyAlgorithm; openssl: string[] }>> = {
  "ECDSA P-256": { algorithm: KeyAlgorithm.ECDSA_P256, openssl: curve("P-256") },
  "ECDSA P-384": { algorithm: KeyAlgorithm.ECDSA_P384, openssl: curve("P-384") },
  "ECDSA P-521": { algorithm: KeyAlgorithm.ECDSA_P521, openssl: curve("P-521") },
  "RSA 2048": { algorithm: KeyAlgorithm.RSA_2048, openssl: rsa(2048) },
  "RSA 3072": { algorithm: KeyAlgorithm.RSA_3072, openssl: rsa(3072) },
  "RSA 4096": { algorithm: KeyAlgorithm.RSA_4096, openssl: rsa(4096) },
  Ed25519: { algorithm: KeyAlgorithm.ED25519, openssl: ["-algorithm", "ED25519"] },
};

/** Where the three CAs of a fleet come from: what of them is there before the deploy, and whether they sign. */
export const AUTHORITIES = {
  "generated()": {},
  "intermediate()": {},
  "intermediate() as anchor": {},
  "intermediate() below an intermediate()": {},
  "intermediate() as anchor, below fromFiles": {},
  fromPem: { isGiven: true },
  fromFiles: { isGiven: true },
  "fromFiles, key encrypted": { isGiven: true },
  "fromFiles, an intermediate and its chain": { isGiven: true },
  "fromFiles, an intermediate as anchor": { isGiven: true },
  "existing(), one for every role": {},
  "existing(), of another stack": {},
  "rotating(), the second one signs": {},
  "generated(), intermediatePerStack": { isAcrossStacks: true },
  "Elasticsearch's trustOnly({ file })": { isTheirs: true },
  "Elasticsearch's trustOnly({ pem }), a bundle": { isTheirs: true },
  "Elasticsearch's trustOnly({ hostPath })": { isTheirs: true },
  "all trustOnly({ file })": { isGiven: true, isTheirs: true, signsNothing: true },
  "system()": { isGiven: true, isTheirs: true, signsNothing: true },
} satisfies Record<string, AuthorityKind>;

export interface AuthorityKind {
  /** Whether OpenSSL has the keys of all of them, as the company that owns them has. */
  readonly isGiven?: boolean;
  /** Whether Elasticsearch is there already, with its certificate. */
  readonly isTheirs?: boolean;
  /** Whether the agents are in another stack. */
  readonly isAcrossStacks?: boolean;
  /** Whether every certificate has to come from elsewhere. */
  readonly signsNothing?: boolean;
}

export type AuthorityName = keyof typeof AUTHORITIES;

/** Where leaves and their keys come from. */
export const LEAVES = [
  "generated()",
  "generated(), keys encrypted",
  "fromCertificateRequest",
  "fromCertificateRequest, keys encrypted",
  "onHost",
  "onHost, keys encrypted",
  "one certificate for agents of a policy",
  "one certificate for a Fleet Server",
] as const;

export type LeafName = (typeof LEAVES)[number];

export const MODES = ["one-way", "mutual, required", "mutual, optional"] as const;

export type Factor = "CAs" | "leaves" | "CA algorithm" | "leaf algorithm" | "mode";

/** Why there is no such combination; nothing if there is. A value may be missing, so that two can be asked about alone. */
export function obstacle(row: Partial<Row<Factor>>): string | undefined {
  const authority: AuthorityKind = AUTHORITIES[row.CAs as AuthorityName] ?? {};
  const { leaves = "", mode = "" } = row;
  const isOnHost = leaves.startsWith("onHost");
  const isOneWay = mode === "one-way";
  if (leaves.includes("encrypted") && row["leaf algorithm"] === "Ed25519") {
    return "elastic-agent decrypts no Ed25519 key";
  }
  if (leaves.startsWith("one certificate") && isOneWay) return "agents have no certificates";
  if (authority.isAcrossStacks && isOneWay) return "nothing is signed for agents";
  if (row.CAs === "system()" && mode.startsWith("mutual"))
    return "any CA of the operating system could issue accepted agent certificates";
  if (authority.isAcrossStacks && leaves.includes("policy")) {
    return "a certificate that agents share is made in the fleet's stack";
  }
  if (authority.signsNothing && leaves !== "" && !isOnHost) return "a CA that is only trusted signs nothing";
  if (row.CAs !== undefined && isOnHost && !authority.isGiven) {
    return "a pair that exists on its host was signed before the deploy, so its CA exists before the deploy too";
  }
  return undefined;
}

/** The combinations that are proved. */
export function combinations(): Covering<Factor> {
  const algorithms = Object.keys(ALGORITHMS);
  return pairwise(
    {
      CAs: Object.keys(AUTHORITIES),
      leaves: LEAVES,
      "CA algorithm": algorithms,
      "leaf algorithm": algorithms,
      mode: MODES,
    },
    (row) => obstacle(row) === undefined,
  );
}

function curve(name: string): string[] {
  return ["-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${name}`];
}

function rsa(bits: number): string[] {
  return ["-algorithm", "RSA", "-pkeyopt", `rsa_keygen_bits:${bits}`];
}
