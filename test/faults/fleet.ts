import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, LocalBackend, PgBackend, TerraformStack } from "cdktf";

import type { Validity } from "../../lib";
import { CertificateAuthoritySource, KeyPassphrase, MutualFleetTls } from "../../lib";
import { fleetProps } from "../support/fleets";

/** What a scenario chooses about the fleet that it breaks. */
export interface FleetShape {
  /** @default "local" */
  readonly backend?: "local" | "pg";
  /** @default ["web-1"] */
  readonly agents?: readonly string[];
  /** @default FLEET_FOLDER */
  readonly outputDirectory?: string;
  readonly fleetCa?: CertificateAuthoritySource;
  readonly validity?: Validity;
  /** Whether every CA but a given `fleetCa` starts here, because the state is lost. */
  readonly startsHere?: boolean;
}

/** The one stack of every project here. */
export const STACK = "stack";

/** Where its hosts' folders are written, unless a scenario says otherwise. */
export const FLEET_FOLDER = "fleet-tls/stack/fleet";

/** Builds everything that a fleet can contain: two modes' files, three CAs, encrypted keys and their passphrases. */
export function buildFleet(shape: FleetShape = {}): (app: App) => void {
  return (app) => addFleet(app, shape);
}

function addFleet(app: App, shape: FleetShape): void {
  const stack = new TerraformStack(app, STACK);
  new TlsProvider(stack, "tls");
  new LocalProvider(stack, "local");
  stack.addOverride("terraform.required_providers.local.version", "~> 2.6");
  if (shape.backend === "pg") {
    // The connection comes from the environment, so that it is nowhere in what is synthesised.
    new PgBackend(stack, { connStr: undefined!, schemaName: "fleet" });
  } else {
    new LocalBackend(stack, { path: `../../../terraform.${STACK}.tfstate` });
  }
  const own = shape.startsHere ? startsHere() : undefined;
  const fleet = new MutualFleetTls(stack, "fleet", {
    ...fleetProps({
      ...(own && { fleetCa: own, elasticsearchCa: own }),
      ...(shape.outputDirectory !== undefined && { outputDirectory: shape.outputDirectory }),
      ...(shape.fleetCa && { fleetCa: shape.fleetCa }),
      ...(shape.validity && { validity: shape.validity }),
    }),
    ...(own && { agentCa: own }),
    agentKeyPassphrase: KeyPassphrase.generated(),
  });
  for (const agent of shape.agents ?? ["web-1"]) fleet.addAgent(agent);
}

function startsHere(): CertificateAuthoritySource {
  const generations = { "1": CertificateAuthoritySource.generated() };
  return CertificateAuthoritySource.rotating({ generations, issuing: "1", startsHere: true });
}

// The app of a project that cdktf itself deploys.
if (require.main === module) {
  const app = new App({ stackTraces: false });
  buildFleet()(app);
  app.synth();
}
