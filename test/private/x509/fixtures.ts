import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Certificate } from "../../../lib/private/x509/certificate";
import { parseCertificate } from "../../../lib/private/x509/certificate";
import { readPem } from "../../../lib/private/x509/pem";

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

/** A folder of keys and certificates that the openssl command makes. */
export class Pki {
  public readonly folder = mkdtempSync(join(tmpdir(), "fleet-tls-x509-"));

  public openssl(...args: string[]): Buffer {
    return execFileSync("openssl", args, { cwd: this.folder, stdio: ["ignore", "pipe", "ignore"] });
  }

  public key(name: string, type: string[] = EC): string {
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
    writeFileSync(
      join(this.folder, `${name}.cnf`),
      `[req]\ndistinguished_name=dn\n[dn]\n[ext]\n${extensions.join("\n")}\n`,
    );
    const signer =
      recipe.issuer === undefined ? [] : ["-CA", `${recipe.issuer}.pem`, "-CAkey", `${recipe.issuer}-key.pem`];
    this.openssl(
      ...["req", "-x509", "-new", "-key", `${key}-key.pem`, "-config", `${name}.cnf`, "-extensions", "ext"],
      ...["-subj", recipe.subject ?? `/CN=${name}`, "-days", String(recipe.days ?? 397)],
      ...[`-${recipe.digest ?? "sha256"}`, ...signer, "-out", `${name}.pem`],
    );
    return this.read(name);
  }

  public text(name: string): string {
    return readFileSync(join(this.folder, `${name}.pem`), "utf8");
  }

  public read(name: string): Certificate {
    return parseCertificate(readPem(this.text(name)).blocks[0]!.der);
  }

  public dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
