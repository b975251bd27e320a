import { createPublicKey, verify } from "node:crypto";

import { contextTag, DerReader, EncodingError, readSequence, Tag } from "./der";
import { bitsValue, countValue, oidValue } from "./der-values";
import { readSignatureAlgorithm } from "./certificate";
import type { X509Extensions } from "./extensions";
import { readExtensions } from "./extensions";
import type { DistinguishedName } from "./name";
import { readName } from "./name";
import type { PublicKeyInfo } from "./public-key";
import { readPublicKey } from "./public-key";

/** A PKCS#10 certificate request, read; the extensions are those that it asks for. */
export interface CertificateRequest extends X509Extensions {
  readonly raw: Buffer;
  readonly subject: DistinguishedName;
  readonly commonName?: string;
  readonly publicKey: PublicKeyInfo;
  readonly signatureAlgorithm: string;
  /** Whether its own key signed it: proof that the requester has the private key. */
  readonly signatureValid: boolean;
}

const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

/** Digests by the name of the signature algorithm; a null digest is part of the algorithm. */
const DIGESTS: Readonly<Record<string, string | null>> = {
  sha1WithRSAEncryption: "sha1",
  sha256WithRSAEncryption: "sha256",
  sha384WithRSAEncryption: "sha384",
  sha512WithRSAEncryption: "sha512",
  "ecdsa-with-SHA1": "sha1",
  "ecdsa-with-SHA256": "sha256",
  "ecdsa-with-SHA384": "sha384",
  "ecdsa-with-SHA512": "sha512",
  Ed25519: null,
  Ed448: null,
};

/**
 * Reads a certificate request in DER (RFC 2986, 4).
 *
 * @throws EncodingError on anything else, and nothing but that.
 */
export function parseCertificateRequest(der: Uint8Array): CertificateRequest {
  const raw = Buffer.from(der);
  const outer = readSequence(raw, "certificate request");
  const info = outer.expect(Tag.SEQUENCE, "certificate request");
  const signatureAlgorithm = readSignatureAlgorithm(outer);
  const signature = bitsValue(outer.expect(Tag.BIT_STRING, "signature"), "signature");
  outer.end();

  const signed = new DerReader(info.content, "certificate request");
  const version = countValue(signed.expect(Tag.INTEGER, "version"), "version");
  if (version !== 0) {
    throw new EncodingError(`version: ${version}, allowed is 0`);
  }
  const subject = readName(signed, "subject");
  const publicKey = readPublicKey(signed);
  const attributes = signed.optional(contextTag(0, true), "attributes");
  signed.end();
  return {
    ...readExtensions(attributes === undefined ? undefined : findExtensions(attributes.content)),
    raw,
    subject,
    commonName: subject.commonName,
    publicKey,
    signatureAlgorithm,
    signatureValid: isSignedBy(publicKey.spki, info.raw, signatureAlgorithm, signature),
  };
}

/** The extensions that are asked for: once, or it would depend on the reader which of them are seen. */
function findExtensions(attributes: Buffer): DerReader | undefined {
  let found: DerReader | undefined;
  for (const reader = new DerReader(attributes, "attributes"); !reader.atEnd;) {
    const attribute = reader.enter("attribute");
    const oid = oidValue(attribute.expect(Tag.OID, "attribute"), "attribute");
    const values = attribute.enter("attribute", Tag.SET);
    attribute.end();
    if (oid === EXTENSION_REQUEST) {
      if (found !== undefined) {
        throw new EncodingError("requested extensions: more than one request for extensions, one is allowed");
      }
      found = values.enter("requested extensions");
      values.end();
    }
  }
  return found;
}

function isSignedBy(spki: Buffer, signed: Buffer, algorithm: string, signature: Buffer): boolean {
  const digest = DIGESTS[algorithm];
  if (digest === undefined) {
    return false;
  }
  try {
    return verify(digest, signed, createPublicKey({ key: spki, format: "der", type: "spki" }), signature);
  } catch {
    return false;
  }
}
