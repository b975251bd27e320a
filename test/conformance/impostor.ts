import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pki } from "../support/pki";
import { SERVER } from "../support/pki";
import { HOST, need, splitBySh } from "./elastic-fixture";
import { fleetPki } from "./pki";
import { startValidators } from "./validators";
import type { Validator, Validators } from "./validators";

const NAME = "es.example.com";

/** How Fleet Server reaches Elasticsearch: by its command, or by its policy's output once that has arrived. */
export type FleetServer = { command: string } | { output: Record<string, unknown> };

/**
 * Elasticsearch and an impostor: each has a certificate of a public CA, which the validators' operating system trusts,
 * and one of a CA that Elasticsearch's owner runs. The impostor's certificates are for another name.
 */
export class Impostor {
  public static async start(): Promise<Impostor> {
    const folder = mkdtempSync(join(tmpdir(), "conformance-impostor-"));
    const pki = fleetPki(folder);
    pki.authority("public-ca");
    for (const authority of ["public-ca", "es-ca"]) {
      pki.leaf(`${authority}-genuine`, authority, SERVER, [`DNS:${NAME}`]);
      pki.leaf(`${authority}-impostor`, authority, SERVER, ["DNS:impostor.example.net"]);
    }
    const env = { SSL_CERT_FILE: pki.path("public-ca.pem"), SSL_CERT_DIR: pki.path("no-such-folder") };
    return new Impostor(folder, pki, await startValidators(["elastic-v0.31.0", "elastic-v0.46.3"], env));
  }

  private readonly ports = new Map<string, Promise<number>>();

  private constructor(
    private readonly folder: string,
    public readonly pki: Pki,
    private readonly all: Validators,
  ) {}

  /** The folder of this machine that stands for the host directory. */
  public get directories(): Record<string, string> {
    return { [HOST]: this.folder };
  }

  /**
   * What Fleet Server does when the impostor answers in Elasticsearch's place, for v0.31.0 and v0.46.3 of Elastic's
   * library. Fails unless it accepts the genuine Elasticsearch.
   */
  public async answers(authority: "public-ca" | "es-ca", server: FleetServer): Promise<("accepted" | "refused")[]> {
    const answers = this.all.validators.map(async (validator) => {
      need(await this.connect(validator, `${authority}-genuine`, server));
      const answer = await this.connect(validator, `${authority}-impostor`, server);
      if (!answer.ok && !answer.error.includes(`certificate is valid for impostor.example.net, not ${NAME}`)) {
        throw new Error(`refused for another reason: ${answer.error}`);
      }
      return answer.ok ? ("accepted" as const) : ("refused" as const);
    });
    return Promise.all(answers);
  }

  /** Whether Fleet Server accepts the genuine Elasticsearch with a certificate of this CA, in both versions. */
  public async accepts(authority: "public-ca" | "es-ca", server: FleetServer): Promise<boolean[]> {
    const answers = this.all.validators.map((validator) => this.connect(validator, `${authority}-genuine`, server));
    return (await Promise.all(answers)).map((answer) => {
      if (!answer.ok && !answer.error.includes("certificate signed by unknown authority")) {
        throw new Error(`refused for another reason: ${answer.error}`);
      }
      return answer.ok;
    });
  }

  public fingerprint(name: string): string {
    const words = ["x509", "-in", this.pki.path(`${name}.pem`), "-noout", "-fingerprint", "-sha256"];
    return execFileSync("openssl", words, { encoding: "utf8" }).split("=")[1]!.replaceAll(":", "").trim();
  }

  public async close(): Promise<void> {
    await this.all.close();
    rmSync(this.folder, { recursive: true });
  }

  private async connect(validator: Validator, certificate: string, server: FleetServer) {
    const port = await this.port(validator, certificate);
    const request = { op: "connect" as const, port, serverName: NAME, directories: this.directories };
    if ("output" in server) {
      return validator.request({ ...request, fleetServerOutput: server.output });
    }
    const argv = splitBySh(server.command);
    const { command } = need(await validator.request({ op: "command", argv, directories: this.directories }));
    return validator.request({ ...request, command, edge: "fleet-to-elasticsearch" });
  }

  private port(validator: Validator, name: string): Promise<number> {
    const key = `${validator.name} ${name}`;
    const pair = { certificate: this.pki.path(`${name}.pem`), key: this.pki.path(`${name}-key.pem`) };
    const port = this.ports.get(key) ?? validator.request({ op: "serve", ...pair }).then((answer) => need(answer).port);
    this.ports.set(key, port);
    return port;
  }
}
