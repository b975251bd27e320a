import type { Certificate } from "./certificate";
import { isSelfIssued } from "./certificate";
import { NAME_CONSTRAINTS } from "./extensions";
import { checkStrength, checkUnknownCritical, checkValidity } from "./basics";
import type { Finding } from "./finding";
import { error, warning } from "./finding";
import type { LeafUsage } from "./leaf";

/** Uses of a CA. */
export interface AuthorityUse {
  /** The moment to check for. */
  readonly at: Date;
  /** Usages of the leaves below it. */
  readonly leafUsages?: readonly LeafUsage[];
  /** Number of CAs between it and its leaves. */
  readonly authoritiesBelow?: number;
}

/**
 * Checks a CA, given or generated, for what it will be used for (facts 52 to 54). What the Elastic stack takes and only
 * strict verifiers refuse is a warning: `elasticsearch-certutil` wrote no keyUsage before April 2025.
 */
export function checkAuthority(ca: Certificate, use: AuthorityUse): Finding[] {
  if (!ca.isCa) {
    const fix = "give the certificate that signed it: one with basicConstraints CA:TRUE";
    const version = ca.version < 3 ? `, being of version ${ca.version}` : "";
    return [error(52, `is not a certificate authority${version}`, fix), ...checkValidity(ca, use.at)];
  }
  const findings: Finding[] = [];
  if (!ca.basicConstraintsCritical) {
    const what = "has basicConstraints that are not critical, which OpenSSL's and Python's strict modes refuse";
    findings.push(warning(52, what, reissue("basicConstraints=critical,CA:TRUE")));
  }
  if (ca.keyUsage === undefined) {
    const what = "has no keyUsage, which OpenSSL's and Python's strict modes refuse";
    findings.push(warning(52, what, reissue("keyUsage=critical,keyCertSign,cRLSign")));
  } else if (!ca.keyUsage.includes("keyCertSign")) {
    const what = `has a keyUsage without keyCertSign: ${ca.keyUsage.join(", ") || "none"}`;
    findings.push(error(52, what, "reissue it with keyUsage=critical,keyCertSign,cRLSign"));
  }
  if (ca.subjectKeyId === undefined) {
    const what = "has no subjectKeyIdentifier, so its leaves get no authorityKeyIdentifier, which Python refuses";
    findings.push(warning(52, what, reissue("subjectKeyIdentifier=hash")));
  }
  if (ca.nameConstraints?.unhandled === true && !ca.unknownCritical.includes(NAME_CONSTRAINTS)) {
    const what = "has name constraints of a type that Go does not check, and Java (Elasticsearch) and OpenSSL do";
    const fix =
      "check that they permit the subjects of its leaves, or use a CA with constraints for names and addresses";
    findings.push(warning(55, what, fix));
  }
  findings.push(...checkAuthorityUsages(ca, use.leafUsages ?? []));
  if (ca.pathLength !== undefined && ca.pathLength < (use.authoritiesBelow ?? 0)) {
    const what = `has path length ${ca.pathLength}, with ${use.authoritiesBelow} authorities below it`;
    findings.push(error(53, what, "issue the leaves directly under it, or reissue it with a longer path length"));
  }
  return [...findings, ...checkUnknownCritical(ca), ...checkStrength(ca), ...checkValidity(ca, use.at)];
}

/** With the same name and key, everything that a CA signed stays valid; OpenSSL keeps the extensions that are not in the file. */
function reissue(extension: string): string {
  const command = `printf ${extension} > ca.ext && openssl x509 -in CA -signkey KEY -extfile ca.ext -days DAYS -out NEW`;
  return `reissue it with ${extension} and the same key and name, so that all that it signed stays valid (a root: ${command})`;
}

/** A CA's extended key usage constrains every leaf below it (Go, OpenSSL; fact 52). */
export function checkAuthorityUsages(ca: Certificate, usages: readonly LeafUsage[]): Finding[] {
  const allowed = ca.extendedKeyUsage;
  if (allowed === undefined || allowed.includes("anyExtendedKeyUsage")) {
    return [];
  }
  return usages
    .filter((usage) => !allowed.includes(usage))
    .map((usage) => {
      const what = `allows its leaves ${allowed.join(", ") || "nothing"} only, and one of them needs ${usage}`;
      return error(52, what, "use a CA without extendedKeyUsage, or one whose extendedKeyUsage has it");
    });
}

/** A list of CAs with the name of the job that they do, such as `fleet-ca`. */
export interface NamedAuthorities {
  readonly name: string;
  readonly certificates: readonly Certificate[];
}

/**
 * Two trusted CAs of one name and different keys: OpenSSL does not try the second (fact 56). One CA for several jobs,
 * or one that was renewed with its key, is no clash.
 */
export function checkDistinctNames(lists: readonly NamedAuthorities[]): Finding[] {
  const findings: Finding[] = [];
  const seen = new Map<string, { list: string; certificate: Certificate; reported: boolean }>();
  for (const { name: list, certificates } of lists) {
    for (const certificate of certificates) {
      const other = seen.get(certificate.subject.rawHex);
      if (other === undefined) {
        seen.set(certificate.subject.rawHex, { list, certificate, reported: false });
      } else if (!other.reported && !other.certificate.publicKey.spki.equals(certificate.publicKey.spki)) {
        other.reported = true;
        const where = other.list === list ? `twice in ${list}` : `in ${other.list} and in ${list}`;
        const what = `two CAs with different keys have one name, ${certificate.subject.text}: ${where}`;
        findings.push(error(56, what, "give each CA, and each generation of one, a common name of its own"));
      }
    }
  }
  return findings;
}

/** Whether a CA is a root: issued by its own name. */
export function isRoot(ca: Certificate): boolean {
  return ca.isCa && isSelfIssued(ca);
}
