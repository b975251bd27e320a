import type { Certificate } from "../lib/private/x509/certificate";
import type { Finding } from "../lib/private/x509/checks";
import { checkPrivateKey } from "../lib/private/x509/checks";
import { matchPrivateKey } from "../lib/private/x509/pkcs8";

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
