import { createPublicKey, X509Certificate } from "node:crypto";

import type { Certificate } from "./certificate";
import { isSameCertificate, isSelfIssued } from "./certificate";
import { checkAuthorityUsages } from "./authority";
import { checkSignatureAlgorithm, checkUnknownCritical, checkValidity } from "./basics";
import { checkNameConstraints } from "./name-constraints";
import { checkPolicies } from "./policies";
import type { Finding } from "./finding";
import { error, warning } from "./finding";
import type { LeafUsage } from "./leaf";

/** Options for verifying a chain. */
export interface ChainUse {
  /** The moment to check for. */
  readonly at: Date;
  readonly usages: readonly LeafUsage[];
}

/** A verified path, leaf first and anchor last, or its errors. */
export interface ChainResult {
  readonly path?: readonly Certificate[];
  readonly findings: readonly Finding[];
}

/** As in Go's crypto/x509: certificates that sign each other could else be tried for ever. */
const MOST_SIGNATURES = 100;

/**
 * Verifies a presented chain, leaf first, against trusted certificates, with nothing but these; any certificate of the
 * list is an anchor, root or not, as in Go (fact 55). Of several paths that fail, the one that came furthest is reported.
 * The leaf's own usages and names are for checkLeaf.
 */
export function verifyChain(
  chain: readonly Certificate[],
  anchors: readonly Certificate[],
  use: ChainUse,
): ChainResult {
  const [leaf, ...intermediates] = chain;
  if (leaf === undefined) {
    return { findings: [error(38, "has no certificate to present", "put the leaf first, then its intermediates")] };
  }
  if (anchors.some((anchor) => isSameCertificate(anchor, leaf))) {
    const findings = checkValidity(leaf, use.at);
    return findings.length > 0 ? { findings } : { path: [leaf], findings };
  }
  return new PathSearch(intermediates, anchors, use).from([leaf]);
}

/**
 * The order of a presented chain: leaf, then each one's issuer (fact 38). Only the leaf's place matters to Go; a root
 * at the end is superfluous, and needed where its fingerprint is trusted.
 */
export function checkChainOrder(chain: readonly Certificate[]): Finding[] {
  const [first, ...rest] = chain;
  if (first === undefined) {
    return [];
  }
  if (first.isCa && rest.some((certificate) => !certificate.isCa)) {
    const what = `begins with the CA ${first.subject.text}, so the key matches no leaf`;
    return [error(38, what, "put the leaf first, then its intermediates: cat leaf.pem intermediate.pem")];
  }
  const findings: Finding[] = [];
  for (const [i, certificate] of rest.entries()) {
    const below = chain[i]!;
    if (!certificate.isCa) {
      const what = `has a second leaf, ${certificate.subject.text}, after the first`;
      findings.push(error(38, what, "leave one leaf and its intermediates in the file"));
    } else if (below.issuer.rawHex !== certificate.subject.rawHex) {
      const what = `has ${certificate.subject.text} after ${below.subject.text}, which it did not issue`;
      findings.push(
        warning(38, what, "put each certificate's issuer right after it, and remove unrelated certificates"),
      );
    }
  }
  return findings;
}

/** Whether `issuer` really signed `certificate`: the name, the key identifiers and the signature. */
export function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  return certificate.issuer.rawHex === issuer.subject.rawHex && keyProblem(certificate, issuer) === undefined;
}

class PathSearch {
  private signatures = 0;
  private best: { depth: number; findings: readonly Finding[] } | undefined;

  constructor(
    private readonly intermediates: readonly Certificate[],
    private readonly anchors: readonly Certificate[],
    private readonly use: ChainUse,
  ) {}

  public from(path: readonly Certificate[]): ChainResult {
    const leaf = path[0]!;
    const found = this.extend(path, [...checkValidity(leaf, this.use.at), ...checkUnknownCritical(leaf)]);
    return found === undefined ? { findings: this.best?.findings ?? [] } : { path: found, findings: [] };
  }

  private extend(path: readonly Certificate[], problems: readonly Finding[]): readonly Certificate[] | undefined {
    const last = path[path.length - 1]!;
    const isIssuer = (candidate: Certificate): boolean => candidate.subject.rawHex === last.issuer.rawHex;
    const anchors = this.anchors.filter(isIssuer);
    const others = this.intermediates
      .filter(isIssuer)
      .filter((candidate) => !path.some((one) => isSameCertificate(one, candidate)));
    for (const candidate of [...anchors, ...others]) {
      if (this.signatures >= MOST_SIGNATURES) {
        break;
      }
      this.signatures += 1;
      const wrongKey = keyProblem(last, candidate);
      if (wrongKey !== undefined) {
        this.fail(path.length, [...problems, wrongKey]);
        continue;
      }
      const all = [...problems, ...this.problemsOf(path, candidate)];
      if (anchors.includes(candidate)) {
        all.push(...checkPolicies(path.map((one) => ({ ...one, isSelfIssued: isSelfIssued(one) }))));
        if (all.length === 0) {
          return [...path, candidate];
        }
        this.fail(path.length + 1, all);
      } else {
        const found = this.extend([...path, candidate], all);
        if (found !== undefined) {
          return found;
        }
      }
    }
    if (anchors.length + others.length === 0) {
      this.fail(path.length, [...problems, this.noIssuer(last)]);
    }
    return undefined;
  }

  private problemsOf(path: readonly Certificate[], issuer: Certificate): Finding[] {
    const name = issuer.subject.text;
    const findings: Finding[] = [];
    if (!issuer.isCa || issuer.keyUsage?.includes("keyCertSign") === false) {
      const what = `is issued by ${name}, which is no CA that may sign certificates`;
      findings.push(error(52, what, "use an issuer with CA:TRUE and keyCertSign"));
    }
    // Self-issued certificates do not count (RFC 5280, 4.2.1.9).
    const below = path.slice(1).filter((one) => !isSelfIssued(one)).length;
    if (issuer.pathLength !== undefined && issuer.pathLength < below) {
      const what = `has ${below} CAs below ${name}, whose path length is ${issuer.pathLength}`;
      findings.push(error(53, what, "issue the leaf higher up, or reissue that CA with a longer path length"));
    }
    const usages = checkAuthorityUsages(issuer, this.use.usages).map(({ what, ...rest }) => ({
      ...rest,
      what: `is issued by ${name}, which ${what}`,
    }));
    return [
      ...findings,
      ...usages,
      ...path.flatMap((one) => checkNameConstraints(one, issuer)),
      ...checkSignatureAlgorithm(path[path.length - 1]!),
      ...checkUnknownCritical(issuer),
      ...checkValidity(issuer, this.use.at),
    ];
  }

  private noIssuer(last: Certificate): Finding {
    if (isSelfIssued(last)) {
      const what = `ends in ${last.subject.text}, which is not trusted here`;
      return error(55, what, "add that CA to the list, or issue the certificate under a CA that is on it");
    }
    const what = `is issued by ${last.issuer.text}, which is neither in this file nor trusted here`;
    const fix = "append the missing intermediate after the leaf, or add that CA to the list";
    return error(55, what, fix);
  }

  private fail(depth: number, findings: readonly Finding[]): void {
    const best = this.best;
    if (best === undefined || depth > best.depth || (depth === best.depth && findings.length < best.findings.length)) {
      this.best = { depth, findings };
    }
  }
}

/** A leaf that outlives its CA stops working with it (fact 54); a finding, not a failed path. */
export function checkOutlives(leaf: Certificate, issuer: Certificate): Finding[] {
  if (leaf.notAfter <= issuer.notAfter) {
    return [];
  }
  const what = `is valid until ${leaf.notAfter.toISOString().slice(0, 10)}, longer than its CA ${issuer.subject.text}`;
  return [warning(54, what, "renew the CA with the same key and name before its end, or shorten the leaf")];
}

function keyProblem(certificate: Certificate, issuer: Certificate): Finding | undefined {
  const name = issuer.subject.text;
  const { authorityKeyId } = certificate;
  if (authorityKeyId !== undefined && issuer.subjectKeyId !== undefined && authorityKeyId !== issuer.subjectKeyId) {
    // Java's PKIX and OpenSSL compare the identifiers; Go would try the key all the same, and fail.
    const what = `was issued by another CA named ${name}: the key identifiers differ`;
    return error(55, what, "trust the CA that issued it, or issue it again under the one that is trusted");
  }
  if (!isSigned(certificate, issuer)) {
    const what = `carries no valid signature of ${name}`;
    return error(55, what, "write the file again from its source, or issue the certificate again");
  }
  return undefined;
}

/** Verified signatures: one CA is compared with the certificates of every host, each from both sides. */
const SIGNED = new WeakMap<Certificate, Map<string, boolean>>();

function isSigned(certificate: Certificate, issuer: Certificate): boolean {
  const known = SIGNED.get(certificate) ?? new Map<string, boolean>();
  SIGNED.set(certificate, known);
  const result = known.get(issuer.spkiPinSha256) ?? verifySignature(certificate, issuer);
  known.set(issuer.spkiPinSha256, result);
  return result;
}

function verifySignature(certificate: Certificate, issuer: Certificate): boolean {
  try {
    const key = createPublicKey({ key: issuer.publicKey.spki, format: "der", type: "spki" });
    return new X509Certificate(certificate.raw).verify(key);
  } catch {
    return false;
  }
}
