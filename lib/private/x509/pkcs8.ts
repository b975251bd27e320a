import type { KeyObject } from "node:crypto";
import { createPrivateKey, X509Certificate } from "node:crypto";

import { contextTag, DerReader, EncodingError, readSequence, Tag } from "./der";
import { countValue, oidValue } from "./der-values";
import type { PemBlock } from "./pem";
import { readPem, writePem } from "./pem";
import type { Certificate } from "./certificate";
import { modulusBits, namedCurve, readKeyAlgorithm } from "./public-key";

/** Encryption of an encrypted key. */
export interface KeyEncryption {
  readonly scheme: "PBES1" | "PBES2" | "DEK-Info" | string;
  /** `AES-256-CBC` and so on, or a dotted object identifier. */
  readonly cipher: string;
  /** `PBKDF2` or `scrypt`, for PBES2. */
  readonly keyDerivation?: string;
  readonly iterations?: number;
  /** The hash of PBKDF2's HMAC, `SHA1` and so on, or dotted. */
  readonly hash?: string;
  /** Whether PBKDF2's parameters have a key length, behind which Go does not see the hash. */
  readonly hasKeyLength?: boolean;
}

/** Facts about a private key that need no passphrase. */
export interface PrivateKeyInfo {
  readonly format: "PKCS#1" | "SEC1" | "PKCS#8" | "encrypted PKCS#8" | "legacy DEK-Info";
  /** Undefined for encrypted PKCS#8, which hides it. */
  readonly algorithm?: string;
  readonly bits?: number;
  readonly curve?: string;
  /** Set exactly when the key is encrypted. */
  readonly encryption?: KeyEncryption;
}

/** Requirements for a private key and its certificate. */
export type KeyMatch = "match" | "mismatch" | "passphrase missing" | "passphrase wrong" | "too costly" | "unreadable";

/** Beyond this PBKDF2 takes seconds, and a forged count would take hours; OWASP's figure is 600,000. */
const MOST_ITERATIONS = 5_000_000;

const PBES2 = "1.2.840.113549.1.5.13";

const ENCRYPTION: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.5.12": "PBKDF2",
  "1.3.6.1.4.1.11591.4.11": "scrypt",
  "1.2.840.113549.3.7": "DES-EDE3-CBC",
  "1.3.14.3.2.7": "DES-CBC",
  "1.2.840.113549.3.2": "RC2-CBC",
  "2.16.840.1.101.3.4.1.2": "AES-128-CBC",
  "2.16.840.1.101.3.4.1.6": "AES-128-GCM",
  "2.16.840.1.101.3.4.1.22": "AES-192-CBC",
  "2.16.840.1.101.3.4.1.26": "AES-192-GCM",
  "2.16.840.1.101.3.4.1.42": "AES-256-CBC",
  "2.16.840.1.101.3.4.1.46": "AES-256-GCM",
};

/** RFC 8018, B.1: pseudorandom functions of PBKDF2. */
const HASHES: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.6": "MD5",
  "1.2.840.113549.2.7": "SHA1",
  "1.2.840.113549.2.8": "SHA224",
  "1.2.840.113549.2.9": "SHA256",
  "1.2.840.113549.2.10": "SHA384",
  "1.2.840.113549.2.11": "SHA512",
};

/**
 * Says in which format a private key is and how it is encrypted, reading its PEM only.
 *
 * @throws EncodingError when there is not exactly one private key, or it is damaged
 */
export function classifyPrivateKey(pem: string | Uint8Array): PrivateKeyInfo {
  return classify(onlyKey(pem));
}

/** Whether a private key belongs to a certificate; an encrypted one needs its passphrase. Never throws. */
export function matchPrivateKey(pem: string | Uint8Array, certificate: Certificate, passphrase?: string): KeyMatch {
  let block: PemBlock;
  let info: PrivateKeyInfo;
  try {
    block = onlyKey(pem);
    info = classify(block);
  } catch (error) {
    return unlessEncoding(error, "unreadable");
  }
  if (info.encryption !== undefined && (passphrase === undefined || passphrase === "")) {
    return "passphrase missing";
  }
  if (info.encryption?.scheme === "PBES1" || (info.encryption?.iterations ?? 0) > MOST_ITERATIONS) {
    // OpenSSL 3 keeps the ciphers of PBES1 in a module of their own; Elastic reads PBES2 only.
    return info.encryption?.scheme === "PBES1" ? "unreadable" : "too costly";
  }
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: keyText(block, info), passphrase });
  } catch {
    return info.encryption === undefined ? "unreadable" : "passphrase wrong";
  }
  try {
    return new X509Certificate(certificate.raw).checkPrivateKey(key) ? "match" : "mismatch";
  } catch {
    return "mismatch";
  }
}

/** Whether a block's label says that it is a private key. */
export function isPrivateKeyBlock(block: PemBlock): boolean {
  return block.label.endsWith("PRIVATE KEY");
}

function onlyKey(pem: string | Uint8Array): PemBlock {
  const { blocks, problems } = readPem(pem);
  const keys = blocks.filter(isPrivateKeyBlock);
  const [key, second] = keys;
  if (key === undefined) {
    throw new EncodingError(`private key: ${problems[0]?.what ?? "no block is a private key"}`);
  }
  if (second !== undefined) {
    throw new EncodingError(`private key: ${keys.length} of them, one is allowed`);
  }
  return key;
}

function classify(block: PemBlock): PrivateKeyInfo {
  const dek = block.headers["DEK-Info"];
  if (dek !== undefined) {
    const algorithm = { "RSA PRIVATE KEY": "RSA", "EC PRIVATE KEY": "EC" }[block.label];
    return {
      format: "legacy DEK-Info",
      algorithm,
      encryption: { scheme: "DEK-Info", cipher: dek.split(",")[0]!.replace(/[^\w-]/g, "") },
    };
  }
  const reader = readSequence(block.der, "private key");
  switch (block.label) {
    case "RSA PRIVATE KEY":
      return { format: "PKCS#1", algorithm: "RSA", bits: rsaBits(reader) };
    case "EC PRIVATE KEY":
      return { format: "SEC1", algorithm: "EC", ...sec1Curve(reader) };
    case "PRIVATE KEY":
      return { format: "PKCS#8", ...pkcs8Algorithm(reader) };
    case "ENCRYPTED PRIVATE KEY":
      return { format: "encrypted PKCS#8", encryption: readEncryption(reader) };
    default:
      throw new EncodingError("private key: its label is none of RSA, EC, ENCRYPTED and plain PRIVATE KEY");
  }
}

function rsaBits(reader: DerReader): number {
  reader.expect(Tag.INTEGER, "private key's version");
  return modulusBits(reader, "private key");
}

function sec1Curve(reader: DerReader): { curve?: string; bits?: number } {
  reader.expect(Tag.INTEGER, "private key's version");
  reader.expect(Tag.OCTET_STRING, "private key");
  const parameters = reader.optional(contextTag(0, true), "private key's curve");
  if (parameters === undefined) {
    return {};
  }
  const oid = new DerReader(parameters.content, "private key's curve").optional(Tag.OID, "private key's curve");
  return oid === undefined ? {} : namedCurve(oidValue(oid, "private key's curve"));
}

function pkcs8Algorithm(reader: DerReader): { algorithm: string; curve?: string; bits?: number } {
  reader.expect(Tag.INTEGER, "private key's version");
  const info = readKeyAlgorithm(reader, "private key");
  const key = reader.expect(Tag.OCTET_STRING, "private key").content;
  return { ...info, ...(info.algorithm === "RSA" ? { bits: rsaBits(readSequence(key, "private key")) } : {}) };
}

function readEncryption(reader: DerReader): KeyEncryption {
  const what = "private key's encryption";
  const identifier = reader.enter(what);
  const oid = oidValue(identifier.expect(Tag.OID, what), what);
  reader.expect(Tag.OCTET_STRING, "encrypted private key");
  reader.end();
  if (oid !== PBES2) {
    // RFC 8018, A.3, and the PKCS#12 schemes (RFC 7292, C) which are PBES1 in all but name.
    const isPbes1 = /^1\.2\.840\.113549\.1\.(5|12\.1)\.\d+$/.test(oid);
    return { scheme: isPbes1 ? "PBES1" : oid, cipher: oid };
  }
  const parameters = identifier.enter(what);
  const derivation = parameters.enter(what);
  const derivationOid = oidValue(derivation.expect(Tag.OID, what), what);
  const derivationParameters = derivation.enter(what);
  derivationParameters.next(`${what}'s salt`);
  const iterations = derivationParameters.expect(Tag.INTEGER, `${what}'s iterations`);
  const pbkdf2 = ENCRYPTION[derivationOid] === "PBKDF2" ? readPbkdf2(derivationParameters, what) : {};
  const cipherOid = oidValue(parameters.enter(what).expect(Tag.OID, what), what);
  return {
    scheme: "PBES2",
    cipher: ENCRYPTION[cipherOid] ?? cipherOid,
    keyDerivation: ENCRYPTION[derivationOid] ?? derivationOid,
    iterations: countValue(iterations, `${what}'s iterations`),
    ...pbkdf2,
  };
}

/** Fields after the iterations; HMAC-SHA1 is the default (RFC 8018, A.2). */
function readPbkdf2(parameters: DerReader, what: string): Pick<KeyEncryption, "hash" | "hasKeyLength"> {
  const hasKeyLength = parameters.optional(Tag.INTEGER, `${what}'s key length`) !== undefined;
  if (parameters.atEnd) {
    return { hash: "SHA1", hasKeyLength };
  }
  const oid = oidValue(parameters.enter(what).expect(Tag.OID, what), what);
  return { hash: HASHES[oid] ?? oid, hasKeyLength };
}

/** The block alone, so that OpenSSL does not read what stands before it. */
function keyText(block: PemBlock, info: PrivateKeyInfo): string {
  const text = writePem(block.label, block.der);
  if (info.format !== "legacy DEK-Info") {
    return text;
  }
  const headers = Object.entries(block.headers).map(([name, value]) => `${name}: ${value}`);
  return text.replace("\n", `\n${headers.join("\n")}\n\n`);
}

function unlessEncoding<T>(error: unknown, value: T): T {
  if (error instanceof EncodingError) {
    return value;
  }
  throw error;
}
