import { rootCertificates } from "node:tls";

import type { Certificate } from "../x509/certificate";
import { isSameCertificate } from "../x509/certificate";
import type { Finding } from "../x509/checks";
import { isIssuedBy, isRoot } from "../x509/checks";
import { error } from "../x509/finding";

/** Names of the parts of a given CA in errors, e.g. `the certificate (pki/ca.pem)`. */
export interface AuthorityParts {
  readonly certificate: string;
  readonly chain: string;
  readonly privateKey: string;
}

/** Reports findings about a part; `subject` is left out of findings that begin with it. */
export type Report = (part: string, findings: readonly Finding[], subject?: string) => void;

/** The CA and each one's issuer up to the root, in any order of the chain file. */
export function orderedPath(
  own: readonly Certificate[],
  given: readonly Certificate[],
  { parts, anchor }: { readonly parts: AuthorityParts; readonly anchor?: boolean },
  report: Report,
): Certificate[] {
  if (own.length > 1) {
    const what = `has ${own.length} certificates, where the issuing CA's alone is read`;
    const fix = "keep only the issuing CA's certificate in it, and pass those above it as the chain";
    report(parts.certificate, [error(38, what, fix)]);
  }
  const path = [own[0] as Certificate];
  const above = given.filter((certificate) => !isSameCertificate(certificate, path[0] as Certificate));
  let last = path[0] as Certificate;
  while (!isRoot(last) && path.length <= above.length) {
    const next = above.find((candidate) => isIssuedBy(last, candidate));
    if (next === undefined) {
      break;
    }
    path.push(next);
    last = next;
  }
  if (path.length <= above.length) {
    const what = `has a certificate that did not issue ${last.subject.text}`;
    report(parts.chain, [error(38, what, "keep only the certificates above the issuing CA in it, up to the root")]);
  } else if (!isRoot(last) && last.isCa && anchor !== true && own.length === 1) {
    const what = `has no root: ${last.subject.text} is issued by ${last.issuer.text}, which is not given`;
    const fix = "give the certificates above it up to the root as the chain, or set anchor: true to trust it alone";
    report(above.length === 0 ? parts.certificate : parts.chain, [error(38, what, fix)]);
  }
  return path;
}

/** First expiry, without public roots: their bundle replaces them. */
export function firstEnd(certificates: readonly Certificate[], at: Date): string {
  const own = certificates.length > 1 ? certificates.filter((ca) => !isPublicRoot(ca)) : certificates;
  const times = (some: readonly Certificate[]): number[] => some.map(({ notAfter }) => notAfter.getTime());
  const ahead = times(own).filter((end) => end >= at.getTime());
  const end = ahead.length > 0 ? Math.min(...ahead) : Math.max(...times(certificates));
  return new Date(end).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Whether a CA is one of those that Mozilla, and with it Node, trusts for the whole web. */
export function isPublicRoot({ raw }: Certificate): boolean {
  publicRoots ??= new Set(rootCertificates.map((pem) => pem.replace(/-----[^-]+-----|\s/g, "")));
  return publicRoots.has(raw.toString("base64"));
}

let publicRoots: Set<string> | undefined;
