import * as fs from "node:fs";

import { CA, EC, Pki } from "../support/pki";

export { CA, EC };

const DAY = 86_400_000;

/** CAs that are given: what a company has, and everything that can be wrong with it, made by OpenSSL when a test runs. */
export class GivenPki extends Pki {
  /** A self-signed CA whose validity is given in days from now. */
  public dated(name: string, from: number, until: number, extensions = CA): void {
    this.key(name);
    this.openssl("req", "-new", "-key", `${name}-key.pem`, "-subj", `/CN=${name}`, "-out", `${name}.csr`);
    const config = [
      "[ca]\ndefault_ca=all\n[all]\ndatabase=index\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any",
      `rand_serial=yes\nunique_subject=no\n[any]\ncommonName=supplied\n[ext]\n${extensions.join("\n")}\n`,
    ];
    fs.writeFileSync(this.path(`${name}.cnf`), config.join("\n"));
    fs.writeFileSync(this.path("index"), "");
    this.openssl(
      ...["ca", "-batch", "-notext", "-selfsign", "-config", `${name}.cnf`, "-extensions", "ext"],
      ...["-keyfile", `${name}-key.pem`, "-in", `${name}.csr`, "-out", `${name}.pem`],
      ...["-startdate", date(from), "-enddate", date(until)],
    );
  }

  /** The same key and the same name with a later end, as a CA is renewed. */
  public renewed(name: string, as: string, days: number): void {
    this.certificate(as, { key: name, subject: `/CN=${name}`, days });
  }

  /** A certificate of version 1, as `openssl x509 -signkey` without extensions makes it. */
  public versionOne(name: string): void {
    this.key(name);
    this.openssl("req", "-new", "-key", `${name}-key.pem`, "-subj", `/CN=${name}`, "-out", `${name}.csr`);
    this.openssl("x509", "-req", "-in", `${name}.csr`, "-signkey", `${name}-key.pem`, "-out", `${name}.pem`);
  }

  public write(file: string, content: string | Buffer): void {
    fs.writeFileSync(this.path(file), content);
  }

  public remove(file: string): void {
    fs.rmSync(this.path(file));
  }

  /** Converts a file with OpenSSL, which cannot read and write one at once. */
  public rewrite(file: string, as: string, ...how: string[]): void {
    this.openssl(...how, "-in", file, "-out", "rewritten");
    fs.renameSync(this.path("rewritten"), this.path(as));
  }

  /** A private key encrypted in one of the formats that OpenSSL writes. */
  public lock(name: string, as: string, passphrase: string, ...how: string[]): void {
    this.rewrite(`${name}-key.pem`, `${as}-key.pem`, ...how, "-passout", `pass:${passphrase}`);
  }
}

function date(days: number): string {
  const text = new Date(Date.now() + days * DAY).toISOString();
  return `${text.slice(0, 19).replace(/[-T:]/g, "")}Z`;
}
