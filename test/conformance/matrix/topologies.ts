import type { App } from "cdktf";

import type { FleetTls, FleetTlsProps } from "../../../lib";
import {
  Agent,
  CertificateAuthority,
  CertificateAuthoritySource,
  CertificateSource,
  ClientAuthentication,
  KeyAlgorithm,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  OutputTrust,
  Validity,
} from "../../../lib";
import { TestStack } from "../../support/apps";
import { fleetProps, secretVariable } from "../../support/fleets";
import { Given } from "./given";

/** One fleet, as a user would write it. */
export interface Topology {
  name: string;
  /** What it is there to show. */
  shows: string;
  /** Every validator meets every other on each edge; elsewhere the pairs take turns. */
  everyPair?: boolean;
  /** By which names beside those of this machine each Fleet Server is dialled. @default - that of the fleet's URL */
  dialled?: Record<string, string[]>;
  /** The names of each Elasticsearch. @default - that of the fleet's URL */
  elasticsearchNames?: Record<string, string[]>;
  /** Files on hosts that no deploy wrote: host path to name among what is given. */
  onHosts?: Record<string, string>;
  /** How long its leaves are valid, in days. @default 397 */
  days?: number;
  /** The common name of its agents' certificates. @default - the agent's id */
  agentName?: string;
  /** By what agents' outputs trust Elasticsearch. @default OutputTrust.INLINE */
  outputTrust?: OutputTrust;
  build(stack: TestStack, app: App): FleetTls;
}

const Source = CertificateAuthoritySource;

/** A given CA lives for a month here, so what it signs must end sooner. */
const WEEK = Validity.days(7);
const weekly = { validity: WEEK };

const given = (name: string): string => `${Given.FOLDER}/${name}`;
const fromFiles = (name: string) =>
  Source.fromFiles({
    certificate: given(`${name}.pem`),
    privateKey: given(`${name}-key.pem`),
    chain: given("company.pem"),
  });

/** Two CAs of one company's root. */
function company(stack: TestStack, id: string, keyAlgorithm = KeyAlgorithm.ECDSA_P256): CertificateAuthority {
  return new CertificateAuthority(stack, id, { source: Source.generated(), commonName: id, keyAlgorithm });
}

function oneWay(stack: TestStack, name: string, props: Partial<FleetTlsProps> = {}): FleetTls {
  const fleet = new OneWayFleetTls(stack, name, place(name, props));
  fleet.addAgent("web-1");
  return fleet;
}

function mutual(
  stack: TestStack,
  name: string,
  props: Partial<ConstructorParameters<typeof MutualFleetTls>[2]> = {},
): MutualFleetTls {
  return new MutualFleetTls(stack, name, { ...place(name, props), ...props });
}

function place(name: string, props: Partial<FleetTlsProps>): FleetTlsProps {
  return { ...fleetProps(), ...props, outputDirectory: `fleet-tls/${name}` };
}

function withAgent<F extends FleetTls>(fleet: F): F {
  fleet.addAgent("web-1");
  return fleet;
}

const OPTIONAL = { clientAuthentication: ClientAuthentication.OPTIONAL };
const RSA = { keyAlgorithm: KeyAlgorithm.RSA_2048 };

/** Each mode with each of the two kinds of keys that everything reads. */
export const modes: Topology[] = [
  {
    name: "one-way",
    shows: "one-way, P-256; outputs by fingerprint",
    outputTrust: OutputTrust.FINGERPRINT,
    everyPair: true,
    build: (stack) => oneWay(stack, "one-way"),
  },
  {
    name: "mutual",
    shows: "mutual, required, P-256",
    everyPair: true,
    build: (stack) => withAgent(mutual(stack, "mutual")),
  },
  {
    name: "optional",
    shows: "mutual, optional, P-256; outputs by fingerprint",
    outputTrust: OutputTrust.FINGERPRINT,
    build: (stack) => withAgent(mutual(stack, "optional", OPTIONAL)),
  },
  { name: "one-way-rsa", shows: "one-way, RSA 2048", build: (stack) => oneWay(stack, "one-way-rsa", RSA) },
  {
    name: "mutual-rsa",
    shows: "mutual, required, RSA 2048; outputs by a file on the host",
    outputTrust: OutputTrust.HOST_FILE,
    build: (stack) => withAgent(mutual(stack, "mutual-rsa", RSA)),
  },
  {
    name: "optional-rsa",
    shows: "mutual, optional, RSA 2048",
    build: (stack) => withAgent(mutual(stack, "optional-rsa", { ...OPTIONAL, ...RSA })),
  },
];

/** Where CAs come from. */
export const authorities: Topology[] = [
  {
    name: "intermediate",
    shows: "intermediates of one RSA root, which is what hosts trust; optional",
    build: (stack) => {
      const root = company(stack, "intermediate-root", KeyAlgorithm.RSA_3072);
      const source = () => Source.intermediate({ issuer: root });
      return withAgent(
        mutual(stack, "intermediate", { fleetCa: source(), agentCa: source(), elasticsearchCa: source(), ...OPTIONAL }),
      );
    },
  },
  {
    name: "anchor",
    shows: "intermediates of one root, each an anchor itself; outputs by fingerprint",
    outputTrust: OutputTrust.FINGERPRINT,
    build: (stack) => {
      const root = company(stack, "anchor-root");
      const source = () => Source.intermediate({ issuer: root, anchor: true });
      return withAgent(mutual(stack, "anchor", { fleetCa: source(), agentCa: source(), elasticsearchCa: source() }));
    },
  },
  {
    name: "from-files",
    shows: "a company's intermediates from files, RSA, one key locked",
    days: 7,
    build: (stack) => {
      const fleetCa = Source.fromFiles({
        certificate: given("company-fleet.pem"),
        privateKey: given("company-fleet-locked-key.pem"),
        chain: given("company.pem"),
        passphrase: secretVariable(stack, "company-passphrase"),
        anchor: true,
      });
      const agentCa = fromFiles("company-agents");
      return withAgent(mutual(stack, "from-files", { ...weekly, fleetCa, agentCa, acceptAnyClientOf: [fleetCa] }));
    },
  },
  {
    name: "from-pem",
    shows: "a company's root from a variable, one-way, RSA",
    days: 7,
    build: (stack) =>
      oneWay(stack, "from-pem", {
        ...weekly,
        ...RSA,
        fleetCa: Source.fromPem({
          certificate: secretVariable(stack, "company-certificate"),
          privateKey: secretVariable(stack, "company-key"),
        }),
      }),
  },
  {
    name: "trust-only",
    shows: "an Elasticsearch that is there already",
    build: (stack) =>
      withAgent(mutual(stack, "trust-only", { elasticsearchCa: Source.trustOnly({ file: given("theirs-ca.pem") }) })),
  },
  {
    name: "existing",
    shows: "one CA of another construct for every job; optional",
    build: (stack) => {
      const shared = Source.existing(company(stack, "shared"));
      const all = { fleetCa: shared, agentCa: shared, elasticsearchCa: shared };
      return withAgent(mutual(stack, "existing", { ...all, ...OPTIONAL }));
    },
  },
  {
    name: "rotating",
    shows: "a second generation introduced, the first one signs",
    build: (stack) => withAgent(mutual(stack, "rotating", rotation("1"))),
  },
  {
    name: "rotated",
    shows: "the second generation, RSA, signs; the first one is still trusted",
    build: (stack) => withAgent(mutual(stack, "rotated", rotation("2", KeyAlgorithm.RSA_2048))),
  },
  {
    name: "across-stacks",
    shows: "an agent in another stack, signed for by that stack's intermediate",
    build: (stack, app) => {
      const fleet = mutual(stack, "across-stacks", { intermediatePerStack: true });
      new Agent(new TestStack(app, "other"), "web-1", { fleet });
      return fleet;
    },
  },
];

/** Where leaves and their keys come from, and what kinds of keys there are. */
export const leaves: Topology[] = [
  {
    name: "encrypted",
    shows: "encrypted keys of agents and of Fleet Server, P-384",
    build: (stack) =>
      withAgent(
        mutual(stack, "encrypted", {
          keyAlgorithm: KeyAlgorithm.ECDSA_P384,
          agentKeyPassphrase: KeyPassphrase.generated(),
          fleetServer: { keyPassphrase: KeyPassphrase.generated() },
        }),
      ),
  },
  {
    name: "encrypted-rsa",
    shows: "encrypted RSA keys, passphrase of a person; optional",
    build: (stack) => {
      const passphrase = KeyPassphrase.fromVariable(secretVariable(stack, "chosen"));
      const fleetServer = { keyPassphrase: passphrase };
      return withAgent(
        mutual(stack, "encrypted-rsa", { ...RSA, ...OPTIONAL, agentKeyPassphrase: passphrase, fleetServer }),
      );
    },
  },
  {
    name: "requests",
    shows: "keys that were born on their hosts: an agent's and a Fleet Server's",
    onHosts: {
      "/etc/elastic-agent/certs/agent-cert-key.pem": "web-1-born-key.pem",
      "/etc/elastic-agent/certs/fleet-cert-key.pem": "fleet-server-born-key.pem",
    },
    build: (stack) => {
      const request = (host: string) => CertificateSource.fromCertificateRequest({ file: given(`${host}.csr`) });
      const agentCertificate = CertificateSource.generated();
      const fleet = mutual(stack, "requests", {
        fleetServer: { certificate: request("fleet-server"), agentCertificate },
      });
      fleet.addAgent("web-1", { certificate: request("web-1") });
      return fleet;
    },
  },
  {
    name: "on-host",
    shows: "pairs that lie on their hosts, of the company's CAs",
    days: 7,
    onHosts: {
      "/etc/pki/agent.pem": "on-host-chain.pem",
      "/etc/pki/agent-key.pem": "on-host-key.pem",
      "/etc/pki/fleet.pem": "on-host-fleet-chain.pem",
      "/etc/pki/fleet-key.pem": "on-host-fleet-key.pem",
    },
    build: (stack) => {
      const pair = (name: string) =>
        CertificateSource.onHost({
          certificatePath: `/etc/pki/${name}.pem`,
          privateKeyPath: `/etc/pki/${name}-key.pem`,
        });
      const fleetCa = fromFiles("company-fleet");
      const fleet = mutual(stack, "on-host", {
        ...weekly,
        fleetCa,
        acceptAnyClientOf: [fleetCa],
        agentCa: fromFiles("company-agents"),
        fleetServer: { certificate: pair("fleet") },
      });
      fleet.addAgent("web-1", { certificate: pair("agent") });
      return fleet;
    },
  },
  {
    name: "one-certificate",
    shows: "one certificate for all roles of a Fleet Server, P-521",
    build: (stack) =>
      withAgent(
        mutual(stack, "one-certificate", {
          oneCertificatePerFleetServer: true,
          keyAlgorithm: KeyAlgorithm.ECDSA_P521,
        }),
      ),
  },
  {
    name: "shared-agent",
    shows: "one certificate for the agents of a policy, encrypted",
    agentName: "policy",
    build: (stack) => {
      const fleet = mutual(stack, "shared-agent", { agentKeyPassphrase: KeyPassphrase.generated() });
      const sharedCertificate = fleet.addAgentCertificate("policy");
      fleet.addAgent("web-1", { sharedCertificate });
      fleet.addAgent("web-2", { sharedCertificate });
      return fleet;
    },
  },
  {
    name: "ed25519",
    shows: "Ed25519 for Fleet Server and agents, RSA for Elasticsearch",
    build: (stack) =>
      withAgent(
        mutual(stack, "ed25519", {
          keyAlgorithm: KeyAlgorithm.ED25519,
          elasticsearchCa: Source.generated({ keyAlgorithm: KeyAlgorithm.RSA_2048 }),
          elasticsearch: { keyAlgorithm: KeyAlgorithm.RSA_2048 },
        }),
      ),
  },
  {
    name: "mixed",
    shows: "P-384 under RSA 4096, RSA 3072 under P-521, Elasticsearch P-256",
    build: (stack) => {
      const fleet = mutual(stack, "mixed", {
        fleetCa: Source.generated({ keyAlgorithm: KeyAlgorithm.RSA_4096 }),
        agentCa: Source.generated({ keyAlgorithm: KeyAlgorithm.ECDSA_P521 }),
        fleetServer: { keyAlgorithm: KeyAlgorithm.ECDSA_P384 },
      });
      fleet.addAgent("web-1", { keyAlgorithm: KeyAlgorithm.RSA_3072 });
      return fleet;
    },
  },
  {
    name: "several",
    shows: "addresses in the URLs, two Fleet Servers and two Elasticsearch nodes, each with names of its own",
    dialled: {
      "fleet-server": ["10.0.0.1", "fleet-a.internal", "fd00::a"],
      "fleet-b": ["10.0.0.1", "fleet-b.internal"],
    },
    elasticsearchNames: { elasticsearch: ["fd00::1"], "es-2": ["fd00::1", "es-2.internal", "10.0.0.9"] },
    build: (stack) => {
      const fleet = mutual(stack, "several", {
        fleetServerUrl: "https://10.0.0.1:8220",
        elasticsearchUrl: "https://[fd00::1]:9200",
        fleetServer: { names: ["fleet-a.internal", "fd00::a"] },
      });
      fleet.addFleetServer("fleet-b", { names: ["fleet-b.internal"] });
      fleet.addElasticsearchNode("es-2", { names: ["es-2.internal", "10.0.0.9"] });
      return withAgent(fleet);
    },
  },
];

export const topologies: Topology[] = [...modes, ...authorities, ...leaves];

function rotation(issuing: string, keyAlgorithm = KeyAlgorithm.ECDSA_P256) {
  const source = () =>
    Source.rotating({
      generations: { "1": Source.generated(), "2": Source.generated({ keyAlgorithm }) },
      issuing,
      startsHere: true,
    });
  return { fleetCa: source(), agentCa: source(), elasticsearchCa: source() };
}
