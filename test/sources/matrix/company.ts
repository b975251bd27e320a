import * as fs from "node:fs";
import * as path from "node:path";

import { CA, EC, GivenPki } from "../given-pki";
import { ALGORITHMS } from "./factors";

export type Purpose = "fleet" | "agent" | "elasticsearch";

/** A CA that is there before the deploy, by the names of its files without their ends. */
export interface CompanyCa {
  readonly name: string;
  /** What stands between it and the root: itself first, or nothing where it is the root. */
  readonly intermediates: string[];
  readonly root: string;
}

/** What a leaf is for. */
export interface CompanyLeaf {
  readonly usages: ("serverAuth" | "clientAuth")[];
  readonly names: string[];
  readonly algorithm: string;
  readonly passphrase?: string;
}

const DAYS = 3650;
const BELOW = [...CA, "authorityKeyIdentifier=keyid"];

/** What a company has of its own: CAs for each purpose, in each algorithm, and what they signed. Made by OpenSSL. */
export class Company extends GivenPki {
  /** What the keys are encrypted with that are. */
  public readonly passphrase = `what the company locks with ${Math.random().toString(36).slice(2)}`;

  private readonly made = new Set<string>();

  public root(purpose: Purpose, algorithm: string): CompanyCa {
    const name = this.fileName(purpose, "root", algorithm);
    this.once(name, () => this.certificate(name, { keyType: this.keyTypeOf(algorithm), days: DAYS }));
    return { name, intermediates: [], root: name };
  }

  /** Below a root of another algorithm. */
  public intermediate(purpose: Purpose, algorithm: string): CompanyCa {
    const { name: root } = this.root(purpose, algorithm.startsWith("RSA") ? "ECDSA P-384" : "RSA 2048");
    const name = this.fileName(purpose, "intermediate", algorithm);
    this.once(name, () =>
      this.certificate(name, { keyType: this.keyTypeOf(algorithm), days: DAYS, issuer: root, extensions: BELOW }),
    );
    return { name, intermediates: [name], root };
  }

  /** The file of its key as PBES2, under the passphrase. */
  public lockedKey({ name }: CompanyCa): string {
    const locked = `${name}-locked`;
    this.once(locked, () => this.lock(name, locked, this.passphrase, "pkcs8", "-topk8", "-v2", "aes-256-cbc"));
    return this.path(`${locked}-key.pem`);
  }

  /** Writes `AS.pem`, the leaf and what stands between it and the anchor, and `AS-key.pem`. */
  public issue(as: string, { name: issuer, intermediates }: CompanyCa, leaf: CompanyLeaf): void {
    const { usages, names, algorithm, passphrase } = leaf;
    this.certificate(as, {
      issuer,
      keyType: this.keyTypeOf(algorithm),
      extensions: [
        "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature",
        `extendedKeyUsage=${usages.join(",")}`,
        ...(names.length > 0 ? [`subjectAltName=${names.join(",")}`] : []),
        "subjectKeyIdentifier=hash",
        "authorityKeyIdentifier=keyid",
      ],
    });
    this.write(`${as}.pem`, [as, ...intermediates].map((each) => this.text(each)).join(""));
    if (passphrase !== undefined) this.lock(as, as, passphrase, "pkcs8", "-topk8", "-v2", "aes-256-cbc");
  }

  /** Copies a file of the company to a host. */
  public copyTo(file: string, place: string): void {
    this.writeTo(place, fs.readFileSync(this.path(file)));
  }

  public writeTo(place: string, content: string | Buffer): void {
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, content, { mode: 0o600 });
  }

  private keyTypeOf(algorithm: string): string[] {
    return ALGORITHMS[algorithm]?.openssl ?? EC;
  }

  private fileName(...parts: string[]): string {
    return parts.join("-").toLowerCase().replaceAll(" ", "-");
  }

  private once(name: string, make: () => void): void {
    if (this.made.has(name)) return;
    make();
    this.made.add(name);
  }
}
