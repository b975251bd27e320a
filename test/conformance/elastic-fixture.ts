import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pki } from "../support/pki";
import { fleetPki } from "./pki";
import type { Answer, CommandRequest, ServeRequest } from "./protocol";
import type { Validator } from "./validators";

/** The directory that the hand-written commands name. */
export const HOST = "/etc/elastic-agent/certs";

export const ONE_WAY = `elastic-agent install --url=https://fleet.example.com:8220 \\
--certificate-authorities=${HOST}/fleet-ca.pem \\
--fleet-server-es=https://es.example.com:9200 \\
--fleet-server-es-ca=${HOST}/es-ca.pem \\
--fleet-server-cert=${HOST}/fleet-cert.pem \\
--fleet-server-cert-key=${HOST}/fleet-cert-key.pem \\
--fleet-server-service-token-path=${HOST}/service-token \\
--fleet-server-policy=fleet-server-policy \\
--fleet-server-port=8220 \\
--non-interactive`;

export const MUTUAL = ONE_WAY.replace("/fleet-ca.pem", `/fleet-ca.pem,${HOST}/agent-ca.pem`).replace(
  "--fleet-server-policy",
  `--elastic-agent-cert=${HOST}/agent-cert.pem \\
--elastic-agent-cert-key=${HOST}/agent-cert-key.pem \\
--elastic-agent-cert-key-passphrase='${HOST}/agent-cert-key-passphrase' \\
--fleet-server-es-cert=${HOST}/fleet-es-cert.pem \\
--fleet-server-es-cert-key=${HOST}/fleet-es-cert-key.pem \\
--fleet-server-client-auth=required \\
--fleet-server-policy`,
);

export const AGENT = `sudo ./elastic-agent install --url=https://fleet.example.com:8220 \\
--certificate-authorities=${HOST}/fleet-ca.pem --enrollment-token=dGVzdA== --non-interactive`;

export const MUTUAL_AGENT = `${AGENT} --elastic-agent-cert=${HOST}/agent-cert.pem \\
--elastic-agent-cert-key=${HOST}/agent-cert-key.pem --elastic-agent-cert-key-passphrase=${HOST}/agent-cert-key-passphrase`;

export function splitBySh(command: string): string[] {
  const words = execFileSync("sh", ["-c", `set -- ${command}\nprintf '%s\\0' "$@"`], { encoding: "utf8" });
  return words.split("\0").slice(0, -1);
}

/** The answer, which must be none but a good one. */
export function need<A extends Answer>(answer: A): Extract<A, { ok: true }> {
  if (!answer.ok) {
    throw new Error(answer.error);
  }
  return answer as Extract<A, { ok: true }>;
}

/** A PKI in a folder of its own, and what the tests of a command ask for again and again. */
export class ElasticFixture {
  private readonly root = mkdtempSync(join(tmpdir(), "conformance-elastic-"));
  public readonly directory = this.folder();
  public readonly pki: Pki = fleetPki(this.directory);

  public folder(): string {
    return mkdtempSync(join(this.root, "host-"));
  }

  public remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  public read(validator: Validator, command: string, local = this.directory) {
    const request: CommandRequest = { op: "command", argv: splitBySh(command), directories: { [HOST]: local } };
    return validator.request(request);
  }

  public async handleOf(validator: Validator, command: string, local = this.directory): Promise<string> {
    return need(await this.read(validator, command, local)).command;
  }

  public async portOf(validator: Validator, request: Partial<ServeRequest>): Promise<number> {
    return need(await validator.request({ op: "serve", ...request })).port;
  }

  public elasticsearch(validator: Validator, changes: Partial<ServeRequest> = {}): Promise<number> {
    const pair = { certificate: this.pki.path("es-cert.pem"), key: this.pki.path("es-cert-key.pem") };
    return this.portOf(validator, { ...pair, ...changes });
  }
}
