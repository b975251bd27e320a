import { isUtf8 } from "node:buffer";

import type { Certificate } from "../lib/private/x509/certificate";
import type { Finding } from "../lib/private/x509/checks";
import { checkPrivateKey } from "../lib/private/x509/checks";
import { error } from "../lib/private/x509/finding";
import { readPem } from "../lib/private/x509/pem";
import { classifyPrivateKey, isPrivateKeyBlock, matchPrivateKey } from "../lib/private/x509/pkcs8";

type Options = Parameters<typeof checkPrivateKey>[1];

/** Results by the bytes of a key: a folder is several hosts if it has several commands, and decryption is slow. */
const READ = new WeakMap<Uint8Array, Map<string, unknown>>();

function once<T>(bytes: Buffer, question: string, answer: () => T): T {
  const known = READ.get(bytes) ?? new Map<string, unknown>();
  READ.set(bytes, known);
  if (!known.has(question)) {
    known.set(question, answer());
  }
  return known.get(question) as T;
}

/** Checks a key by itself and against its certificate, once. */
export function keyFindings(bytes: Buffer, options: Options): readonly Finding[] {
  const { certificate, passphrase, encrypted } = options;
  const question = JSON.stringify([certificate?.fingerprintSha256, passphrase, encrypted]);
  return once(bytes, question, () => checkPrivateKey(bytes, options));
}

/** Whether a key is that of a certificate. */
export function isKeyOf(bytes: Buffer, certificate: Certificate): boolean {
  return once(bytes, `of ${certificate.fingerprintSha256}`, () => matchPrivateKey(bytes, certificate) === "match");
}

/**
 * Finds what Elasticsearch's reader refuses and Go's does not: it takes the first block for the key, but for parameters
 * in front of an EC key, knows no headers but those of encryption, and reads UTF-8 only (PemUtils).
 */
export function javaKeyFindings(bytes: Buffer): Finding[] {
  const { blocks } = readPem(bytes);
  const [first, second] = blocks;
  const findings: Finding[] = [];
  const hasParameters = first?.label === "EC PARAMETERS" && second?.label === "EC PRIVATE KEY";
  const key = hasParameters ? second : first;
  const again = "openssl pkey -in FILE -out NEW writes the key alone";
  if (key !== undefined && !isPrivateKeyBlock(key) && blocks.some(isPrivateKeyBlock)) {
    findings.push(error(39, `begins with ${key.label}, and Elasticsearch reads the first block only`, again));
  } else if (key !== undefined && Object.keys(key.headers).length > 0 && key.headers["DEK-Info"] === undefined) {
    findings.push(error(39, "has headers, which Elasticsearch does not read", again));
  }
  if (!isUtf8(bytes)) {
    findings.push(error(39, "has bytes that are not UTF-8, so Elasticsearch does not read the file", again));
  }
  return findings;
}

/** Whether a program reads keys in PKCS#8 alone, as Netty and Kafka's PemStore do. */
export function isPkcs8Reader(program: string): boolean {
  return program === "Kafka" || program === "Logstash";
}

/** Finds a key in a form that a receiver does not read. */
export function receiverKeyFindings(bytes: Buffer, program: string): Finding[] {
  if (!isPkcs8Reader(program)) {
    return [];
  }
  try {
    const { format } = classifyPrivateKey(bytes);
    const what = `is ${format}, where ${program} reads plain PKCS#8`;
    return format.endsWith("PKCS#8") ? [] : [error(44, what, "openssl pkcs8 -topk8 -nocrypt")];
  } catch {
    // The check of the pair reports a key that cannot be read.
    return [];
  }
}
