import type { BinaryProblem } from "./conversion";
import { binaryProblem, conversionNames } from "./conversion";
import { EncodingError } from "./der";
import type { PrivateKeyInfo } from "./pkcs8";
import { classifyPrivateKey, matchPrivateKey } from "./pkcs8";
import type { Certificate } from "./certificate";
import type { Finding } from "./finding";
import { error, warning } from "./finding";

/** Use of a private key. */
export interface KeyUse {
  /** The leaf that it must belong to, if known. */
  readonly certificate?: Certificate;
  /** Its passphrase, if known. */
  readonly passphrase?: string;
  /** Whether it may be encrypted: a passphrase can be named for agents and Fleet Server, not for the ES client key. */
  readonly encrypted: "allowed" | "refused";
  /** The file as the user wrote it, if known. */
  readonly file?: string;
}

// youmark/pkcs8, by which elastic-agent-libs decrypts, registers these, and GCM, which it then decrypts as CBC.
const READABLE_CIPHERS = /^(AES-(128|192|256)-CBC|DES-EDE3-CBC)$/;

/** The fix of a key whose encryption is not read. */
export function encryptAgain(file?: string): string {
  const { from, to } = conversionNames({ file, part: "key" });
  return `encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in ${from} -out ${to}`;
}

/** Checks a private key's format and encryption, and that it belongs to its certificate (facts 20, 39, 40). */
export function checkPrivateKey(pem: string | Uint8Array, use: KeyUse): Finding[] {
  const binary = binaryKey(pem, use.file);
  if (binary !== undefined) {
    return [error(39, binary.what, binary.fix)];
  }
  let info: PrivateKeyInfo;
  try {
    info = classifyPrivateKey(pem);
  } catch (cause) {
    if (!(cause instanceof EncodingError)) {
      throw cause;
    }
    return [error(39, `cannot be read: ${cause.message}`, "give one private key in PEM")];
  }
  const findings = checkEncryption(info, use);
  if (use.certificate !== undefined && findings.every(({ severity }) => severity === "warning")) {
    findings.push(...checkMatch(pem, use.certificate, use));
  }
  return findings;
}

/** A key, or a store that has one, in place of PEM. */
export function binaryKey(pem: string | Uint8Array, file?: string): BinaryProblem | undefined {
  return typeof pem === "string" ? undefined : binaryProblem(pem, { file, part: "key" });
}

/** Refuses keys that a FIPS build does not take (fact 41): encrypted ones, short RSA, other curves. */
export function checkFipsKey(info: PrivateKeyInfo, certificate?: Certificate): Finding[] {
  if (info.encryption !== undefined) {
    const what = "is encrypted, which the FIPS build does not read";
    return [error(41, what, "use a plain key: openssl pkcs8 -topk8 -nocrypt")];
  }
  const { algorithm, bits, curve } = certificate?.publicKey ?? info;
  const allowed =
    (algorithm === "RSA" && (bits ?? 0) >= 2048) ||
    (algorithm === "EC" && ["P-256", "P-384", "P-521"].includes(curve ?? ""));
  if (allowed) {
    return [];
  }
  const what = `is ${[algorithm, curve ?? bits].filter((part) => part !== undefined).join(" ")}, not allowed under FIPS`;
  return [error(41, what, "use RSA with 2048 bits or more, or P-256, P-384, P-521")];
}

function checkEncryption(info: PrivateKeyInfo, use: KeyUse): Finding[] {
  const { encryption } = info;
  if (encryption === undefined) {
    return [];
  }
  if (use.encrypted === "refused") {
    const what = "is encrypted, and no flag names a passphrase for it";
    return [error(20, what, "store it plain, 0600: openssl pkcs8 -topk8 -nocrypt")];
  }
  switch (encryption.scheme) {
    case "DEK-Info":
      // elastic-agent-libs v0.46.3, tls.go: deprecated, refused under disable_legacy_pem_support.
      return [error(40, `is encrypted in the legacy DEK-Info format, ${encryption.cipher}`, encryptAgain(use.file))];
    case "PBES2":
      break;
    default:
      return [error(40, `is encrypted with ${encryption.scheme}, the agent reads PBES2 only`, encryptAgain(use.file))];
  }
  const derivation = encryption.keyDerivation;
  if (!READABLE_CIPHERS.test(encryption.cipher) || (derivation !== "PBKDF2" && derivation !== "scrypt")) {
    const what = `is encrypted with ${encryption.cipher} and ${derivation}, which the agent does not read`;
    return [error(40, what, encryptAgain(use.file))];
  }
  const { hash = "SHA1", hasKeyLength = false } = encryption;
  if (derivation === "PBKDF2" && hash !== "SHA1" && (hash !== "SHA256" || hasKeyLength)) {
    const what = hasKeyLength
      ? "is encrypted with PBKDF2 and a key length in its parameters, behind which the agent does not see the hash"
      : `is encrypted with PBKDF2 and HMAC-${hash}, of which the agent reads SHA1 and SHA256 only`;
    return [error(40, what, encryptAgain(use.file))];
  }
  const kind = use.certificate?.publicKey.algorithm;
  if (kind !== undefined && kind !== "RSA" && kind !== "EC") {
    const what = `is an encrypted ${kind} key; the agent decrypts RSA and EC only`;
    return [error(40, what, "store it plain, 0600, or use ECDSA P-256")];
  }
  return [];
}

function checkMatch(pem: string | Uint8Array, certificate: Certificate, { passphrase, file }: KeyUse): Finding[] {
  switch (matchPrivateKey(pem, certificate, passphrase)) {
    case "match":
      return [];
    case "mismatch":
      return [
        error(
          39,
          `does not belong to the first certificate, ${certificate.subject.text}`,
          "give the key that the certificate was issued for, and put the leaf first",
        ),
      ];
    case "passphrase missing":
      return [warning(39, "is encrypted, and its passphrase is not known here", "name the passphrase file")];
    case "passphrase wrong":
      return [error(39, "is not decrypted by its passphrase", "give the passphrase that it was encrypted with")];
    case "too costly":
      return [error(40, "is encrypted with too many iterations to be tried", encryptAgain(file))];
    case "unreadable":
      return [error(39, "cannot be read as a private key", "give one private key in PEM, as openssl writes it")];
  }
}
