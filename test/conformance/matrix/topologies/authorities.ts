import {
  Agent,
  CertificateAuthoritySource as Source,
  CertificateSource,
  KeyAlgorithm,
  OutputTrust,
} from "../../../../lib";
import { TestStack } from "../../../support/apps";
import { secretVariable } from "../../../support/fleets";
import type { Topology } from "./topology";
import { authority, fromFiles, given, mutual, oneWay, OPTIONAL, RSA, WEEK, WEEKLY, withAgent } from "./topology";

/** A Fleet Server's pair that no deploy made, and what is at its paths. */
const ON_HOST_FLEET = {
  "/etc/pki/fleet.pem": "on-host-fleet-chain.pem",
  "/etc/pki/fleet-key.pem": "on-host-fleet-key.pem",
};
const onHostFleet = () =>
  CertificateSource.onHost({ certificatePath: "/etc/pki/fleet.pem", privateKeyPath: "/etc/pki/fleet-key.pem" });

/** Where CAs come from. */
export const authorities: Topology[] = [
  {
    name: "intermediate",
    shows: "intermediates of one RSA root, which is what hosts trust; optional",
    build: (stack) => {
      const root = authority(stack, "intermediate-root", KeyAlgorithm.RSA_3072);
      const [fleetCa, agentCa, elasticsearchCa] = [1, 2, 3].map(() => Source.intermediate({ issuer: root })) as [
        Source,
        Source,
        Source,
      ];
      const acceptAnyClientOf = [fleetCa, agentCa, elasticsearchCa];
      const cas = { fleetCa, agentCa, elasticsearchCa, acceptAnyClientOf };
      return withAgent(mutual(stack, "intermediate", { ...cas, ...OPTIONAL }));
    },
  },
  {
    name: "anchor",
    shows: "intermediates of one root, each an anchor itself; outputs by fingerprint",
    outputTrust: OutputTrust.FINGERPRINT,
    withoutKibana: true,
    build: (stack) => {
      const root = authority(stack, "anchor-root");
      const source = () => Source.intermediate({ issuer: root, anchor: true });
      return withAgent(mutual(stack, "anchor", { fleetCa: source(), agentCa: source(), elasticsearchCa: source() }));
    },
  },
  {
    name: "from-files",
    shows: "a company's intermediates from files, RSA, one key encrypted",
    days: WEEK,
    build: (stack) => {
      const fleetCa = Source.fromFiles({
        certificate: given("company-fleet.pem"),
        privateKey: given("company-fleet-locked-key.pem"),
        chain: given("company.pem"),
        passphrase: secretVariable(stack, "company-passphrase"),
        anchor: true,
      });
      const agentCa = fromFiles("company-agents");
      return withAgent(
        mutual(stack, "from-files", { ...WEEKLY, fleetCa, agentCa, acceptAnyClientOf: [fleetCa, agentCa] }),
      );
    },
  },
  {
    name: "from-pem",
    shows: "a company's root from a variable, one-way, RSA",
    days: WEEK,
    build: (stack) =>
      oneWay(stack, "from-pem", {
        ...WEEKLY,
        ...RSA,
        fleetCa: Source.fromPem({
          certificate: secretVariable(stack, "company-certificate"),
          privateKey: secretVariable(stack, "company-key"),
        }),
      }),
  },
  {
    name: "trust-only",
    shows: "an Elasticsearch that has certificates already",
    build: (stack) =>
      withAgent(mutual(stack, "trust-only", { elasticsearchCa: Source.trustOnly({ file: given("theirs-ca.pem") }) })),
  },
  {
    name: "trust-on-host",
    shows: "CAs whose certificates are on the hosts; Fleet Server's pair too",
    onHosts: {
      "/etc/pki/company.pem": "company.pem",
      "/etc/pki/theirs.pem": "theirs-ca.pem",
      ...ON_HOST_FLEET,
    },
    build: (stack) => {
      const fleetCa = Source.trustOnly({ hostPath: "/etc/pki/company.pem" });
      return withAgent(
        mutual(stack, "trust-on-host", {
          fleetCa,
          acceptAnyClientOf: [fleetCa],
          elasticsearchCa: Source.trustOnly({ hostPath: "/etc/pki/theirs.pem" }),
          fleetServer: { certificate: onHostFleet() },
        }),
      );
    },
  },
  {
    name: "system",
    shows: "the CAs of the hosts' operating systems, one-way",
    elasticsearchServes: "company-es",
    onHosts: ON_HOST_FLEET,
    build: (stack) =>
      oneWay(stack, "system", {
        fleetCa: Source.system(),
        elasticsearchCa: Source.system(),
        fleetServer: { certificate: onHostFleet() },
      }),
  },
  {
    name: "existing",
    shows: "one CA of another construct for every role; optional",
    build: (stack) => {
      const shared = Source.existing(authority(stack, "shared"));
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

function rotation(issuing: string, keyAlgorithm = KeyAlgorithm.ECDSA_P256) {
  const source = () =>
    Source.rotating({
      generations: { "1": Source.generated(), "2": Source.generated({ keyAlgorithm }) },
      issuing,
      startsHere: true,
    });
  return { fleetCa: source(), agentCa: source(), elasticsearchCa: source() };
}
