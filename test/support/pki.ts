import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import type { Pair } from "./openssl";

const CA = [
  "basicConstraints=critical,CA:TRUE",
  "keyUsage=critical,keyCertSign,cRLSign",
  "subjectKeyIdentifier=hash",
  "authorityKeyIdentifier=keyid",
];

function leaf(purpose: "serverAuth" | "clientAuth", names: string[]): string[] {
  return [
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    `extendedKeyUsage=${purpose}`,
    "subjectKeyIdentifier=hash",
    "authorityKeyIdentifier=keyid",
    ...(names.length > 0 ? [`subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`] : []),
  ];
}

/** CAs and certificates that are not ours, made by OpenSSL in a folder when a test runs. */
export class Pki {
  constructor(private readonly folder: string) {
    fs.mkdirSync(folder, { recursive: true });
  }

  /** A root CA; answers the file of its certificate. */
  public authority(name: string): string {
    return this.make(name, CA).certificate;
  }

  /** A certificate of the same CA that is valid for longer: the same name, the same key. */
  public renew(name: string): void {
    const [certificate, key, config] = ["pem", "key", "cnf"].map((end) => path.join(this.folder, `${name}.${end}`));
    const request = ["req", "-x509", "-new", "-key", key!, "-config", config!, "-extensions", "ext"];
    execFileSync("openssl", [...request, "-subj", `/CN=${name}`, "-days", "60", "-out", certificate!], {
      stdio: "ignore",
    });
  }

  public server(name: string, issuer: string, names: string[]): Pair {
    return this.make(name, leaf("serverAuth", names), issuer);
  }

  public client(name: string, issuer: string): Pair {
    return this.make(name, leaf("clientAuth", []), issuer);
  }

  private make(name: string, extensions: string[], issuer?: string): Pair {
    const [certificate, key, config] = ["pem", "key", "cnf"].map((end) => path.join(this.folder, `${name}.${end}`)) as [
      string,
      string,
      string,
    ];
    fs.writeFileSync(config, `[req]\ndistinguished_name=dn\n[dn]\n[ext]\n${extensions.join("\n")}\n`);
    const signer = issuer === undefined ? [] : ["-CA", issuer, "-CAkey", issuer.replace(/pem$/, "key")];
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key],
        ...["-config", config, "-extensions", "ext", "-subj", `/CN=${name}`, "-days", "30", ...signer],
        ...["-out", certificate],
      ],
      { stdio: "ignore" },
    );
    return { certificate, key };
  }
}
