import type { TextSource } from "../x509/conversion";
import { EncodingError } from "../x509/der";
import { writePem } from "../x509/pem";
import { classifyPrivateKey } from "../x509/pkcs8";
import type { Certificate } from "../x509/certificate";
import { isSelfIssued } from "../x509/certificate";
import type { Finding, LeafUsage } from "../x509/checks";
import {
  checkAuthority,
  checkDistinctNames,
  checkPrivateKey,
  isIssuedBy,
  isRoot,
  readCertificates,
} from "../x509/checks";
import { error } from "../x509/finding";
import { checkPolicies } from "../x509/policies";
import type { AuthorityParts, Report } from "./authority-path";
import { firstEnd, isPublicRoot, orderedPath } from "./authority-path";
import { contentOf, fileIn, missingFile } from "./file-content";

/** A given CA, as text. */
export interface AuthorityText {
  /** The CA's path. */
  readonly what: string;
  readonly parts: AuthorityParts;
  /** The CA's certificate; for a CA that is only trusted, one or more. */
  readonly certificate: string;
  /** The certificates above an intermediate, up to the root. */
  readonly chain?: string;
  /** The CA's private key, plain. */
  readonly privateKey?: string;
  /** Whether it issues certificates, or is only trusted. */
  readonly issuing: boolean;
  /** Whether the CA itself is the anchor, even if it is no root. */
  readonly anchor?: boolean;
  /** Whether another one issues now, so that this one may have expired. */
  readonly retired?: boolean;
  /** Usages of the leaves below it, as far as they are known. */
  readonly leafUsages?: readonly LeafUsage[];
  /** Number of generated CAs between it and its leaves. */
  readonly authoritiesBelow?: number;
}

/** A given CA, read and checked. */
export interface AuthorityReading {
  /** Certificates that verifiers trust, as PEM. */
  readonly trust: string;
  /** The CA's certificate, as PEM. */
  readonly certificate: string;
  /** Intermediates between a leaf and the anchor, as PEM. */
  readonly intermediates: string;
  /** Warnings: sentences, or a token of a list of them. */
  readonly warnings: string[] | string;
  /** When the first of the certificates ends that its owner can renew, as RFC 3339. */
  readonly notAfter: string;
  /** The names and the pins of what verifiers trust: what stays the same when it is renewed. */
  readonly identity: string;
  /** The same, one text for each that verifiers trust; or a token of such a list. */
  readonly anchors: string[] | string;
  /** Names of the issuers of what verifiers trust. */
  readonly issuer: string;
  /** Whether each trusted certificate is a root or was issued by another one of them; or a token of that. */
  readonly hasRoot: boolean | string;
}

/** Errors of a given CA. They contain nothing of a key. */
export class AuthorityError extends Error {
  constructor(readonly problems: { readonly where: string; readonly what: string; readonly fix: string }[]) {
    super(problems.map(({ where, what, fix }) => `${where} ${what}; ${fix}`).join("\n"));
  }
}

/** Reads a given CA: the same at synth, where its text is known, and in the program that Terraform runs. */
export function readAuthority(text: AuthorityText, at: Date): AuthorityReading {
  const problems: AuthorityError["problems"] = [];
  const warnings: string[] = [];
  const report: Report = (part, findings, subject = "") => {
    for (const { severity, what, fix } of findings) {
      const own = subject !== "" && what.startsWith(`${subject}: `) ? what.slice(subject.length + 2) : what;
      const where = `${text.what}: ${part}`;
      if (severity === "error") {
        problems.push({ where, what: own, fix });
      } else {
        warnings.push(`${where} ${own}; ${fix}`);
      }
    }
  };
  const { parts } = text;
  const own = readPart(text.certificate, parts.certificate, text.issuing ? "certificate" : "certificates");
  report(parts.certificate, own.findings);
  const above = text.chain === undefined ? undefined : readPart(text.chain, parts.chain, "chain");
  report(parts.chain, above?.findings ?? []);
  const [certificate] = own.certificates;
  if (problems.length > 0 || certificate === undefined) {
    throw new AuthorityError(problems);
  }
  const path = text.issuing
    ? orderedPath(own.certificates, above?.certificates ?? [], text, report)
    : [...own.certificates];
  // Two names of one file; those of several CAs are compared for the fleet.
  const clashes = checkDistinctNames([{ name: "the file", certificates: own.certificates }]);
  report(
    parts.certificate,
    clashes.map((clash) => ({ ...clash, what: `is a bundle in which ${clash.what}` })),
  );
  const isOwn = (ca: Certificate): boolean => own.certificates.includes(ca);
  path.forEach((ca, index) => {
    const subject = ca.subject.text || "without a name";
    const part = `${isOwn(ca) ? parts.certificate : parts.chain}: ${subject}`;
    const findings = checkUse(ca, path, text, index, at);
    // A public root comes with its bundle, and nothing reads what is above an anchor.
    const isRead = !(text.anchor && index > 0) && !isPublicRoot(ca);
    report(part, isRead ? findings : findings.filter(({ severity }) => severity === "error"), subject);
  });
  const anchorIndex = text.anchor ? 0 : path.length - 1;
  if (text.issuing) {
    report(parts.chain, checkLeafPolicies(path.slice(0, anchorIndex), text.authoritiesBelow));
  }
  if (text.privateKey !== undefined) {
    report(parts.privateKey, checkKey(text.privateKey, certificate, fileIn(parts.privateKey)));
  }
  if (problems.length > 0) {
    throw new AuthorityError(problems);
  }
  const trusted = text.issuing ? [path[anchorIndex] as Certificate] : path;
  const anchors = trusted.map(({ subject, spkiPinSha256 }) => `${subject.text} ${spkiPinSha256}`);
  return {
    trust: pemOf(trusted),
    identity: anchors.join(", "),
    issuer: trusted.map(({ issuer }) => issuer.text).join(", "),
    anchors,
    hasRoot: trusted.every((ca) => isRoot(ca) || trusted.some((other) => other !== ca && isIssuedBy(ca, other))),
    certificate: pemOf([certificate]),
    warnings,
    intermediates: text.issuing ? pemOf(path.slice(0, anchorIndex)) : "",
    notAfter: firstEnd(text.issuing ? path.slice(0, anchorIndex + 1) : path, at),
  };
}

function readPart(text: string, name: string, part: TextSource["part"]): ReturnType<typeof readCertificates> {
  const missing = missingFile(text);
  return missing
    ? { certificates: [], findings: [error(37, missing.what, missing.fix)] }
    : readCertificates(contentOf(text), { file: fileIn(name), part });
}

function checkUse(
  ca: Certificate,
  path: readonly Certificate[],
  text: AuthorityText,
  index: number,
  at: Date,
): Finding[] {
  const { issuing, leafUsages = [], authoritiesBelow = 0, retired } = text;
  // An expired certificate is harmless in a bundle with others, and if its successor signs.
  const mayHaveEnded = retired === true || (!issuing && path.some(({ notAfter }) => notAfter >= at));
  const hasEnded = ca.notAfter < at;
  const ended = hasEnded && !mayHaveEnded ? [expired(ca)] : [];
  const others = checkAuthority(ca, {
    at: hasEnded ? ca.notAfter : at,
    authoritiesBelow: issuing ? index + authoritiesBelow : 0,
    // Of several trusted CAs, not every one has to be the issuer of the server that is dialled.
    leafUsages: issuing || path.length === 1 ? leafUsages : [],
  });
  return [...ended, ...others];
}

/** No certificate that Terraform signs has a policy, so no CA between it and the anchor may require one. */
function checkLeafPolicies(intermediates: readonly Certificate[], authoritiesBelow = 0): Finding[] {
  const own = {
    policies: [],
    hasPolicyMappings: false,
    inhibitsAnyPolicy: false,
    subject: { text: "" },
    isSelfIssued: false,
  };
  const below = Array.from({ length: authoritiesBelow + 1 }, () => own);
  return checkPolicies([...below, ...intermediates.map((ca) => ({ ...ca, isSelfIssued: isSelfIssued(ca) }))]).map(
    ({ what, ...rest }) => ({ ...rest, what: what.replace("has no", "issues certificates without a") }),
  );
}

function expired({ notAfter }: Certificate): Finding {
  const fix = "have it renewed, best with the same key and name, and give the new one";
  return error(54, `expired on ${notAfter.toISOString().slice(0, 10)}`, fix);
}

function checkKey(text: string, certificate: Certificate, file?: string): Finding[] {
  const missing = missingFile(text);
  if (missing) {
    return [error(37, missing.what, missing.fix)];
  }
  const pem = contentOf(text);
  if (isEncrypted(pem)) {
    return [error(39, "is encrypted", "give its passphrase, a sensitive variable's stringValue")];
  }
  return checkPrivateKey(pem, { certificate, encrypted: "refused", file });
}

function isEncrypted(pem: string | Uint8Array): boolean {
  try {
    return classifyPrivateKey(pem).encryption !== undefined;
  } catch (error) {
    if (error instanceof EncodingError) {
      return false;
    }
    throw error;
  }
}

function pemOf(certificates: readonly Certificate[]): string {
  return certificates.map(({ raw }) => writePem("CERTIFICATE", raw)).join("");
}
