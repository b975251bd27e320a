import { createPublicKey } from "node:crypto";

import { DerReader, EncodingError, readSequence, Tag } from "./der";
import { integerValue, octetBitsValue, oidValue } from "./der-values";

/** A public key and the algorithm that it is for. */
export interface PublicKeyInfo {
  /** Or the dotted object identifier of one that is none of these. */
  readonly algorithm: "RSA" | "RSA-PSS" | "EC" | "Ed25519" | "Ed448" | "DSA" | string;
  /** Size of an RSA modulus, or of an EC field. */
  readonly bits?: number;
  /** `P-256`, `P-384`, `P-521`, or the dotted object identifier of another curve. */
  readonly curve?: string;
  /** The public exponent of an RSA key. */
  readonly exponent?: bigint;
  /** The SubjectPublicKeyInfo, of which a pin is the hash. */
  readonly spki: Buffer;
}

const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";

const ALGORITHMS: Readonly<Record<string, string>> = {
  [RSA]: "RSA",
  "1.2.840.113549.1.1.10": "RSA-PSS",
  [EC]: "EC",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
  "1.2.840.10040.4.1": "DSA",
};

const CURVES: Readonly<Record<string, { name: string; bits: number }>> = {
  "1.3.132.0.33": { name: "P-224", bits: 224 },
  "1.2.840.10045.3.1.7": { name: "P-256", bits: 256 },
  "1.3.132.0.34": { name: "P-384", bits: 384 },
  "1.3.132.0.35": { name: "P-521", bits: 521 },
  "1.3.132.0.10": { name: "secp256k1", bits: 256 },
};

/** An algorithm with what its parameters say, as in a public key and in a PKCS#8 private key. */
export interface KeyAlgorithmInfo {
  readonly algorithm: string;
  readonly bits?: number;
  readonly curve?: string;
}

/** Reads the AlgorithmIdentifier of a key, whose parameters have to be those that Go takes (RFC 3279, 2.3; RFC 8410). */
export function readKeyAlgorithm(reader: DerReader, what: string): KeyAlgorithmInfo {
  const identifier = reader.enter(`${what}'s algorithm`);
  const oid = oidValue(identifier.expect(Tag.OID, `${what}'s algorithm`), `${what}'s algorithm`);
  const algorithm = ALGORITHMS[oid] ?? oid;
  const parameters = identifier.atEnd ? undefined : identifier.next(`${what}'s parameters`);
  if (oid === RSA && parameters?.raw.toString("hex") !== "0500") {
    throw new EncodingError(`${what}: RSA without its NULL parameters, which Go refuses`);
  }
  if (algorithm === "Ed25519" && parameters !== undefined) {
    throw new EncodingError(`${what}: Ed25519 with parameters, which Go refuses`);
  }
  if (oid !== EC) {
    return { algorithm };
  }
  if (parameters?.tag !== Tag.OID) {
    throw new EncodingError(`${what}: its curve is spelt out or absent, where Go reads the curve's name alone`);
  }
  identifier.end();
  return { algorithm, ...namedCurve(oidValue(parameters, `${what}'s curve`)) };
}

/** A curve by its object identifier. */
export function namedCurve(oid: string): { curve: string; bits?: number } {
  const known = CURVES[oid];
  return known === undefined ? { curve: oid } : { curve: known.name, bits: known.bits };
}

/** The size of an RSA key, from the encoding of its modulus. */
export function modulusBits(reader: DerReader, what: string): number {
  const modulus = integerValue(reader.expect(Tag.INTEGER, `${what}'s modulus`), `${what}'s modulus`);
  return modulus <= 0n ? 0 : modulus.toString(2).length;
}

/** Reads a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7). */
export function readPublicKey(reader: DerReader): PublicKeyInfo {
  const what = "public key";
  const element = reader.expect(Tag.SEQUENCE, what);
  const content = new DerReader(element.content, what);
  const info = readKeyAlgorithm(content, what);
  const bytes = octetBitsValue(content.expect(Tag.BIT_STRING, what), what);
  content.end();
  const spki = element.raw;
  switch (info.algorithm) {
    case "RSA":
      return { ...info, ...readRsaKey(bytes, what), spki };
    case "EC":
      checkPoint(bytes, info, spki, what);
      return { ...info, spki };
    case "Ed25519":
      if (bytes.length !== 32) {
        throw new EncodingError(`${what}: Ed25519 of ${bytes.length} bytes, 32 are allowed`);
      }
      return { ...info, spki };
    default:
      return { ...info, spki };
  }
}

function readRsaKey(bytes: Buffer, what: string): Pick<PublicKeyInfo, "bits" | "exponent"> {
  const reader = readSequence(bytes, what);
  const bits = modulusBits(reader, what);
  const exponent = integerValue(reader.expect(Tag.INTEGER, `${what}'s exponent`), `${what}'s exponent`);
  reader.end();
  if (bits === 0 || exponent <= 0n || exponent >= 2n ** 63n) {
    throw new EncodingError(`${what}: RSA with a modulus or an exponent that Go does not read`);
  }
  return { bits, exponent };
}

/** A point in its uncompressed form that is on its curve: Go reads no other. */
function checkPoint(point: Buffer, { bits }: KeyAlgorithmInfo, spki: Buffer, what: string): void {
  if (bits === undefined) {
    return;
  }
  if (point[0] !== 4 || point.length !== 1 + 2 * Math.ceil(bits / 8)) {
    throw new EncodingError(`${what}: its point is not in the uncompressed form, which alone Go reads`);
  }
  try {
    createPublicKey({ key: spki, format: "der", type: "spki" });
  } catch {
    throw new EncodingError(`${what}: its point is not on its curve`);
  }
}
