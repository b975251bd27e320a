import { CertificateAuthoritySource as Source, CertificateSource, KeyAlgorithm, KeyPassphrase } from "../../../../lib";
import { secretVariable } from "../../../support/fleets";
import type { Topology } from "./topology";
import { fromFiles, given, mutual, OPTIONAL, RSA, WEEK, WEEKLY, withAgent } from "./topology";

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
    shows: "encrypted RSA keys with a passphrase of yours; optional",
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
    shows: "keys generated on their hosts: an agent's and a Fleet Server's",
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
    shows: "pairs that exist on their hosts, issued by the company's CAs",
    days: WEEK,
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
      const agentCa = fromFiles("company-agents");
      const fleet = mutual(stack, "on-host", {
        ...WEEKLY,
        fleetCa,
        acceptAnyClientOf: [fleetCa, agentCa],
        agentCa,
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
];
