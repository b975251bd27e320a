import type { KeyObject } from "node:crypto";
import { createHash, generateKeyPairSync, sign } from "node:crypto";

import { writePem } from "../../../lib/private/x509/pem";
import { bits, context, integer, octets, oid, sequence, set, text, TRUE } from "../../support/der";

/** A key that signs certificates, and the signature algorithm that goes with it. */
export interface Signer {
  readonly privateKey: KeyObject;
  readonly spki: Buffer;
  /** The AlgorithmIdentifier of its signatures. */
  readonly algorithm: Buffer;
}

const SIGNATURES = {
  ec: sequence(oid("1.2.840.10045.4.3.2")),
  rsa: sequence(oid("1.2.840.113549.1.1.11"), Buffer.from("0500", "hex")),
  ed25519: sequence(oid("1.3.101.112")),
};

export function signer(type: keyof typeof SIGNATURES, options: { curve?: string; bits?: number; e?: number } = {}) {
  const pair = {
    ec: () => generateKeyPairSync("ec", { namedCurve: options.curve ?? "P-256" }),
    rsa: () => generateKeyPairSync("rsa", { modulusLength: options.bits ?? 2048, publicExponent: options.e ?? 65537 }),
    ed25519: () => generateKeyPairSync("ed25519"),
  }[type]();
  const spki = pair.publicKey.export({ type: "spki", format: "der" });
  return { privateKey: pair.privateKey, spki, algorithm: SIGNATURES[type] };
}

/** A certificate in the parts that a mutant changes, each in DER; `undefined` leaves a part out. */
export interface Parts {
  version?: Buffer;
  serial: Buffer;
  /** The signature's algorithm, inside of the signed part. */
  algorithm: Buffer;
  issuer: Buffer;
  validity: Buffer;
  subject: Buffer;
  spki: Buffer;
  /** What stands between the public key and the extensions: unique identifiers. */
  unique?: Buffer;
  extensions: Buffer[];
  /** In place of the extensions, wrapper included. */
  wrapper?: Buffer;
  /** After the extensions, still inside of the signed part. */
  after?: Buffer;
  /** The algorithm outside of the signed part, where it is another. */
  outer?: Buffer;
  /** After the signature, inside of the outer sequence. */
  trailing?: Buffer;
}

export const name = (commonName: string): Buffer => sequence(set(sequence(oid("2.5.4.3"), text(commonName))));

export const time = (date: Date): Buffer => {
  const digits = date.toISOString().replace(/\D/g, "").slice(0, 14);
  return date.getUTCFullYear() < 2050 ? text(`${digits.slice(2)}Z`, 0x17) : text(`${digits}Z`, 0x18);
};

export const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [TRUE] : []), octets(value));

const keyIdentifier = ({ spki }: Pick<Signer, "spki">): Buffer => createHash("sha1").update(spki).digest();

const HOUR = 3_600_000;

/** Yesterday to in a year. */
const validity = (): Buffer =>
  sequence(time(new Date(Date.now() - 24 * HOUR)), time(new Date(Date.now() + 8760 * HOUR)));

/** A root CA as the library makes its own. */
export function authorityParts(key: Signer): Parts {
  return {
    version: context(0, integer(2)),
    serial: integer(0x1234567890abcdefn),
    algorithm: key.algorithm,
    issuer: name("mutant CA"),
    validity: validity(),
    subject: name("mutant CA"),
    spki: key.spki,
    extensions: [
      extension("2.5.29.19", sequence(TRUE), true),
      extension("2.5.29.15", bits(Buffer.from([0x06]), 1), true),
      extension("2.5.29.14", octets(keyIdentifier(key))),
    ],
  };
}

export const dns = (domain: string): Buffer => context(2, Buffer.from(domain), false);
export const address = (...bytes: number[]): Buffer => context(7, Buffer.from(bytes), false);

/** A server's certificate below a CA. */
export function leafParts(issuer: Parts, signing: Signer, key: Signer): Parts {
  return {
    version: context(0, integer(2)),
    serial: integer(0x5555),
    algorithm: signing.algorithm,
    issuer: issuer.subject,
    validity: validity(),
    subject: name("fleet.example.com"),
    spki: key.spki,
    extensions: [
      extension("2.5.29.15", bits(Buffer.from([0x80]), 7), true),
      extension("2.5.29.37", sequence(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"))),
      extension("2.5.29.35", sequence(context(0, keyIdentifier(signing), false))),
      extension("2.5.29.17", sequence(dns("fleet.example.com"), dns("localhost"), address(127, 0, 0, 1))),
    ],
  };
}

/** The signed part. */
export function signedPart(parts: Parts): Buffer {
  const { version, serial, algorithm, issuer, validity, subject, spki, unique, extensions, wrapper, after } = parts;
  const own = wrapper ?? (extensions.length === 0 ? undefined : context(3, sequence(...extensions)));
  const all = [version, serial, algorithm, issuer, validity, subject, spki, unique, own, after];
  return sequence(...all.filter((part) => part !== undefined));
}

/** A certificate around a signed part, whose signature is right. */
export function signed(part: Buffer, by: Signer, { outer, trailing }: Pick<Parts, "outer" | "trailing"> = {}): Buffer {
  const digest = by.privateKey.asymmetricKeyType === "ed25519" ? null : "sha256";
  const rest = trailing === undefined ? [] : [trailing];
  return sequence(part, outer ?? by.algorithm, bits(sign(digest, part, by.privateKey)), ...rest);
}

export const certificate = (parts: Parts, by: Signer): Buffer => signed(signedPart(parts), by, parts);

export const pem = (der: Buffer): string => writePem("CERTIFICATE", der);
