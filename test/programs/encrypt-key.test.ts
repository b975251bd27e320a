import { spawnSync } from "node:child_process";
import type { KeyObject } from "node:crypto";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import { inTemporaryFolder } from "../support/apps";
import { runProgram } from "./run";

const passphrase = "correct horse 'battery' $staple";
const kinds: [string, () => KeyObject][] = [
  ["an RSA key", () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey],
  ["a P-256 key", () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey],
  ["a P-521 key", () => generateKeyPairSync("ec", { namedCurve: "P-521" }).privateKey],
  ["an Ed25519 key", () => generateKeyPairSync("ed25519").privateKey],
];

const run = (input: unknown) => runProgram("encrypt-key", input);

function encrypt(privateKey: string, passphrase: string, rounds = 1000): string {
  const { status, stdout, stderr } = run({ privateKey, passphrase, rounds });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

const pkcs8 = (key: KeyObject): string => key.export({ format: "pem", type: "pkcs8" }).toString();

function openssl(args: string[], input: string, pass = passphrase) {
  return inTemporaryFolder((folder) => {
    const file = path.join(folder, "passphrase");
    fs.writeFileSync(file, pass);
    return spawnSync("openssl", [...args, "-passin", `file:${file}`], { input, encoding: "utf8" });
  });
}

describe.each(kinds)("%s", (_kind, generate) => {
  const key = generate();
  const encrypted = encrypt(pkcs8(key), passphrase);

  test("is an encrypted PKCS#8 block in lines of 64, with a newline at its end", () => {
    expect(encrypted).toMatch(
      /^-----BEGIN ENCRYPTED PRIVATE KEY-----\n(?:[A-Za-z0-9+/=]{64}\n)*[A-Za-z0-9+/=]{1,64}\n-----END ENCRYPTED PRIVATE KEY-----\n$/,
    );
  });

  test("is read back by Node", () => {
    expect(pkcs8(createPrivateKey({ key: encrypted, passphrase }))).toBe(pkcs8(key));
  });

  test("is read back by OpenSSL, with its passphrase and with no other", () => {
    const plain = openssl(["pkey"], encrypted);
    expect(pkcs8(createPrivateKey(plain.stdout))).toBe(pkcs8(key));
    expect(openssl(["pkey"], encrypted, "another").status).not.toBe(0);
  });

  test("is the same bytes each time", () => {
    expect(encrypt(pkcs8(key), passphrase)).toBe(encrypted);
  });

  test("is other bytes throughout with another passphrase", () => {
    const other = encrypt(pkcs8(key), `${passphrase}!`);
    const lines = (pem: string) => pem.split("\n").slice(1, -2);
    // The first line contains the scheme's names; the salt follows.
    expect(lines(other).filter((line) => lines(encrypted).includes(line))).toEqual([]);
  });
});

function asn1(pem: string): string {
  return spawnSync("openssl", ["asn1parse"], { input: pem, encoding: "utf8" }).stdout;
}

const key = pkcs8(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);

test("the scheme is PBES2: PBKDF2 with HMAC-SHA256 and the rounds that were asked for, then AES-256-CBC", () => {
  const parsed = (rounds: number) => asn1(encrypt(key, passphrase, rounds));
  const thousand = parsed(1000);
  for (const name of ["PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc"]) expect(thousand).toContain(name);
  expect(thousand).toMatch(/INTEGER +:03E8\n/);
  expect(parsed(600_000)).toMatch(/INTEGER +:0927C0\n/);
});

test("two keys have no salt and no IV in common under one passphrase", () => {
  const other = pkcs8(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
  const random = (pem: string) =>
    [...asn1(pem).matchAll(/OCTET STRING +\[HEX DUMP\]:([0-9A-F]+)/g)].map(([, hex]) => hex);
  const [one, two] = [encrypt(key, passphrase), encrypt(other, passphrase)].map(random) as [string[], string[]];
  expect(one.slice(0, 2).map((hex) => hex!.length)).toEqual([32, 32]);
  expect(one[0]).not.toBe(one[1]);
  expect(one.filter((hex) => two.includes(hex))).toEqual([]);
});

test("a key in the older forms is read too", () => {
  const sec1 = createPrivateKey(key).export({ format: "pem", type: "sec1" }).toString();
  expect(encrypt(sec1, passphrase)).toBe(encrypt(key, passphrase));
});

test.each(["", " a", "a ", "a\n", "\ta", "a\nb", "a\u0000b", undefined, 5, null])(
  "the passphrase %j is refused in one line",
  (wrong) => {
    const { status, stdout, stderr } = run({ privateKey: key, passphrase: wrong, rounds: 1000 });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toBe(
      "encrypt-key: the passphrase is empty, begins or ends with a blank, or contains a newline or another control " +
        "character; set its variable to text on one line without them\n",
    );
  },
);

test("a key that cannot be read is refused in one line, which shows neither it nor the passphrase", () => {
  const broken = key.replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA");
  for (const privateKey of [broken, "", "no key", encrypt(key, passphrase)]) {
    const { status, stdout, stderr } = run({ privateKey, passphrase, rounds: 1000 });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toBe("encrypt-key: the private key cannot be read; give one plain private key in PEM\n");
  }
});

test.each(["", "{", "no JSON", "[]"])("the input %j is refused in one line", (input) => {
  const { status, stdout, stderr } = run(input);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^encrypt-key: [^\n]+\n$/);
});
