import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import type { LintReport } from "../lint";
import { lintCertificates } from "../lint";
import type { Meant, PropertyResult } from "../properties";
import { authorityProperties, leafProperties } from "../properties";
import type { Validator } from "../validators";
import type { Deployed, Deployment } from "./deploy";
import type { Edge } from "./edges";
import { hasPartialTrust } from "./edges";
import { pemsOf } from "./signer";

type Purpose = "server" | "client";

/** Looks at every certificate that was deployed, without a connection. */
export class Inspection {
  public readonly properties: PropertyResult[] = [];

  public constructor(private readonly deployment: Deployment) {}

  /** Every leaf of a fleet in the roles that its edges give it, and every CA that its hosts trust. */
  public async inspect(deployed: Deployed, edges: Edge[], validators: Validator[]): Promise<void> {
    for (const meant of this.leaves(deployed, edges)) {
      this.properties.push(...leafProperties(meant), ...(await this.verified(meant, validators)));
    }
    const trusted = new Set(edges.flatMap(({ client, server }) => [...client.cas, ...server.clientCas]));
    const chains = edges.flatMap(({ client, server }) => [server.pair, client.pair].map((pair) => pair?.certificate));
    const files = [...trusted, ...chains.filter((file) => file !== undefined)];
    const given = new Set(certificateFiles(this.deployment.given.folder).flatMap(pemsOf));
    // What was there before the deploy is not ours to judge, wherever a copy of it is.
    for (const file of trusted) this.properties.push(...authorityProperties(file, files, given));
  }

  /** Every certificate that a deploy made, each once, however many hosts have it. */
  public async lint(): Promise<LintReport> {
    const given = new Set(certificateFiles(this.deployment.given.folder).flatMap(pemsOf));
    const made = new Set(certificateFiles(this.deployment.path("fleet-tls")).flatMap(pemsOf));
    const files = [...made]
      .filter((pem) => !given.has(pem))
      .map((pem, index) => {
        const file = this.deployment.path(`certificate-${index}.pem`);
        writeFileSync(file, `${pem}\n`);
        return file;
      });
    return lintCertificates(files);
  }

  private leaves({ topology }: Deployed, edges: Edge[]): Meant[] {
    const leaves = new Map<string, Meant>();
    const add = (pair: NonNullable<Edge["client"]["pair"]>, purpose: Purpose, trust: string[], names: string[]) => {
      const { certificate: file, key, passphrase } = pair;
      // What was there before the deploy is not ours to judge.
      if (dirname(file) === this.deployment.given.folder) {
        return;
      }
      const known = leaves.get(file) ?? {
        ...{ file, key, passphrase, trust, purposes: [], names: [], days: topology.days ?? 397 },
        commonName: (/agents$/.test(dirname(dirname(file))) && topology.agentName) || basename(dirname(file)),
        renewal: this.renewalOf(file),
      };
      known.purposes = [...new Set([...known.purposes, purpose])].sort().reverse();
      known.names = [...new Set([...known.names, ...names])];
      leaves.set(file, known);
    };
    for (const { server, client, names } of edges) {
      add(server.pair, "server", client.cas, names);
      if (client.pair && server.clientAuth !== "none") {
        add(client.pair, "client", server.clientCas, []);
      }
    }
    return [...leaves.values()];
  }

  private renewalOf(file: string): Meant["renewal"] {
    const [leaf] = pemsOf(file);
    const signed = this.deployment
      .resources("tls_locally_signed_cert")
      .find(({ cert_pem: pem }) => String(pem).trim() === leaf);
    return (
      signed && {
        earlyRenewalHours: Number(signed["early_renewal_hours"]),
        isReady: signed["ready_for_renewal"] === true,
      }
    );
  }

  /** What validates paths by itself has its say too, and must refuse the role that the certificate is not for. */
  private async verified(meant: Meant, validators: Validator[]): Promise<PropertyResult[]> {
    const { file, trust, purposes, names } = meant;
    const results: PropertyResult[] = [];
    for (const validator of validators.filter((each) => each.can("verify"))) {
      for (const purpose of ["server", "client"] as const) {
        const name = purpose === "server" && validator.capabilities.verifies.includes("name") ? names[0] : undefined;
        const request = {
          op: "verify",
          chain: file,
          cas: trust,
          purpose,
          partialChain: hasPartialTrust(trust),
        } as const;
        const { ok } = await validator.request({ ...request, ...(name === undefined ? {} : { name }) });
        const property = `${validator.name} accepts it in its roles and in no other`;
        results.push({ file, property, holds: ok === purposes.includes(purpose) });
      }
    }
    return results;
  }
}

function certificateFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".pem"))
    .map((name) => join(folder, name))
    .filter((file) => readFileSync(file, "utf8").includes("BEGIN CERTIFICATE"));
}

/** The CAs that hosts of a fleet know, whoever of them trusts which. */
export function authorityFiles({ folder }: Deployed): string[] {
  return certificateFiles(folder).filter((file) => file.endsWith("-ca.pem"));
}
