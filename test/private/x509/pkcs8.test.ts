import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { readPem, writePem } from "../../../lib/private/x509/pem";
import { classifyPrivateKey, matchPrivateKey } from "../../../lib/private/x509/pkcs8";
import { checkFipsKey, checkPrivateKey } from "../../../lib/private/x509/checks";
import { Pki } from "../../support/pki";

const RSA = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const PASSPHRASE = "correct horse";
const pki = new Pki();
afterAll(() => pki.dispose());

beforeAll(() => {
  pki.certificate("ec");
  pki.certificate("rsa", { keyType: RSA });
  pki.certificate("ed", { keyType: ["-algorithm", "ED25519"] });
  const pass = ["-passout", `pass:${PASSPHRASE}`];
  pki.openssl("rsa", "-in", "rsa-key.pem", "-traditional", "-out", "pkcs1.pem");
  pki.openssl("ec", "-in", "ec-key.pem", "-out", "sec1.pem");
  pki.openssl("ec", "-in", "ec-key.pem", "-aes256", ...pass, "-out", "dek.pem");
  const topk8 = ["pkcs8", "-topk8", ...pass];
  pki.openssl(...topk8, "-v2", "aes-256-cbc", "-iter", "1000", "-in", "ec-key.pem", "-out", "pbes2.pem");
  pki.openssl(...topk8, "-v1", "PBE-SHA1-3DES", "-in", "ec-key.pem", "-out", "pbes1.pem");
  pki.openssl(...topk8, "-v2", "aes-256-cbc", "-in", "ed-key.pem", "-out", "encrypted-ed.pem");
  pki.openssl(...topk8, "-v2", "camellia-256-cbc", "-in", "ec-key.pem", "-out", "camellia.pem");
  pki.openssl(...topk8, "-v2", "aes-256-cbc", "-iter", "100000", "-in", "ec-key.pem", "-out", "many.pem");
  // 100,000 turned into 8,388,607: what a forger can write at no cost.
  const hex = readPem(pki.text("many")).blocks[0]!.der.toString("hex").replace("02030186a0", "02037fffff");
  writeFileSync(join(pki.folder, "costly.pem"), writePem("ENCRYPTED PRIVATE KEY", Buffer.from(hex, "hex")));
});

test.each([
  ["ec-key", { format: "PKCS#8", algorithm: "EC", curve: "P-256", bits: 256 }],
  ["rsa-key", { format: "PKCS#8", algorithm: "RSA", bits: 2048 }],
  ["ed-key", { format: "PKCS#8", algorithm: "Ed25519" }],
  ["pkcs1", { format: "PKCS#1", algorithm: "RSA", bits: 2048 }],
  ["sec1", { format: "SEC1", algorithm: "EC", curve: "P-256", bits: 256 }],
  ["dek", { format: "legacy DEK-Info", algorithm: "EC", encryption: { scheme: "DEK-Info", cipher: "AES-256-CBC" } }],
  [
    "pbes2",
    {
      format: "encrypted PKCS#8",
      encryption: {
        scheme: "PBES2",
        cipher: "AES-256-CBC",
        keyDerivation: "PBKDF2",
        iterations: 1000,
        hash: "SHA256",
        hasKeyLength: false,
      },
    },
  ],
  ["pbes1", { format: "encrypted PKCS#8", encryption: { scheme: "PBES1", cipher: "1.2.840.113549.1.12.1.3" } }],
])("classifies %s", (name, info) => {
  expect(classifyPrivateKey(pki.text(name))).toEqual(info);
});

test("finds the key behind EC PARAMETERS, and refuses none or two", () => {
  const parameters = pki.openssl("ecparam", "-name", "prime256v1").toString();
  expect(classifyPrivateKey(parameters + pki.text("sec1"))).toMatchObject({ format: "SEC1" });
  expect(() => classifyPrivateKey(pki.text("ec"))).toThrow("private key: no block is a private key");
  expect(() => classifyPrivateKey(pki.text("ec-key") + pki.text("rsa-key"))).toThrow("2 of them, one is allowed");
});

test.each([
  ["ec-key", undefined, "match"],
  ["sec1", undefined, "match"],
  ["rsa-key", undefined, "mismatch"],
  ["pbes2", PASSPHRASE, "match"],
  ["pbes2", `${PASSPHRASE}\n`, "passphrase wrong"],
  ["pbes2", undefined, "passphrase missing"],
  ["pbes2", "", "passphrase missing"],
  ["dek", PASSPHRASE, "match"],
  ["pbes1", PASSPHRASE, "unreadable"],
  ["costly", PASSPHRASE, "too costly"],
  ["ec", undefined, "unreadable"],
])("matches %s with the passphrase %j: %s", (name, passphrase, match) => {
  expect(matchPrivateKey(pki.text(name), pki.read("ec"), passphrase)).toBe(match);
});

test.each<[string, string, "allowed" | "refused", string, number]>([
  ["a legacy key", "dek", "allowed", "legacy DEK-Info format", 40],
  ["PBES1", "pbes1", "allowed", "encrypted with PBES1", 40],
  ["a cipher that the agent lacks", "camellia", "allowed", "which the agent does not read", 40],
  ["a count that nobody waits for", "costly", "allowed", "too many iterations", 40],
  ["encryption where no flag names a passphrase", "pbes2", "refused", "no flag names a passphrase", 20],
  ["the key of another certificate", "rsa-key", "allowed", "does not belong to the first certificate", 39],
  ["a certificate where a key belongs", "ec", "allowed", "no block is a private key", 39],
])("names %s", (_, name, encrypted, what, fact) => {
  const findings = checkPrivateKey(pki.text(name), { certificate: pki.read("ec"), passphrase: PASSPHRASE, encrypted });
  expect(findings).toMatchObject([{ fact, severity: "error", what: expect.stringContaining(what) }]);
});

test("names an encrypted Ed25519 key, which the agent does not decrypt", () => {
  const use = { certificate: pki.read("ed"), passphrase: PASSPHRASE, encrypted: "allowed" } as const;
  expect(checkPrivateKey(pki.text("encrypted-ed"), use)).toMatchObject([{ fact: 40 }]);
  expect(checkPrivateKey(pki.text("ed-key"), use)).toEqual([]);
});

test("accepts valid keys, plain and encrypted", () => {
  const use = { certificate: pki.read("ec"), passphrase: PASSPHRASE, encrypted: "allowed" } as const;
  expect(["ec-key", "sec1", "pbes2"].flatMap((name) => checkPrivateKey(pki.text(name), use))).toEqual([]);
});

test("knows what a FIPS build takes", () => {
  const check = (name: string) => checkFipsKey(classifyPrivateKey(pki.text(name)));
  expect([check("ec-key"), check("rsa-key")]).toEqual([[], []]);
  expect(check("pbes2")).toMatchObject([{ fact: 41, what: expect.stringContaining("encrypted") }]);
  expect(check("ed-key")).toMatchObject([{ fact: 41, what: expect.stringContaining("Ed25519") }]);
});
