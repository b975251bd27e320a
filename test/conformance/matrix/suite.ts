import { writeFileSync } from "node:fs";

import { PasteShell } from "../../support/paste";
import type { LintReport } from "../lint";
import type { ValidatorName } from "../programs";
import type { PropertyResult } from "../properties";
import type { Skipped, Validators } from "../validators";
import { startValidators } from "../validators";
import { Deployment } from "./deploy";
import type { Edge } from "./edges";
import { edgesOf } from "./edges";
import { authorityFiles, Inspection } from "./inspection";
import { KeyRing } from "./key-ring";
import type { Outcome } from "./outcome";
import { outcomeText } from "./outcome";
import type { FaultKind } from "./refusals";
import { faults, Refusals } from "./refusals";
import { Runner } from "./run";
import { Signer } from "./signer";
import type { Topology } from "./topologies";

export interface SuiteOptions {
  topologies: Topology[];
  validators: ValidatorName[];
  /** What is made to be refused, in addition to what needs no making. @default all of it */
  kinds?: readonly FaultKind[];
  /** @default every edge */
  edges?: (edge: Edge) => boolean;
  lints: boolean;
  log: (line: string) => void;
}

export interface SuiteResult {
  topologies: Topology[];
  versions: Record<string, string>;
  skipped: Skipped[];
  edges: Edge[];
  outcomes: Outcome[];
  properties: PropertyResult[];
  lint?: LintReport;
  seconds: number;
}

/** Deploys the topologies and has the validators at them. */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const { topologies, log } = options;
  const began = Date.now();
  const passed = () => `${Math.round((Date.now() - began) / 1000)} s`;
  const deployment = new Deployment();
  let all: Validators | undefined;
  try {
    log(`deploying ${topologies.length} topologies`);
    // Go trusts these in place of the machine's own (crypto/x509, root_unix.go).
    const env = { SSL_CERT_FILE: deployment.given.systemRoots, SSL_CERT_DIR: deployment.path("no-such-folder") };
    all = await startValidators(options.validators, env);
    await deployment.deploy(topologies);
    log(`${passed()}: deployed; making what must be refused`);
    const edges = await plan(deployment, options);
    const runner = new Runner(all.validators, (outcome) => log(`FAILED ${outcomeText(outcome)}`));
    const inspection = new Inspection(deployment);
    for (const { edge, servers, clients } of edges.flatMap((each) => each.edges)) {
      runner.add(edge, { servers, clients });
    }
    log(`${passed()}: shaking hands`);
    await runner.run();
    log(`${passed()}: looking at certificates`);
    for (const { deployed, edges: own } of edges) {
      await inspection.inspect(
        deployed,
        own.map(({ edge }) => edge),
        all.validators,
      );
    }
    const lint = options.lints ? await inspection.lint() : undefined;
    return {
      topologies,
      versions: Object.fromEntries(
        all.validators.map(({ name, capabilities }) => [name, versionText(capabilities.versions)]),
      ),
      skipped: all.skipped,
      edges: edges.flatMap((each) => each.edges.map(({ edge }) => edge)),
      outcomes: runner.outcomes,
      properties: inspection.properties,
      lint,
      seconds: Math.round((Date.now() - began) / 1000),
    };
  } finally {
    await all?.close();
    deployment.dispose();
  }
}

async function plan(deployment: Deployment, { kinds = faults, edges: wanted = () => true }: SuiteOptions) {
  const shell = new PasteShell(deployment.path("shell"));
  writeFileSync(deployment.given.path("service-token"), "c2VydmljZSB0b2tlbg");
  const refusals = new Refusals(new Signer(deployment.path("made")), new KeyRing(deployment, deployment.path("ring")));
  const isWanted = ({ kind }: { kind: FaultKind }) => kinds.includes(kind);
  return Promise.all(
    deployment.fleets.map(async (deployed) => {
      const authorities = authorityFiles(deployed);
      const own = (await edgesOf(deployment, deployed, shell)).filter(wanted);
      const edges = own.map(async (edge) => ({
        edge,
        servers: (await refusals.servers(edge, authorities)).filter(isWanted),
        clients: (await refusals.clients(edge, authorities)).filter(isWanted),
      }));
      return { deployed, edges: await Promise.all(edges) };
    }),
  );
}

function versionText(versions: Record<string, string>): string {
  return Object.entries(versions)
    .map(([name, version]) => (version.toLowerCase().startsWith(name) ? version : `${name} ${version}`))
    .join(", ");
}
