import { createPrivateKey } from "node:crypto";

import { BINARY, MISSING } from "../../lib/private/given/file-content";
import { GivenPki } from "../sources/given-pki";
import { traceOf } from "../sources/traces";
import { runProgram } from "./run";

const PASSPHRASE = "correct horse 'battery' $staple";
const WHAT = "stack/ca: the private key (ca-key.pem)";
const pki = new GivenPki();

const KEYS: Readonly<Record<string, string[]>> = {
  ecdsa: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
  rsa: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
  ed25519: ["-algorithm", "ED25519"],
};

beforeAll(() => {
  for (const [name, type] of Object.entries(KEYS)) pki.key(name, type);
});
afterAll(() => pki.dispose());

/** The key in one of the formats that OpenSSL writes, under the passphrase. */
function locked(name: string, ...how: string[]): string {
  pki.lock(name, "locked", PASSPHRASE, ...how);
  return pki.text("locked-key");
}

const decrypt = (privateKey: string, passphrase = PASSPHRASE) =>
  runProgram("decrypt-key", { what: WHAT, privateKey, passphrase });

const plain = (pem: string): string => createPrivateKey(pem).export({ format: "pem", type: "pkcs8" }).toString();

describe.each(Object.keys(KEYS))("a CA's key, %s", (name) => {
  test.each([
    ["PBES2 with AES-256", ["-v2", "aes-256-cbc"]],
    ["PBES2 with AES-128 and HMAC-SHA1", ["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"]],
    ["PBES2 with scrypt", ["-scrypt"]],
  ])("is decrypted from %s into the form that the provider reads", (_form, how) => {
    const encrypted = locked(name, "pkcs8", "-topk8", ...how);
    expect(encrypted).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY/);
    expect(decrypt(encrypted)).toEqual({ status: 0, stderr: "", stdout: plain(pki.text(`${name}-key`)) });
  });

  test("is returned unchanged if it is not encrypted", () => {
    const text = pki.text(`${name}-key`);
    expect(decrypt(text)).toEqual({ status: 0, stderr: "", stdout: plain(text) });
  });
});

test("what elasticsearch-certutil --pem --pass writes, AES under DEK-Info, is decrypted too", () => {
  const encrypted = locked("rsa", "pkey", "-traditional", "-aes128");
  expect(encrypted).toContain("DEK-Info: AES-128-CBC");
  expect(decrypt(encrypted)).toMatchObject({ status: 0, stdout: plain(pki.text("rsa-key")) });
});

test("the same key gives the same bytes, so that a second plan is empty", () => {
  const encrypted = locked("ecdsa", "pkcs8", "-topk8", "-v2", "aes-256-cbc");
  expect(decrypt(encrypted)).toEqual(decrypt(encrypted));
});

describe("is refused in one line, which shows neither key nor passphrase", () => {
  const expectRefusal = (privateKey: string, says: RegExp, passphrase = PASSPHRASE): void => {
    const { status, stdout, stderr } = decrypt(privateKey, passphrase);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^decrypt-key: stack\/ca: the private key \(ca-key\.pem\) [^\n]+; [^\n]+\n$/);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain(passphrase);
    for (const trace of traceOf(pki.text("rsa-key"))) expect(stderr).not.toContain(trace);
  };

  test("the wrong passphrase", () => {
    expectRefusal(
      locked("rsa", "pkcs8", "-topk8", "-v2", "aes-256-cbc"),
      /is not decrypted by its passphrase; give the passphrase that it was encrypted with/,
      "another passphrase",
    );
  });

  test("PBES1, with the one command that converts it", () => {
    const legacy = ["-provider", "legacy", "-provider", "default"];
    expectRefusal(
      locked("rsa", "pkcs8", "-topk8", "-v1", "PBE-MD5-DES", ...legacy),
      /PBES1, which Node does not read; encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in ca-key.pem -out ca-key-converted.pem -provider legacy/,
    );
  });

  test("DES under DEK-Info, with the one command that converts it", () => {
    const legacy = ["-provider", "legacy", "-provider", "default"];
    expectRefusal(
      locked("rsa", "pkey", "-traditional", "-des", ...legacy),
      /DEK-Info, which Node does not read; encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc/,
    );
  });

  test("a missing file", () => {
    expectRefusal(`${MISSING}/pki/ca.key`, /does not exist: \/pki\/ca\.key; create the file or correct its path/);
    expectRefusal(`${MISSING}/app/~/ca.key`, /does not exist: \/app\/~\/ca\.key; write the path without ~/);
  });

  test("DER", () => {
    const der = pki.openssl("pkey", "-in", "rsa-key.pem", "-outform", "der");
    expectRefusal(
      `${BINARY}${der.toString("base64")}`,
      /is DER, binary, where PEM is read; convert it and use the result: openssl pkey -inform der -in ca-key\.pem/,
    );
  });

  test("two keys", () => {
    expectRefusal(`${pki.text("rsa-key")}${pki.text("ecdsa-key")}`, /cannot be read: .*; give one private key in PEM/);
  });

  test("a certificate", () => {
    pki.certificate("ca");
    expectRefusal(pki.text("ca"), /cannot be read: .*; give one private key in PEM/);
  });

  test("a damaged key", () => {
    expectRefusal(pki.text("rsa-key").replace(/\n.{20}/, `\n${"A".repeat(20)}`), /cannot be read/);
  });
});
