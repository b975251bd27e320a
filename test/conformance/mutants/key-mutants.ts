import { execFileSync } from "node:child_process";
import { createCipheriv, createPrivateKey, pbkdf2Sync } from "node:crypto";

import { writePem } from "../../../lib/private/x509/pem";
import { context, hex, integer, NULL, octets, oid, sequence } from "../../support/der";

const PASSPHRASE = "correct horse";

/** A key file, with the passphrase that its command names. */
export interface KeyMutant {
  readonly name: string;
  readonly key: Buffer | string;
  readonly passphrase?: string;
}

const PRFS = { SHA1: "7", SHA224: "8", SHA256: "9", SHA384: "10", SHA512: "11", MD5: "6" };
const SALT = Buffer.alloc(8, 0x5a);

interface Encryption {
  readonly cipher?: "aes-128-cbc" | "aes-192-cbc" | "aes-256-cbc" | "des-ede3-cbc";
  readonly prf?: keyof typeof PRFS;
  /** Whether the PRF is named, which SHA-1 need not be. */
  readonly namesPrf?: boolean;
  readonly keyLength?: number;
  readonly iterations?: Buffer;
  readonly cipherOid?: string;
  readonly iv?: Buffer;
  readonly prfParameters?: Buffer;
}

const CIPHERS = {
  "aes-128-cbc": ["2.16.840.1.101.3.4.1.2", 16, 16],
  "aes-192-cbc": ["2.16.840.1.101.3.4.1.22", 24, 16],
  "aes-256-cbc": ["2.16.840.1.101.3.4.1.42", 32, 16],
  "des-ede3-cbc": ["1.2.840.113549.3.7", 24, 8],
} as const;

/** PKCS#8 encrypted by PBES2 with PBKDF2, as RFC 8018 has it but for what is given. */
function encrypted(pkcs8: Buffer, given: Encryption = {}): string {
  const { cipher = "aes-256-cbc", prf = "SHA256", namesPrf = true, keyLength } = given;
  const [id, size, ivSize] = CIPHERS[cipher];
  const iv = given.iv ?? Buffer.alloc(ivSize, 0x33);
  const key = pbkdf2Sync(PASSPHRASE, SALT, 1000, size, prf.toLowerCase());
  const encryption = createCipheriv(cipher, key, Buffer.alloc(ivSize, 0x33));
  const content = Buffer.concat([encryption.update(pkcs8), encryption.final()]);
  const algorithm = sequence(oid(`1.2.840.113549.2.${PRFS[prf]}`), given.prfParameters ?? NULL);
  const derivation = sequence(
    octets(SALT),
    given.iterations ?? integer(1000),
    ...(keyLength === undefined ? [] : [integer(keyLength)]),
    ...(namesPrf ? [algorithm] : []),
  );
  const scheme = sequence(
    oid("1.2.840.113549.1.5.13"),
    sequence(sequence(oid("1.2.840.113549.1.5.12"), derivation), sequence(oid(given.cipherOid ?? id), octets(iv))),
  );
  return writePem("ENCRYPTED PRIVATE KEY", sequence(scheme, octets(content)));
}

/** Every form of one key, and of what can be wrong with its file. */
export function keyMutants(plain: string, certificate: string): KeyMutant[] {
  const key = createPrivateKey(plain);
  const pkcs8 = key.export({ type: "pkcs8", format: "der" });
  const type = key.asymmetricKeyType as "ec" | "rsa" | "ed25519";
  const openssl = (...words: string[]): string =>
    execFileSync("openssl", words, { input: plain, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
  const pkcs8Text = writePem("PRIVATE KEY", pkcs8);
  const body = pkcs8Text.split("\n").slice(1, -2).join("");
  const wrapped = (length: number): string =>
    `-----BEGIN PRIVATE KEY-----\n${body.match(new RegExp(`.{1,${length}}`, "g"))!.join("\n")}\n-----END PRIVATE KEY-----\n`;
  const own =
    type === "ed25519" ? undefined : (key.export({ type: type === "ec" ? "sec1" : "pkcs1", format: "pem" }) as string);
  const pass = ["-passout", `pass:${PASSPHRASE}`];
  const topk8 = (...words: string[]): string => openssl("pkcs8", "-topk8", ...pass, ...words);
  const withPassphrase = (name: string, text: string): KeyMutant[] => [
    { name, key: text, passphrase: PASSPHRASE },
    { name: `${name}, wrong passphrase`, key: text, passphrase: "wrong" },
    { name: `${name}, no passphrase`, key: text },
  ];
  const legacy = own === undefined ? [] : ["aes-128-cbc", "aes-256-cbc", "des-ede3-cbc"];
  return [
    { name: "PKCS#8", key: pkcs8Text },
    { name: "PKCS#8 with a passphrase that it does not need", key: pkcs8Text, passphrase: PASSPHRASE },
    ...(own === undefined ? [] : [{ name: "its own form", key: own }]),
    ...["RSA PRIVATE KEY", "EC PRIVATE KEY", "ECDSA PRIVATE KEY", "ANY PRIVATE KEY", "private key", "KEY"].map(
      (label) => ({
        name: `PKCS#8 labelled ${label}`,
        key: writePem(label, pkcs8),
      }),
    ),
    { name: "DER", key: pkcs8 },
    { name: "CRLF", key: pkcs8Text.replace(/\n/g, "\r\n") },
    { name: "CR alone", key: pkcs8Text.replace(/\n/g, "\r") },
    { name: "byte order mark", key: `\ufeff${pkcs8Text}` },
    { name: "UTF-16", key: Buffer.from(pkcs8Text, "utf16le") },
    { name: "leading text", key: `Bag Attributes\n    friendlyName: a\n${pkcs8Text}` },
    { name: "leading text without newline", key: `text ${pkcs8Text}` },
    { name: "indented", key: pkcs8Text.replace(/^/gm, "  ") },
    { name: "trailing blanks", key: pkcs8Text.replace(/$/gm, " ") },
    { name: "blank line in the body", key: pkcs8Text.replace("\n", "\n\n") },
    { name: "no newline at the end", key: pkcs8Text.trimEnd() },
    { name: "no END", key: pkcs8Text.replace(/-----END.*/, "") },
    { name: "END of another label", key: pkcs8Text.replace("END PRIVATE KEY", "END RSA PRIVATE KEY") },
    { name: "BEGIN twice", key: `-----BEGIN PRIVATE KEY-----\n${pkcs8Text}` },
    { name: "text after END", key: pkcs8Text.replace("KEY-----\n$", "KEY----- x\n") },
    { name: "four dashes", key: pkcs8Text.replace("-----BEGIN", "----BEGIN") },
    { name: "en dashes", key: pkcs8Text.replace(/-----/g, "–––––") },
    { name: "padding lost", key: pkcs8Text.replace(/=+\n/, "\n") },
    { name: "characters lost", key: pkcs8Text.replace(/\n.{4}/, "\n") },
    { name: "a character that is not base64", key: pkcs8Text.replace(/\n.{4}/, "\n????") },
    { name: "a header", key: pkcs8Text.replace("\n", "\nComment: a\n\n") },
    { name: "a header without a blank line", key: pkcs8Text.replace("\n", "\nComment: a\n") },
    { name: "Proc-Type alone", key: pkcs8Text.replace("\n", "\nProc-Type: 4,ENCRYPTED\n\n") },
    {
      name: "DEK-Info on a plain key",
      key: pkcs8Text.replace("\n", "\nDEK-Info: AES-128-CBC,00\n\n"),
      passphrase: PASSPHRASE,
    },
    ...[1, 16, 76, 100, 10_000].map((length) => ({ name: `lines of ${length}`, key: wrapped(length) })),
    { name: "certificate first", key: `${certificate}${pkcs8Text}` },
    { name: "certificate after", key: `${pkcs8Text}${certificate}` },
    { name: "the key twice", key: `${pkcs8Text}${pkcs8Text}` },
    { name: "another key first", key: `${createOther(type)}${pkcs8Text}` },
    { name: "another key after", key: `${pkcs8Text}${createOther(type)}` },
    {
      name: "parameters first",
      key: `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${own ?? pkcs8Text}`,
    },
    {
      name: "damaged parameters first",
      key: `-----BEGIN EC PARAMETERS-----\n????\n-----END EC PARAMETERS-----\n${own ?? pkcs8Text}`,
    },
    { name: "public key first", key: `${openssl("pkey", "-pubout")}${pkcs8Text}` },
    { name: "empty", key: "" },
    { name: "a certificate", key: certificate },
    { name: "trailing bytes", key: writePem("PRIVATE KEY", Buffer.concat([pkcs8, NULL])) },
    { name: "cut short", key: writePem("PRIVATE KEY", pkcs8.subarray(0, pkcs8.length - 3)) },
    { name: "no algorithm", key: writePem("PRIVATE KEY", sequence(integer(0), octets(NULL))) },
    ...["SHA1", "SHA224", "SHA256", "SHA384", "SHA512", "MD5"].flatMap((prf) =>
      withPassphrase(`PBES2 with ${prf}`, encrypted(pkcs8, { prf: prf as keyof typeof PRFS })),
    ),
    ...Object.keys(CIPHERS).flatMap((cipher) =>
      withPassphrase(`PBES2 with ${cipher}`, encrypted(pkcs8, { cipher: cipher as keyof typeof CIPHERS })),
    ),
    ...withPassphrase("PBES2 with SHA-1 by default", encrypted(pkcs8, { prf: "SHA1", namesPrf: false })),
    ...withPassphrase("PBES2 with a key length", encrypted(pkcs8, { keyLength: 32 })),
    ...withPassphrase("PBES2 with a key length and SHA-1", encrypted(pkcs8, { keyLength: 32, prf: "SHA1" })),
    ...withPassphrase("PBES2 with a wrong key length", encrypted(pkcs8, { keyLength: 16, prf: "SHA1" })),
    ...withPassphrase("PBES2 named as GCM", encrypted(pkcs8, { cipherOid: "2.16.840.1.101.3.4.1.46" })),
    ...withPassphrase("PBES2 with an unknown cipher", encrypted(pkcs8, { cipherOid: "1.2.3" })),
    ...withPassphrase("PBES2 with a short IV", encrypted(pkcs8, { iv: Buffer.alloc(8) })),
    ...withPassphrase("PBES2 with another IV", encrypted(pkcs8, { iv: Buffer.alloc(16) })),
    ...withPassphrase("PBES2 with 0 iterations", encrypted(pkcs8, { iterations: integer(0) })),
    ...withPassphrase(
      "PBES2 with iterations not minimal",
      encrypted(pkcs8, { iterations: hex("0203 0003e8".replace(" ", "")) }),
    ),
    ...withPassphrase("PBES2 with a PRF without parameters", encrypted(pkcs8, { prfParameters: Buffer.alloc(0) })),
    ...withPassphrase("PBES2 with a PRF with other parameters", encrypted(pkcs8, { prfParameters: context(0, NULL) })),
    ...withPassphrase("PBES2 in another label", encrypted(pkcs8).replace(/ENCRYPTED PRIVATE/g, "PRIVATE")),
    ...withPassphrase("PBES2 with a header", encrypted(pkcs8).replace("\n", "\nComment: a\n\n")),
    ...withPassphrase(
      "PBES2 after parameters",
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${encrypted(pkcs8)}`,
    ),
    ...withPassphrase("PBES2 after a certificate", `${certificate}${encrypted(pkcs8)}`),
    ...withPassphrase("PBES2 and the plain key", `${encrypted(pkcs8)}${pkcs8Text}`),
    ...["aes-128-cbc", "aes-256-cbc", "des3", "aria-256-cbc", "camellia-256-cbc"].flatMap((cipher) =>
      withPassphrase(`openssl -v2 ${cipher}`, topk8("-v2", cipher)),
    ),
    ...["hmacWithSHA1", "hmacWithSHA256", "hmacWithSHA512", "hmacWithSHA384"].flatMap((prf) =>
      withPassphrase(`openssl -v2prf ${prf}`, topk8("-v2", "aes-256-cbc", "-v2prf", prf)),
    ),
    ...withPassphrase("openssl -scrypt", topk8("-scrypt")),
    ...withPassphrase("openssl -v1 PBE-SHA1-3DES", topk8("-v1", "PBE-SHA1-3DES")),
    ...legacy.flatMap((cipher) =>
      withPassphrase(
        `DEK-Info ${cipher}`,
        openssl(...(type === "ec" ? ["ec"] : ["rsa", "-traditional"]), `-${cipher}`, ...pass),
      ),
    ),
  ].filter(({ key: text }) => text !== undefined);
}

function createOther(type: "ec" | "rsa" | "ed25519"): string {
  const algorithm = { ec: ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], rsa: ["RSA"], ed25519: ["ED25519"] }[type];
  return execFileSync("openssl", ["genpkey", "-algorithm", ...algorithm], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}
