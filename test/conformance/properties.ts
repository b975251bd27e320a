/**
 * What cert-manager's validation helpers ask of every certificate (test/e2e/framework/helper/validation/certificates):
 * key, chain, root, duration, names, usages, constraints, identifiers, serial, signature, expiry and renewal.
 */
import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";

import { CertificateText } from "./certificate-text";

/** What a certificate is meant to be. */
export interface Meant {
  file: string;
  key: string;
  passphrase: string | null;
  trust: string[];
  purposes: ("server" | "client")[];
  commonName: string;
  names: string[];
  days: number;
  /** What Terraform knows of when it is renewed; none where it did not sign. */
  renewal?: { earlyRenewalHours: number; isReady: boolean };
}

interface Presented extends Meant {
  leaf: CertificateText;
  chain: CertificateText[];
  issuer: CertificateText | undefined;
}

type Check = (presented: Presented) => boolean;

const USAGES = { server: "TLS Web Server Authentication", client: "TLS Web Client Authentication" };
const SIGNATURES: Record<string, RegExp> = {
  ec: /^ecdsa-with-SHA(256|384|512)$/,
  rsa: /^sha(256|384|512)WithRSAEncryption$/,
  ed25519: /^ED25519$/,
};

/** Each by its name, as the report counts them. */
const leafChecks: Record<string, Check> = {
  "is of version 3": ({ leaf }) => leaf.version === "3",
  "belongs to its key": ({ leaf, key, passphrase }) => {
    const secret = passphrase === null ? undefined : readFileSync(passphrase, "utf8");
    return leaf.x509.checkPrivateKey(createPrivateKey({ key: readFileSync(key, "utf8"), passphrase: secret }));
  },
  "is followed by what signed it, in order": ({ chain }) =>
    chain.slice(1).every((issuer, index) => isIssued(chain[index]!, issuer)),
  "ends at the CA that its readers trust, by RFC 5280's letter": (presented) =>
    presented.purposes.every((purpose) => verifies(presented, purpose)),
  "is of no use for anything else": (presented) =>
    (["server", "client"] as const)
      .filter((purpose) => !presented.purposes.includes(purpose))
      .every((purpose) => !verifies(presented, purpose)),
  "is valid for as long as was asked": ({ leaf, days }) => leaf.days === days,
  "is valid now": ({ leaf }) => isValidNow(leaf),
  "ends before what signed it": ({ leaf, issuer }) =>
    issuer !== undefined && Date.parse(leaf.x509.validTo) <= Date.parse(issuer.x509.validTo),
  "is renewed in its last third": ({ renewal, days }) =>
    renewal === undefined || (renewal.earlyRenewalHours === Math.ceil(days / 3) * 24 && !renewal.isReady),
  "has its host's common name": ({ leaf, commonName }) => leaf.commonName === commonName,
  "has the names that are dialled and no other": ({ leaf, names }) =>
    leaf.names.join() === [...new Set(names)].sort().join(),
  "signs, and encrypts only where RSA servers have to": ({ leaf, purposes }) =>
    leaf.extension("Key Usage") ===
    (leaf.x509.publicKey.asymmetricKeyType === "rsa" && purposes.includes("server")
      ? "critical Digital Signature, Key Encipherment"
      : "critical Digital Signature"),
  "has the usages of its roles and no other": ({ leaf, purposes }) =>
    leaf.extension("Extended Key Usage") ===
    purposes
      .map((purpose) => USAGES[purpose])
      .sort()
      .join(", "),
  "is no CA": ({ leaf }) => leaf.extension("Basic Constraints") === "critical CA:FALSE",
  "has key identifiers, its own and its issuer's": ({ leaf, issuer }) => isIdentified(leaf, issuer),
  "has an unguessable serial number": ({ leaf }) => hasSerial(leaf),
  "is signed by its issuer's algorithm with SHA-2": ({ leaf, issuer }) => isSignedWell(leaf, issuer),
};

const authorityChecks: Record<string, (ca: CertificateText, issuer: CertificateText) => boolean> = {
  "CA: is of version 3": (ca) => ca.version === "3",
  "CA: is a CA, critically": (ca) => /^critical CA:TRUE/.test(ca.extension("Basic Constraints") ?? ""),
  "CA: signs certificates and lists": (ca) => ca.extension("Key Usage") === "critical CRL Sign, Certificate Sign",
  "CA: narrows no usage": (ca) => ca.extension("Extended Key Usage") === undefined,
  "CA: is valid now": isValidNow,
  "CA: has key identifiers, its own and its issuer's": (ca, issuer) => isIdentified(ca, issuer),
  "CA: is signed by its issuer": (ca, issuer) => isIssued(ca, issuer),
  "CA: has an unguessable serial number": hasSerial,
  "CA: is signed by its issuer's algorithm with SHA-2": (ca, issuer) => isSignedWell(ca, issuer),
};

export interface PropertyResult {
  file: string;
  property: string;
  holds: boolean;
}

/** Looks at a certificate, its chain and its key. */
export function leafProperties(meant: Meant): PropertyResult[] {
  const chain = textsOf(meant.file);
  const [leaf] = chain as [CertificateText];
  const issuer = [...chain.slice(1), ...meant.trust.flatMap(textsOf)].find((each) => isIssued(leaf, each));
  return Object.entries(leafChecks).map(([property, check]) => ({
    file: meant.file,
    property,
    holds: check({ ...meant, leaf, chain, issuer }),
  }));
}

/** Looks at every CA of a file but given ones; their issuers may be in the others. */
export function authorityProperties(
  file: string,
  others: string[],
  given: ReadonlySet<string> = new Set(),
): PropertyResult[] {
  const known = [file, ...others].flatMap(textsOf);
  const ours = textsOf(file).filter(({ pem }) => !given.has(pem));
  return ours.flatMap((ca) => {
    const issuer = known.find((each) => isIssued(ca, each));
    // An intermediate that hosts trust itself is signed by a root that no host has.
    const checks = Object.entries(authorityChecks).filter(([name]) => issuer !== undefined || !/issuer/.test(name));
    return checks.map(([property, check]) => ({ file, property, holds: check(ca, issuer ?? ca) }));
  });
}

const texts = new Map<string, CertificateText>();

function textsOf(file: string): CertificateText[] {
  const blocks = readFileSync(file, "utf8").match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((pem) => {
    const known = texts.get(pem) ?? new CertificateText(pem);
    texts.set(pem, known);
    return known;
  });
}

function isIssued({ x509 }: CertificateText, issuer: CertificateText): boolean {
  return x509.checkIssued(issuer.x509) && x509.verify(issuer.x509.publicKey);
}

function isValidNow({ x509 }: CertificateText): boolean {
  return Date.parse(x509.validFrom) <= Date.now() && Date.now() < Date.parse(x509.validTo);
}

function isIdentified(text: CertificateText, issuer: CertificateText | undefined): boolean {
  const [own, above] = [text.extension("Subject Key Identifier"), issuer?.extension("Subject Key Identifier")];
  return own !== undefined && above !== undefined && text.extension("Authority Key Identifier") === above;
}

/** RFC 5280 4.1.2.2 allows 20 octets; the CA/Browser Forum asks for 64 random bits. */
function hasSerial({ x509 }: CertificateText): boolean {
  const { length } = x509.serialNumber;
  return length > 14 && length <= 40 && !x509.serialNumber.startsWith("-");
}

function isSignedWell({ signatureAlgorithm }: CertificateText, issuer: CertificateText | undefined): boolean {
  return SIGNATURES[issuer?.x509.publicKey.asymmetricKeyType ?? ""]?.test(signatureAlgorithm) ?? false;
}

function verifies({ file, trust, names }: Meant, purpose: "server" | "client"): boolean {
  const roots = trust.flatMap((each) => ["-trusted", each]);
  const [name] = names.filter((each) => purpose === "server" && !each.includes(":"));
  const named = name === undefined ? [] : [/^[\d.]+$/.test(name) ? "-verify_ip" : "-verify_hostname", name];
  // An anchor need not be a root.
  const words = ["verify", "-x509_strict", "-partial_chain", "-no-CApath", "-no-CAfile", "-no-CAstore", ...roots];
  try {
    execFileSync("openssl", [...words, "-purpose", `ssl${purpose}`, ...named, "-untrusted", file, file], {
      stdio: "pipe",
    });
    return true;
  } catch {
    return false;
  }
}
