import { createHash } from "node:crypto";

import { contextTag, DerReader, EncodingError, readSequence, Tag } from "./der";
import { bitsValue, countValue, integerValue, oidValue, timeValue } from "./der-values";
import type { X509Extensions } from "./extensions";
import { readExtensions } from "./extensions";
import type { DistinguishedName } from "./name";
import { readName } from "./name";
import type { PublicKeyInfo } from "./public-key";
import { readPublicKey } from "./public-key";

/** An X.509 certificate, read. */
export interface Certificate extends X509Extensions {
  /** Its DER. */
  readonly raw: Buffer;
  /** 1, 2 or 3. */
  readonly version: number;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly commonName?: string;
  /** In hex, two digits a byte, without a leading zero byte. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** As RFC 5758 and RFC 8017 spell it: `ecdsa-with-SHA256`, `sha256WithRSAEncryption`, `Ed25519`. */
  readonly signatureAlgorithm: string;
  readonly publicKey: PublicKeyInfo;
  /** SHA-256 of the DER in hex without colons: what `ca_trusted_fingerprint` wants. */
  readonly fingerprintSha256: string;
  /** SHA-256 of the SubjectPublicKeyInfo in base64: what `--ca-sha256` wants. */
  readonly spkiPinSha256: string;
}

const SIGNATURE_ALGORITHMS: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
  "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
  "1.2.840.113549.1.1.10": "rsassaPss",
  "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
  "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
  "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
  "1.2.840.10045.4.1": "ecdsa-with-SHA1",
  "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
  "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
  "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
  "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
  "1.2.840.10040.4.3": "dsa-with-SHA1",
  "2.16.840.1.101.3.4.3.2": "dsa-with-SHA256",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
};

/**
 * Reads a certificate in DER (RFC 5280, 4.1), as strictly as Go's `crypto/x509`.
 *
 * @throws EncodingError on anything else, and nothing but that.
 */
export function parseCertificate(der: Uint8Array): Certificate {
  const raw = Buffer.from(der);
  const outer = readSequence(raw, "certificate");
  const signed = outer.enter("certificate's signed part");
  const identifier = outer.expect(Tag.SEQUENCE, "signature algorithm");
  const signatureAlgorithm = readSignatureAlgorithm(new DerReader(identifier.raw, "signature algorithm"));
  bitsValue(outer.expect(Tag.BIT_STRING, "signature"), "signature");
  outer.end();

  const version = readVersion(signed);
  const serial = integerValue(signed.expect(Tag.INTEGER, "serial number"), "serial number");
  if (serial < 0n) {
    throw new EncodingError("serial number: negative, which Go refuses");
  }
  if (!signed.expect(Tag.SEQUENCE, "signature algorithm").raw.equals(identifier.raw)) {
    throw new EncodingError("signature algorithm: not the same inside and outside of the signed part");
  }
  const issuer = readName(signed, "issuer");
  const validity = signed.enter("validity");
  const notBefore = timeValue(validity.next("notBefore"), "notBefore");
  const notAfter = timeValue(validity.next("notAfter"), "notAfter");
  validity.end();
  const subject = readName(signed, "subject");
  const publicKey = readPublicKey(signed);
  // Unique identifiers of issuer and subject: in version 2, never used.
  signed.optional(contextTag(1, false), "issuer's unique identifier");
  signed.optional(contextTag(2, false), "subject's unique identifier");
  const wrapper = signed.optional(contextTag(3, true), "extensions");
  signed.end();
  if (wrapper !== undefined && version !== 3) {
    throw new EncodingError(`extensions: in a certificate of version ${version}, where only version 3 has them`);
  }
  return {
    ...readExtensions(wrapper === undefined ? undefined : readSequence(wrapper.content, "extensions")),
    raw,
    version,
    subject,
    issuer,
    commonName: subject.commonName,
    serialNumber: evenHex(serial),
    notBefore,
    notAfter,
    signatureAlgorithm,
    publicKey,
    fingerprintSha256: createHash("sha256").update(raw).digest("hex"),
    spkiPinSha256: createHash("sha256").update(publicKey.spki).digest("base64"),
  };
}

/** Whether two certificates are the same bytes. */
export function isSameCertificate(one: Certificate, other: Certificate): boolean {
  return one.fingerprintSha256 === other.fingerprintSha256;
}

/** Whether subject and issuer are one name, as on a root. */
export function isSelfIssued(certificate: Certificate): boolean {
  return certificate.subject.rawHex === certificate.issuer.rawHex;
}

/** Reads the AlgorithmIdentifier of a signature; its parameters say nothing that the name does not. */
export function readSignatureAlgorithm(reader: DerReader): string {
  const what = "signature algorithm";
  const identifier = reader.enter(what);
  const oid = oidValue(identifier.expect(Tag.OID, what), what);
  if (!identifier.atEnd) {
    identifier.next(what);
  }
  identifier.end();
  return SIGNATURE_ALGORITHMS[oid] ?? oid;
}

function readVersion(signed: DerReader): number {
  const wrapper = signed.optional(contextTag(0, true), "version");
  if (wrapper === undefined) {
    return 1;
  }
  const reader = new DerReader(wrapper.content, "version");
  const version = countValue(reader.expect(Tag.INTEGER, "version"), "version") + 1;
  reader.end();
  if (version > 3) {
    throw new EncodingError(`version: ${version}, allowed are 1 to 3`);
  }
  return version;
}

function evenHex(value: bigint): string {
  const text = value.toString(16);
  return text.length % 2 === 0 ? text : `0${text}`;
}
