import { copyFileSync, writeFileSync } from "node:fs";
import { CLIENT, Pki, SERVER } from "../support/pki";

export type LeafUsage = "serverAuth" | "clientAuth";

/** Encrypts NAME-key.pem, keeps a copy as NAME-plain-key.pem, and writes NAME-key-passphrase without a newline. */
export function encryptKey(pki: Pki, name: string, passphrase: string): void {
  copyFileSync(pki.path(`${name}-key.pem`), pki.path(`${name}-plain-key.pem`));
  writeFileSync(pki.path(`${name}-key-passphrase`), passphrase);
  const files = ["-in", `${name}-plain-key.pem`, "-out", `${name}-key.pem`];
  pki.openssl("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", `pass:${passphrase}`, ...files);
}

/** Writes the key once more in its algorithm's older format: SEC1, or PKCS#1. */
export function traditionalKey(pki: Pki, name: string): string {
  pki.openssl("pkey", "-traditional", "-in", `${name}-key.pem`, "-out", `${name}-traditional-key.pem`);
  return pki.path(`${name}-traditional-key.pem`);
}

/** The files of a mutual topology under the design's names, and what must be refused in their place. */
export function fleetPki(directory: string): Pki {
  const pki = new Pki(directory);
  for (const name of ["fleet-ca", "agent-ca", "es-ca", "foreign-ca"]) {
    pki.authority(name);
  }
  pki.leaf("fleet-cert", "fleet-ca", SERVER, ["DNS:fleet.example.com", "DNS:localhost", "IP:127.0.0.1"]);
  pki.leaf("es-cert", "es-ca", SERVER, ["DNS:es.example.com"]);
  pki.leaf("agent-cert", "agent-ca", CLIENT);
  pki.leaf("fleet-es-cert", "es-ca", CLIENT);
  pki.leaf("foreign-cert", "foreign-ca", CLIENT);
  pki.leaf("server-as-client", "agent-ca", SERVER, ["DNS:localhost"]);
  pki.leaf("client-as-server", "fleet-ca", CLIENT, ["DNS:fleet.example.com"]);
  encryptKey(pki, "agent-cert", "a passphrase");
  writeFileSync(pki.path("service-token"), "AAEAAWVsYXN0aWM");
  return pki;
}
