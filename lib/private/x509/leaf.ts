import type { Certificate } from "./certificate";
import { isSelfIssued } from "./certificate";
import { checkStrength, checkUnknownCritical, checkValidity } from "./basics";
import type { Finding } from "./finding";
import { error, warning } from "./finding";
import { matchHostName } from "./host-name";

/** Extended key usages of leaves, as RFC 5280 names them. */
export const LEAF_USAGES = ["serverAuth", "clientAuth"] as const;

/** Usage that the other side requires of a leaf. */
export type LeafUsage = (typeof LEAF_USAGES)[number];

/** Uses of a leaf. */
export interface LeafUse {
  /** The moment to check for. */
  readonly at: Date;
  /** One, or both for a pair that serves in both roles. */
  readonly usages: readonly LeafUsage[];
  /** Names and addresses by which clients dial it. */
  readonly names?: readonly string[];
  /** The fact that the names are of: 45 for the fleet cert, 48 for the Elasticsearch cert. */
  readonly nameFact?: number;
}

const USAGE_FACTS: Readonly<Record<LeafUsage, number>> = { serverAuth: 49, clientAuth: 50 };

/** Checks a leaf for what it will be used for (facts 45 to 51 and 54). */
export function checkLeaf(leaf: Certificate, use: LeafUse): Finding[] {
  if (leaf.isCa) {
    const fix = "put the leaf first, then the intermediates; no host presents a CA certificate";
    return [error(38, `begins with a CA certificate, ${leaf.subject.text}`, fix), ...checkValidity(leaf, use.at)];
  }
  return [
    ...checkUsages(leaf, use.usages),
    ...checkNames(leaf, use.names ?? [], use.nameFact ?? 45),
    ...checkAuthorityKeyId(leaf),
    ...checkUnknownCritical(leaf),
    ...checkStrength(leaf),
    ...checkValidity(leaf, use.at),
  ];
}

/** Go enforces extended key usage in both directions; an absent one allows everything (facts 49 to 51). */
function checkUsages(leaf: Certificate, usages: readonly LeafUsage[]): Finding[] {
  const findings: Finding[] = [];
  const extended = leaf.extendedKeyUsage;
  for (const usage of usages) {
    if (extended !== undefined && !extended.includes(usage) && !extended.includes("anyExtendedKeyUsage")) {
      const what = `has extended key usage ${extended.join(", ") || "none"}, and is used for ${usage}`;
      const fix = usages.length > 1 ? "reissue it with both serverAuth and clientAuth" : `reissue it with ${usage}`;
      findings.push(error(usages.length > 1 ? 51 : USAGE_FACTS[usage], what, fix));
    }
  }
  const isRsa = leaf.publicKey.algorithm === "RSA";
  const fact = USAGE_FACTS[usages[0] ?? "serverAuth"];
  if (leaf.keyUsage !== undefined && !leaf.keyUsage.includes("digitalSignature")) {
    const what = "has a keyUsage without digitalSignature, by which TLS 1.3 proves the key";
    findings.push(error(fact, what, "reissue it with keyUsage=critical,digitalSignature"));
  }
  if (!isRsa && leaf.keyUsage?.includes("keyEncipherment") === true) {
    const what = `has keyEncipherment, which a ${leaf.publicKey.algorithm} key cannot do`;
    findings.push(warning(fact, what, "reissue it with digitalSignature alone"));
  }
  return findings;
}

/** The names that clients dial (facts 45 to 48). */
export function checkNames(leaf: Certificate, names: readonly string[], fact: number): Finding[] {
  return names.flatMap((name) => {
    const actual = `names: ${[...leaf.dnsNames, ...leaf.ipAddresses].join(", ") || "none"}`;
    switch (matchHostName(leaf, name)) {
      case "san":
        return [];
      case "common name":
        return [
          warning(
            fact,
            `has ${name} only in its common name, which Elastic accepts and other clients do not`,
            "reissue it with that name among its SANs",
          ),
        ];
      case "none":
        if (leaf.dnsNames.includes(name)) {
          const what = `has ${name} as a DNS name, where clients look for an IP address`;
          return [error(fact, what, `reissue it with the SAN IP:${name}`)];
        }
        return [
          error(fact, `lacks the name ${name}; ${actual}`, `reissue it with a SAN for ${name}, or dial another name`),
        ];
    }
  });
}

function checkAuthorityKeyId(leaf: Certificate): Finding[] {
  if (leaf.authorityKeyId !== undefined || isSelfIssued(leaf)) {
    return [];
  }
  const what = "has no authorityKeyIdentifier, which Python's and OpenSSL's strict modes refuse";
  return [warning(55, what, "reissue it under a CA that has a subjectKeyIdentifier")];
}
