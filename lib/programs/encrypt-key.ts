import { createCipheriv, createHmac, createPrivateKey, pbkdf2Sync } from "node:crypto";

import { writePem } from "../private/x509/pem";
import { ProgramError, runProgram } from "./run-program";

interface Input {
  readonly privateKey: string;
  readonly passphrase: string;
  readonly rounds: number;
}

const OID = {
  pbes2: "2a864886f70d01050d",
  pbkdf2: "2a864886f70d01050c",
  hmacWithSha256: "2a864886f70d0209",
  aes256Cbc: "60864801650304012a",
};

/** PKCS#8 with PBES2: PBKDF2 with HMAC-SHA256, AES-256-CBC (RFC 8018), the form that elastic-agent-libs reads. */
function encryptKey({ privateKey, passphrase, rounds }: Input): string {
  if (typeof passphrase !== "string" || passphrase.trim() !== passphrase || !/^\P{Cc}+$/u.test(passphrase)) {
    // elastic-agent-libs v0.46 trims the passphrase file, v0.31.0 does not.
    throw new ProgramError(
      "the passphrase is empty, begins or ends with a blank, or contains a newline or another control character; " +
        "set its variable to text on one line without them",
    );
  }
  const key = readKey(privateKey);
  // Salt and IV are HMACs keyed with the private key: the same on every run, and random to anyone without the key.
  const derive = (purpose: string): Buffer =>
    createHmac("sha256", key).update(`cdktf-fleet-tls ${purpose}\0${passphrase}`).digest().subarray(0, 16);
  const salt = derive("salt");
  const iv = derive("iv");
  const cipher = createCipheriv("aes-256-cbc", pbkdf2Sync(passphrase, salt, rounds, 32, "sha256"), iv);
  const encrypted = Buffer.concat([cipher.update(key), cipher.final()]);

  const derivation = sequence(
    oid(OID.pbkdf2),
    sequence(octets(salt), integer(rounds), sequence(oid(OID.hmacWithSha256), der(0x05))),
  );
  const scheme = sequence(oid(OID.pbes2), sequence(derivation, sequence(oid(OID.aes256Cbc), octets(iv))));
  return writePem("ENCRYPTED PRIVATE KEY", sequence(scheme, octets(encrypted)));
}

function readKey(privateKey: string): Buffer {
  try {
    return createPrivateKey(privateKey).export({ format: "der", type: "pkcs8" });
  } catch {
    throw new ProgramError("the private key cannot be read; give one plain private key in PEM");
  }
}

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) {
    return Buffer.concat([Buffer.from([tag, content.length]), content]);
  }
  const length = bytesOf(content.length);
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

function sequence(...contents: Buffer[]): Buffer {
  return der(0x30, ...contents);
}

function octets(content: Buffer): Buffer {
  return der(0x04, content);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

function integer(value: number): Buffer {
  const bytes = bytesOf(value);
  // A leading bit of one would make the number negative.
  return der(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

function bytesOf(value: number): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

runProgram("encrypt-key", encryptKey);
