import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type LeafUsage = "serverAuth" | "clientAuth";

const KEYS = {
  ecdsa: ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
  rsa: ["rsa:2048"],
  ed25519: ["ed25519"],
};

/** A small PKI for the validators' own test, made by OpenSSL in a folder that the test takes away. */
export class Pki {
  public constructor(
    public readonly directory: string,
    private readonly algorithm: keyof typeof KEYS = "ecdsa",
  ) {}

  public path(name: string): string {
    return join(this.directory, name);
  }

  /** Writes NAME.pem and NAME-key.pem: a root, or what the issuer signs. */
  public certificateAuthority(name: string, issuer?: string): string {
    const signed = issuer === undefined ? ["-x509"] : this.signedBy(issuer);
    this.request(name, ...signed, ...["-days", "30", "-extensions", "ca"]);
    return this.path(`${name}.pem`);
  }

  /** Writes NAME.pem and NAME-key.pem, signed by the authority. */
  public leaf(name: string, authority: string, usage: LeafUsage, names: string[] = []): string {
    const extensions = [`extendedKeyUsage=${usage}`];
    if (names.length > 0) {
      extensions.push(`subjectAltName=${names.join(",")}`);
    }
    const added = extensions.flatMap((extension) => ["-addext", extension]);
    this.request(name, ...this.signedBy(authority), ...["-days", "10", "-extensions", "leaf"], ...added);
    return this.path(`${name}.pem`);
  }

  /** Writes a leaf's chain, itself and its issuer, as NAME-chain.pem. */
  public chain(name: string, issuer: string): string {
    const path = this.path(`${name}-chain.pem`);
    writeFileSync(path, [name, issuer].map((each) => readFileSync(this.path(`${each}.pem`), "utf8")).join(""));
    return path;
  }

  /** Encrypts NAME-key.pem, keeps a copy as NAME-plain-key.pem, and writes NAME-key-passphrase without a newline. */
  public encryptKey(name: string, passphrase: string): void {
    const key = this.path(`${name}-key.pem`);
    const plain = execFileSync("openssl", ["pkey", "-in", key]);
    writeFileSync(this.path(`${name}-plain-key.pem`), plain);
    writeFileSync(this.path(`${name}-key-passphrase`), passphrase);
    execFileSync("openssl", ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", `pass:${passphrase}`, "-out", key], {
      input: plain,
      stdio: ["pipe", "ignore", "ignore"],
    });
  }

  /** Writes the key once more in its algorithm's older format: SEC1, or PKCS#1. */
  public traditionalKey(name: string): string {
    const path = this.path(`${name}-traditional-key.pem`);
    execFileSync("openssl", ["pkey", "-traditional", "-in", this.path(`${name}-key.pem`), "-out", path]);
    return path;
  }

  private signedBy(issuer: string): string[] {
    return ["-CA", this.path(`${issuer}.pem`), "-CAkey", this.path(`${issuer}-key.pem`)];
  }

  private request(name: string, ...words: string[]): void {
    const configuration = this.path("openssl.cnf");
    writeFileSync(configuration, CONFIGURATION);
    const key = ["-newkey", ...KEYS[this.algorithm], "-nodes"];
    const files = ["-keyout", this.path(`${name}-key.pem`), "-out", this.path(`${name}.pem`)];
    execFileSync(
      "openssl",
      ["req", "-new", "-config", configuration, "-subj", `/CN=${name}`, ...key, ...files, ...words],
      { stdio: "ignore" },
    );
  }
}

/** The files of a mutual topology under the design's names, and what must be refused in their place. */
export function fleetPki(directory: string): Pki {
  const pki = new Pki(directory);
  for (const name of ["fleet-ca", "agent-ca", "es-ca", "foreign-ca"]) {
    pki.certificateAuthority(name);
  }
  pki.leaf("fleet-cert", "fleet-ca", "serverAuth", ["DNS:fleet.example.com", "DNS:localhost", "IP:127.0.0.1"]);
  pki.leaf("es-cert", "es-ca", "serverAuth", ["DNS:es.example.com"]);
  pki.leaf("agent-cert", "agent-ca", "clientAuth");
  pki.leaf("fleet-es-cert", "es-ca", "clientAuth");
  pki.leaf("foreign-cert", "foreign-ca", "clientAuth");
  pki.leaf("server-as-client", "agent-ca", "serverAuth", ["DNS:localhost"]);
  pki.leaf("client-as-server", "fleet-ca", "clientAuth", ["DNS:fleet.example.com"]);
  pki.encryptKey("agent-cert", "a passphrase");
  writeFileSync(pki.path("service-token"), "AAEAAWVsYXN0aWM");
  return pki;
}

const CONFIGURATION = `[req]
distinguished_name = subject
prompt = no
[subject]
CN = unused
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
`;
