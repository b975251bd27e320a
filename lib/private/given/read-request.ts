import { writePem } from "../x509/pem";
import type { GivenError } from "./file-content";
import { contentOf, errorsOf } from "./file-content";
import { canonicalIp, checkPublicKey, readCertificateRequest } from "../x509/checks";
import type { CertificateRequest } from "../x509/request";

/** A certificate request, as text, and its requirements. */
export interface RequestText {
  readonly pem: string;
  /** The file that it is read from. */
  readonly file?: string;
  /** The common name that it must have. */
  readonly commonName: string;
  /** The names and addresses that it must have, and no others. */
  readonly names: string[];
  /** Extended key usages of the certificate, as RFC 5280 names them. */
  readonly extendedKeyUsages: string[];
  /** The algorithm that its key has to be of: `RSA`, `EC` or `Ed25519`. */
  readonly keyAlgorithm: string;
}

/** The request as it is signed, or its errors. */
export interface RequestReading {
  readonly pem?: string;
  readonly problems: GivenError[];
}

const MAKE_AGAIN = "make it again with the script in the host's folder";

/**
 * Reads a request and checks that it asks for no more than the host may have: the provider copies its subject and its names
 * into the certificate as they are.
 */
export function readRequest(text: RequestText): RequestReading {
  const { pem, file, commonName, names, extendedKeyUsages, keyAlgorithm } = text;
  const { request, findings } = readCertificateRequest(contentOf(pem), { file });
  const problems = errorsOf(findings);
  if (!request) {
    return { problems };
  }
  problems.push(...errorsOf(checkPublicKey(request.publicKey)));
  const { algorithm } = request.publicKey;
  // The key's format and usages were chosen for the host's algorithm.
  if (algorithm !== keyAlgorithm) {
    const what = `has a key of the algorithm ${algorithm}, where the host's keyAlgorithm is ${keyAlgorithm}`;
    problems.push({ what, fix: `${MAKE_AGAIN}, or give the host that keyAlgorithm` });
  }
  if (request.commonName !== commonName) {
    const what = `has the common name ${JSON.stringify(request.commonName ?? "")}, not ${JSON.stringify(commonName)}`;
    problems.push({ what, fix: MAKE_AGAIN });
  }
  const { attributes } = request.subject;
  // The provider copies the whole subject, by which Elasticsearch may map roles.
  if (attributes.join() !== "CN") {
    const what = `has the subject ${request.subject.text || "without a part"}, where a common name alone is allowed`;
    problems.push({ what, fix: MAKE_AGAIN });
  }
  const canonical = (name: string): string => canonicalIp(name) ?? name.toLowerCase();
  const asked = new Set(
    [...request.dnsNames, ...request.ipAddresses, ...request.uris, ...request.emailAddresses].map(canonical),
  );
  const wanted = new Set(names.map(canonical));
  const missing = [...wanted].filter((name) => !asked.has(name));
  const excess = [...asked].filter((name) => !wanted.has(name));
  if (missing.length > 0) {
    problems.push({ what: `lacks the names ${missing.join(", ")}`, fix: MAKE_AGAIN });
  }
  if (excess.length > 0) {
    const fix = "add it to the host's names, or remove it from the request";
    problems.push({ what: `asks for ${excess.join(", ")} too`, fix });
  }
  problems.push(...usageProblems(request, extendedKeyUsages));
  return problems.length > 0 ? { problems } : { pem: writePem("CERTIFICATE REQUEST", request.raw), problems };
}

/** The usages are chosen here, not by the request; a request that asks for others was created for something else. */
function usageProblems(request: CertificateRequest, needed: string[]): GivenError[] {
  const problems: GivenError[] = [];
  if (request.isCa) {
    problems.push({ what: "asks for a certificate authority, CA:TRUE", fix: MAKE_AGAIN });
  }
  const asked = request.extendedKeyUsage;
  const missing = asked === undefined ? [] : needed.filter((usage) => !asked.includes(usage));
  if (asked !== undefined && missing.length > 0) {
    const what = `asks for the usage ${asked.join(", ") || "none"}, and is used for ${missing.join(" and ")}`;
    problems.push({ what, fix: MAKE_AGAIN });
  }
  return problems;
}
