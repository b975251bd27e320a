import type { App } from "cdktf";

import type {
  ExternalFleetTlsProps,
  FleetBase,
  FleetTls,
  FleetTlsProps,
  MutualFleetTlsProps,
  OutputTrust,
} from "../../../../lib";
import {
  CertificateAuthority,
  CertificateAuthoritySource,
  ClientAuthentication,
  ExternalFleetTls,
  KeyAlgorithm,
  MutualFleetTls,
  OneWayFleetTls,
  Validity,
} from "../../../../lib";
import type { TestStack } from "../../../support/apps";
import { externalProps, fleetProps } from "../../../support/fleets";
import type { EdgeName } from "../edges";
import { Given } from "../given";

/** One fleet, as a user would write it. */
export interface Topology {
  name: string;
  /** What it is there to show. */
  shows: string;
  /** On which edges every validator meets every other; elsewhere the pairs take turns. @default none */
  everyPair?: EdgeName[];
  /** Names, in addition to those of this machine, by which each Fleet Server is dialled. @default - that of the fleet's URL */
  dialled?: Record<string, string[]>;
  /** The names of each Elasticsearch. @default - that of the fleet's URL */
  elasticsearchNames?: Record<string, string[]>;
  /** What an Elasticsearch serves that has no certificate of this deploy, among what is given. @default theirs */
  elasticsearchServes?: string;
  /** What a Fleet Server that somebody else runs serves, among what is given. @default company-fleet-server */
  fleetServerServes?: string;
  /** Whether such a Fleet Server requires certificates of agents. @default false */
  fleetServerRequires?: boolean;
  /** Files on hosts that no deploy wrote: host path to name among what is given. */
  onHosts?: Record<string, string>;
  /** How long its leaves are valid, in days. @default 397 */
  days?: number;
  /** The common name of its agents' certificates. @default - the agent's id */
  agentName?: string;
  /** By what agents' outputs trust Elasticsearch. @default OutputTrust.INLINE */
  outputTrust?: OutputTrust;
  /** Whether it gets no Kibana in addition to its own; one verifies up to a root. @default false */
  withoutKibana?: boolean;
  /** Whether the agents of its Fleet Servers ship data by outputs of their own. @default false */
  serversHaveOutputs?: boolean;
  build(stack: TestStack, app: App): FleetBase;
}

export const FLEET_EDGES: EdgeName[] = ["agent-to-fleet", "fleet-to-local", "fleet-to-url"];
export const ALL_EDGES: EdgeName[] = [
  ...FLEET_EDGES,
  "fleet-to-elasticsearch",
  "agent-to-elasticsearch",
  "kibana-to-elasticsearch",
];

export const OPTIONAL = { clientAuthentication: ClientAuthentication.OPTIONAL };
export const RSA = { keyAlgorithm: KeyAlgorithm.RSA_2048 };

/** A given CA lives for a month here, so what it signs must end sooner. */
export const WEEKLY = { validity: Validity.days(7) };
export const WEEK = 7;

/** A file that is there before the deploy, as the app names it. */
export function given(name: string): string {
  return `${Given.FOLDER}/${name}`;
}

/** A CA of the company's. */
export function fromFiles(name: string): CertificateAuthoritySource {
  return CertificateAuthoritySource.fromFiles({
    certificate: given(`${name}.pem`),
    privateKey: given(`${name}-key.pem`),
    chain: given("company.pem"),
  });
}

/** A CA of its own, for several jobs or to sign intermediates. */
export function authority(stack: TestStack, id: string, keyAlgorithm = KeyAlgorithm.ECDSA_P256): CertificateAuthority {
  const source = CertificateAuthoritySource.generated();
  return new CertificateAuthority(stack, id, { source, commonName: id, keyAlgorithm });
}

/** A one-way fleet with an agent. */
export function oneWay(stack: TestStack, name: string, props: Partial<FleetTlsProps> = {}): FleetTls {
  return withAgent(
    new OneWayFleetTls(stack, name, { ...fleetProps(), ...props, outputDirectory: `fleet-tls/${name}` }),
  );
}

/** A mutual fleet without an agent. */
export function mutual(stack: TestStack, name: string, props: Partial<MutualFleetTlsProps> = {}): MutualFleetTls {
  return new MutualFleetTls(stack, name, { ...fleetProps(), ...props, outputDirectory: `fleet-tls/${name}` });
}

/** Agents of a Fleet Server that somebody else runs. */
export function external(stack: TestStack, name: string, props: Partial<ExternalFleetTlsProps> = {}): ExternalFleetTls {
  const elasticsearchUrl = "https://es.example.com:9200";
  return new ExternalFleetTls(stack, name, {
    ...externalProps({ elasticsearchUrl, ...props }),
    outputDirectory: `fleet-tls/${name}`,
  });
}

export function withAgent<F extends FleetBase>(fleet: F): F {
  fleet.addAgent("web-1");
  return fleet;
}
