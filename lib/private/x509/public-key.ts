import { DerReader, readSequence, Tag } from "./der";
import { bitsValue, integerValue, oidValue } from "./der-values";

/** A public key and the algorithm that it is for. */
export interface PublicKeyInfo {
  /** Or the dotted object identifier of one that is none of these. */
  readonly algorithm: "RSA" | "RSA-PSS" | "EC" | "Ed25519" | "Ed448" | "DSA" | string;
  /** Size of an RSA modulus, or of an EC field. */
  readonly bits?: number;
  /** `P-256`, `P-384`, `P-521`, or the dotted object identifier of another curve. */
  readonly curve?: string;
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

/** Reads the AlgorithmIdentifier of a key. */
export function readKeyAlgorithm(reader: DerReader, what: string): KeyAlgorithmInfo {
  const identifier = reader.enter(`${what}'s algorithm`);
  const oid = oidValue(identifier.expect(Tag.OID, `${what}'s algorithm`), `${what}'s algorithm`);
  const algorithm = ALGORITHMS[oid] ?? oid;
  if (oid !== EC) {
    return { algorithm };
  }
  const curve = identifier.optional(Tag.OID, `${what}'s curve`);
  // Parameters that are spelt out instead of named (or absent) are refused by Go: no curve is known then.
  return { algorithm, ...(curve === undefined ? {} : namedCurve(oidValue(curve, `${what}'s curve`))) };
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
  const bits = bitsValue(content.expect(Tag.BIT_STRING, what), what);
  content.end();
  return {
    ...info,
    ...(info.algorithm === "RSA" ? { bits: modulusBits(readSequence(bits, what), what) } : {}),
    spki: element.raw,
  };
}
