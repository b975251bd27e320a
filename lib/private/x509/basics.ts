import type { Certificate } from "./certificate";
import { isSelfIssued } from "./certificate";
import { NAME_CONSTRAINTS } from "./extensions";
import type { Finding } from "./finding";
import { error, warning } from "./finding";
import type { PublicKeyInfo } from "./public-key";

/** Expired, not yet valid (fact 54). */
export function checkValidity(certificate: Certificate, at: Date): Finding[] {
  const name = nameOf(certificate);
  if (certificate.notAfter <= certificate.notBefore) {
    return [error(54, `${name}: ends before it begins`, "reissue it")];
  }
  if (certificate.notAfter < at) {
    return [error(54, `${name}: expired on ${day(certificate.notAfter)}`, "renew it: deploy again, or reissue it")];
  }
  if (certificate.notBefore > at) {
    const what = `${name}: not valid before ${certificate.notBefore.toISOString()}`;
    return [error(54, what, "wait, or set the clock of the machine right")];
  }
  return [];
}

/** SHA-1, MD5, short RSA, keys that the agent does not read (fact 54). */
export function checkStrength(certificate: Certificate): Finding[] {
  return [...checkSignatureAlgorithm(certificate), ...checkPublicKey(certificate.publicKey)];
}

/** SHA-1 and MD5, which Go refuses below the anchor; no verifier checks the signature of a trusted root. */
export function checkSignatureAlgorithm(certificate: Certificate): Finding[] {
  if (!/md5|sha-?1(?!\d)/i.test(certificate.signatureAlgorithm)) {
    return [];
  }
  const severity = certificate.isCa && isSelfIssued(certificate) ? warning : error;
  const what = `${nameOf(certificate)}: is signed with ${certificate.signatureAlgorithm}`;
  return [severity(54, what, "reissue it with SHA-256 or better")];
}

/** A key that is too weak, or that Go does not read; of a certificate or of a request for one. */
export function checkPublicKey(key: PublicKeyInfo): Finding[] {
  const fix = "use ECDSA P-256, or RSA with 2048 bits or more";
  switch (key.algorithm) {
    case "RSA":
      return [
        ...((key.bits ?? 0) < 2048
          ? [error(54, `has an RSA key of ${key.bits} bits, at least 2048 are allowed`, fix)]
          : []),
        ...checkExponent(key.exponent ?? 65537n),
      ];
    case "EC":
      // Go reads P-224 but does no TLS with it.
      return ["P-256", "P-384", "P-521"].includes(key.curve ?? "")
        ? []
        : [error(54, `has a key on curve ${key.curve ?? "without a name"}, which Go's TLS does not know`, fix)];
    case "Ed25519":
      return [];
    default:
      return [error(54, `has a ${key.algorithm} key, which Go's TLS does not know`, fix)];
  }
}

/** Go verifies with odd exponents from 3 to 2^31 - 1 (crypto/rsa); FIPS 186-5 wants 65537 or more. */
function checkExponent(exponent: bigint): Finding[] {
  const fix = "use a key with the exponent 65537, as openssl and the tls provider make them";
  if (exponent < 3n || exponent % 2n === 0n || exponent >= 2n ** 31n) {
    return [error(54, `has an RSA key with the exponent ${exponent}, with which Go verifies nothing`, fix)];
  }
  return exponent < 65537n
    ? [warning(54, `has an RSA key with the exponent ${exponent}, which FIPS builds and strict verifiers refuse`, fix)]
    : [];
}

/** A certificate with a critical extension that a verifier does not know is refused (RFC 5280, 4.2). */
export function checkUnknownCritical(certificate: Certificate): Finding[] {
  return certificate.unknownCritical.map((oid) =>
    oid === NAME_CONSTRAINTS
      ? error(
          55,
          "has critical name constraints of a type that Go does not know, such as directory names",
          "use a CA whose name constraints are for DNS names, addresses, mailboxes and URIs alone",
        )
      : error(55, `has a critical extension that Go does not know: ${oid}`, "reissue it without that extension"),
  );
}

function nameOf({ subject }: Certificate): string {
  return subject.text || "without a name";
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
