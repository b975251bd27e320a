import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { CLIENT, Pki, RSA, SERVER } from "../../support/pki";
import type { Pair } from "./signer";
import { openssl } from "./signer";

/** What a user has before the deploy: CAs in files, an Elasticsearch, requests and pairs that are on hosts. */
export class Given {
  /** Where the app finds its files, as it names them. */
  public static readonly FOLDER = "given";

  public readonly folder: string;
  /** Only the variable of that name knows it. */
  public readonly passphrase = "what the company's CA is locked with";

  public constructor(project: string) {
    this.folder = join(project, Given.FOLDER);
    const company = new Pki(this.folder, RSA);
    company.authority("company");
    company.authority("company-fleet", "company");
    company.authority("company-agents", "company");
    // What the fleet's CA is locked with is for the app alone: here its plain copy signs what must be refused.
    cpSync(this.path("company-fleet-key.pem"), this.path("company-fleet-locked-key.pem"));
    openssl(
      ...["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", `pass:${this.passphrase}`],
      ...["-in", this.path("company-fleet-key.pem"), "-out", this.path("company-fleet-locked-key.pem")],
    );
    const existing = new Pki(this.folder);
    existing.authority("theirs-ca");
    existing.leaf("theirs", "theirs-ca", SERVER, ["DNS:es.example.com"]);
    existing.leaf("company-es", "company", SERVER, ["DNS:es.example.com"]);
    existing.leaf("company-fleet-server", "company", SERVER, ["DNS:0123.fleet.eu-1.elastic.cloud"]);
    existing.leaf("on-host", "company-agents", CLIENT);
    existing.chain("on-host", "company-agents");
    existing.leaf("on-host-fleet", "company-fleet", SERVER, [
      ...["DNS:fleet.example.com", "DNS:localhost", "IP:127.0.0.1", "IP:::1"],
    ]);
    existing.chain("on-host-fleet", "company-fleet");
    this.request("web-1", []);
    this.request("fleet-server", ["DNS:fleet.example.com", "DNS:localhost", "IP:127.0.0.1", "IP:::1"]);
  }

  public path(name: string): string {
    return join(this.folder, name);
  }

  public pair(name: string): Pair {
    return { certificate: this.path(`${name}.pem`), key: this.path(`${name}-key.pem`), passphrase: null };
  }

  /** What every host's operating system trusts: the company's root. */
  public get systemRoots(): string {
    return this.path("company.pem");
  }

  public read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  /** A key that was born on its host, and the request for its certificate. */
  private request(host: string, names: string[]): void {
    const extensions = names.length > 0 ? ["-addext", `subjectAltName=${names.join(",")}`] : [];
    openssl(
      ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", `/CN=${host}`],
      ...[...extensions, "-keyout", this.path(`${host}-born-key.pem`), "-out", this.path(`${host}.csr`)],
    );
  }
}
