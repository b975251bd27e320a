import { createPrivateKey, X509Certificate } from "node:crypto";

import fc from "fast-check";

import { DerReader, EncodingError } from "../../lib/private/x509/der";
import {
  booleanValue,
  bitsValue,
  integerValue,
  oidValue,
  textValue,
  timeValue,
} from "../../lib/private/x509/der-values";
import { readPem, writePem } from "../../lib/private/x509/pem";
import { classifyPrivateKey, matchPrivateKey } from "../../lib/private/x509/pkcs8";
import { checkFipsKey, checkPrivateKey } from "../../lib/private/x509/checks";
import { CA, EC, Pki } from "../support/pki";
import { damaged, damagedText } from "./damage";
import { damagedDer } from "./damaged-der";
import { fuzz } from "./fuzz";

const PASSPHRASE = "correct horse";
const COSTLY = 20_000;

const pki = new Pki();
afterAll(() => pki.dispose());

pki.certificate("leaf", { extensions: ["basicConstraints=critical,CA:FALSE"] });
pki.certificate("ca", { extensions: CA });
pki.key("rsa", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
pki.key("ed", ["-algorithm", "ED25519"]);
pki.key("p384", [...EC.slice(0, 3), "ec_paramgen_curve:P-384"]);
pki.openssl("ec", "-in", "leaf-key.pem", "-out", "sec1.pem");
pki.openssl("rsa", "-traditional", "-in", "rsa-key.pem", "-out", "pkcs1.pem");
pki.openssl("ec", "-in", "leaf-key.pem", "-aes256", "-passout", `pass:${PASSPHRASE}`, "-out", "dek.pem");
pki.openssl(
  ...["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-iter", "100", "-passout", `pass:${PASSPHRASE}`],
  ...["-in", "leaf-key.pem", "-out", "pbes2.pem"],
);

const leaf = pki.read("leaf");
const keys = ["leaf-key", "rsa-key", "ed-key", "p384-key", "sec1", "pkcs1", "dek", "pbes2"].map((name) =>
  pki.text(name),
);
const files = [pki.text("leaf"), pki.text("leaf") + pki.text("ca"), ...keys];

function readOrRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(EncodingError);
    return undefined;
  }
}

const SECRETS = keys
  .flatMap((key) => key.split("\n"))
  .filter((text) => text.length > 40 && !text.startsWith("-"))
  .map((text) => text.slice(0, 20));

/** No line of a key, whole or in part, stands in what is said of it. */
function expectNothingQuoted(said: unknown): void {
  const text = JSON.stringify(said);
  expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
}

const line = fc.constantFrom(
  ...[
    "-----BEGIN CERTIFICATE-----",
    "-----END CERTIFICATE-----",
    "-----BEGIN X-----",
    "-----END X-----",
    "-----BEGIN ",
  ],
  ...["AAAA", "AA==", "\ufeff", "Proc-Type: 4,ENCRYPTED", "\r", " ", "", "-----"],
);

fuzz("PEM", {
  percent: 8,
  input: fc.oneof(
    damaged(files),
    damagedText(files, "-=\n\r :\ufeffA\0"),
    fc.array(line, { maxLength: 12 }).map((lines) => lines.join("\n")),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  ) as fc.Arbitrary<string | Buffer>,
  holds: (input) => {
    const { blocks, problems } = readPem(input);
    expectNothingQuoted(problems);
    expect(blocks.length + problems.length).toBeGreaterThan(0);
    // What is read is written and read back as the same.
    const again = readPem(blocks.map(({ label, der }) => writePem(label, der)).join(""));
    const texts = [again.blocks, blocks].map((list) => list.map(({ label, der }) => `${label} ${der.toString("hex")}`));
    expect(texts[0]).toEqual(texts[1]);
    expect(again.problems).toEqual(blocks.length === 0 ? [expect.objectContaining({ kind: "empty" })] : []);
  },
});

fuzz("DER", {
  percent: 6,
  input: fc.oneof(
    fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
    damagedDer([leaf.raw, ...keys.slice(0, 6).map((key) => readPem(key).blocks[0]!.der)]),
  ),
  holds: (input) => {
    const visit = (bytes: Buffer, depth: number): void => {
      const reader = new DerReader(bytes, "fuzz");
      while (!reader.atEnd) {
        const element = readOrRefused(() => reader.next("element"));
        if (element === undefined) return;
        expect(element.raw.subarray(element.raw.length - element.content.length).equals(element.content)).toBe(true);
        for (const read of [booleanValue, integerValue, bitsValue, oidValue, textValue, timeValue]) {
          readOrRefused<unknown>(() => read(element, "value"));
        }
        if ((element.tag & 0x20) !== 0 && depth < 50) visit(element.content, depth + 1);
      }
    };
    visit(input, 0);
  },
});

fuzz("PKCS#8 and other private keys", {
  percent: 9,
  input: fc.oneof(
    damaged(keys),
    ...["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "ANY PRIVATE KEY"].map((label) =>
      damagedDer(keys.map((key) => readPem(key).blocks[0]!.der)).map((der) => Buffer.from(writePem(label, der))),
    ),
  ),
  holds: (input) => {
    try {
      const info = classifyPrivateKey(input);
      checkFipsKey(info);
      // Each would take seconds, up to the count at which nothing is tried any more.
      if ((info.encryption?.iterations ?? 0) > COSTLY) return;
    } catch (error) {
      expect(error).toBeInstanceOf(EncodingError);
      expectNothingQuoted((error as Error).message);
    }
    for (const encrypted of ["allowed", "refused"] as const) {
      expectNothingQuoted(checkPrivateKey(input, { certificate: leaf, passphrase: PASSPHRASE, encrypted }));
    }
    // Only what OpenSSL accepts as this certificate's key is reported as such.
    if (matchPrivateKey(input, leaf, PASSPHRASE) === "match") {
      const { label, der, headers } = readPem(input).blocks.find((block) => block.label.endsWith("PRIVATE KEY"))!;
      if (Object.keys(headers).length > 0) return;
      const key = createPrivateKey({ key: writePem(label, der), passphrase: PASSPHRASE });
      expect(new X509Certificate(leaf.raw).checkPrivateKey(key)).toBe(true);
    }
  },
});
