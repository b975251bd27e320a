import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Deployment } from "./deploy";
import type { Authority } from "./signer";
import { pemsOf } from "./signer";

/**
 * The keys of every CA of a deployment, from Terraform's state and from what was given to it: with a real CA's key, what
 * must be refused differs from what is accepted in one thing only.
 */
export class KeyRing {
  private readonly keys = new Map<string, string>();
  private files = 0;

  public constructor(
    deployment: Deployment,
    private readonly folder: string,
  ) {
    mkdirSync(folder, { recursive: true });
    for (const { private_key_pem_pkcs8: pem } of deployment.resources("tls_private_key")) {
      this.add(String(pem));
    }
    for (const name of readdirSync(deployment.given.folder).filter((each) => each.endsWith("-key.pem"))) {
      const pem = deployment.given.read(name);
      if (!pem.includes("ENCRYPTED")) {
        this.add(pem);
      }
    }
  }

  /** Whoever signed the first certificate of a file, found among these certificates; they may be in the file itself. */
  public issuerOf(file: string, among: string[]): Authority {
    const [leaf, ...rest] = pemsOf(file);
    const signed = new X509Certificate(leaf!);
    const candidates = [...rest, ...among.flatMap(pemsOf)];
    const issuer = candidates.find((pem) => {
      const candidate = new X509Certificate(pem);
      return (
        candidate.raw.compare(signed.raw) !== 0 && signed.checkIssued(candidate) && signed.verify(candidate.publicKey)
      );
    });
    const authority = issuer === undefined ? undefined : this.authority(issuer);
    if (authority === undefined) {
      throw new Error(`the CA that signed ${file} is not at hand`);
    }
    return authority;
  }

  /** A certificate together with its key, if that is on the ring. */
  public authority(pem: string): Authority | undefined {
    const key = this.keys.get(fingerprint(new X509Certificate(pem).publicKey));
    if (key === undefined) {
      return undefined;
    }
    const name = join(this.folder, `authority-${++this.files}`);
    writeFileSync(`${name}.pem`, `${pem}\n`);
    writeFileSync(`${name}-key.pem`, key, { mode: 0o600 });
    return { certificate: `${name}.pem`, key: `${name}-key.pem` };
  }

  private add(pem: string): void {
    this.keys.set(fingerprint(createPublicKey(createPrivateKey(pem))), pem);
  }
}

/** A text that is the same for a key, wherever it was read. */
function fingerprint(key: KeyObject): string {
  return key.export({ format: "der", type: "spki" }).toString("base64");
}

/** Whether two files have a certificate in common. */
export function holdsAny(files: string[], pems: string[]): boolean {
  const known = new Set(files.flatMap((file) => pemsOf(file)).map(raw));
  return pems.some((pem) => known.has(raw(pem)));
}

function raw(pem: string): string {
  return new X509Certificate(pem).raw.toString("base64");
}
