import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Certificate } from "../../lib/private/x509/certificate";
import { parseCertificate } from "../../lib/private/x509/certificate";
import { readPem } from "../../lib/private/x509/pem";
import type { Pair } from "./openssl";

/** How a certificate is made; the rest is as the library's own certificates are. */
export interface Recipe {
  readonly subject?: string;
  /** The name of the authority that signs; itself if left out. */
  readonly issuer?: string;
  /** The name of a key that is there already. */
  readonly key?: string;
  readonly keyType?: string[];
  /** Lines of an OpenSSL extension section; they replace the defaults. */
  readonly extensions?: string[];
  readonly digest?: string;
  readonly days?: number;
}

export const EC = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
export const RSA = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
export const CA = [
  "basicConstraints=critical,CA:TRUE",
  "keyUsage=critical,keyCertSign,cRLSign",
  "subjectKeyIdentifier=hash",
];
export const SERVER = [
  "basicConstraints=critical,CA:FALSE",
  "keyUsage=critical,digitalSignature",
  "extendedKeyUsage=serverAuth",
  "subjectKeyIdentifier=hash",
  "authorityKeyIdentifier=keyid",
];
export const CLIENT = SERVER.map((line) => line.replace("serverAuth", "clientAuth"));

/** A folder of keys and certificates that the openssl command makes: NAME.pem and NAME-key.pem. */
export class Pki {
  constructor(
    public readonly folder = mkdtempSync(join(tmpdir(), "fleet-tls-pki-")),
    private readonly defaultKeyType = EC,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  public path(file: string): string {
    return join(this.folder, file);
  }

  public openssl(...args: string[]): Buffer {
    return execFileSync("openssl", args, { cwd: this.folder, stdio: ["ignore", "pipe", "ignore"] });
  }

  public key(name: string, type: string[] = this.defaultKeyType): string {
    this.openssl("genpkey", ...type, "-out", `${name}-key.pem`);
    return this.text(`${name}-key`);
  }

  /** Makes `NAME.pem`, and `NAME-key.pem` unless a key was named. */
  public certificate(name: string, recipe: Recipe = {}): Certificate {
    const key = recipe.key ?? name;
    if (recipe.key === undefined) {
      this.key(name, recipe.keyType);
    }
    const extensions = recipe.extensions ?? CA;
    writeFileSync(this.path(`${name}.cnf`), `[req]\ndistinguished_name=dn\n[dn]\n[ext]\n${extensions.join("\n")}\n`);
    const signer =
      recipe.issuer === undefined ? [] : ["-CA", `${recipe.issuer}.pem`, "-CAkey", `${recipe.issuer}-key.pem`];
    this.openssl(
      ...["req", "-x509", "-new", "-key", `${key}-key.pem`, "-config", `${name}.cnf`, "-extensions", "ext"],
      ...["-subj", recipe.subject ?? `/CN=${name}`, "-days", String(recipe.days ?? 397)],
      ...[`-${recipe.digest ?? "sha256"}`, ...signer, "-out", `${name}.pem`],
    );
    return this.read(name);
  }

  /** Makes a root CA, or an intermediate of the issuer, with the library's own extensions. */
  public authority(name: string, issuer?: string): Pair {
    this.certificate(name, { issuer, extensions: [...CA, "authorityKeyIdentifier=keyid"], days: 30 });
    return this.pair(name);
  }

  /** Makes a certificate for names such as `DNS:fleet.example.com`. */
  public leaf(name: string, issuer: string, extensions: readonly string[], names: readonly string[] = []): Pair {
    const alternatives = names.length > 0 ? [`subjectAltName=${names.join(",")}`] : [];
    this.certificate(name, { issuer, extensions: [...extensions, ...alternatives], days: 10 });
    return this.pair(name);
  }

  /** Makes a certificate that ended in 2020. */
  public expired(name: string, issuer: string, extensions: readonly string[]): Pair {
    this.key(name);
    this.openssl("req", "-new", "-key", `${name}-key.pem`, "-subj", `/CN=${name}`, "-out", `${name}.csr`);
    const database = "database = index.txt\nnew_certs_dir = .\nserial = serial\ndefault_md = sha256\npolicy = any";
    const text = `[ca]\n${database}\n[any]\ncommonName = supplied\n[ext]\n${extensions.join("\n")}\n`;
    writeFileSync(this.path(`${name}.cnf`), text);
    writeFileSync(this.path("index.txt"), "");
    writeFileSync(this.path("serial"), `${randomBytes(8).toString("hex")}\n`);
    const dates = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"];
    const signer = ["-cert", `${issuer}.pem`, "-keyfile", `${issuer}-key.pem`, "-extensions", "ext", "-name", "ca"];
    const files = ["-config", `${name}.cnf`, "-in", `${name}.csr`, "-out", `${name}.pem`];
    this.openssl("ca", "-batch", "-notext", ...files, ...signer, ...dates);
    return this.pair(name);
  }

  /** Writes certificates one after the other as `NAME-chain.pem`. */
  public chain(name: string, ...issuers: string[]): string {
    const file = this.path(`${name}-chain.pem`);
    writeFileSync(file, [name, ...issuers].map((each) => this.text(each)).join(""));
    return file;
  }

  public pair(name: string): Pair {
    return { certificate: this.path(`${name}.pem`), key: this.path(`${name}-key.pem`) };
  }

  public text(name: string): string {
    return readFileSync(this.path(`${name}.pem`), "utf8");
  }

  public read(name: string): Certificate {
    return parseCertificate(readPem(this.text(name)).blocks[0]!.der);
  }

  public dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
