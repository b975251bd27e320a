import type { FleetServerOptions, MutualFleetTlsProps } from "../../lib";
import { CertificateSource, KeyPassphrase, MutualFleetTls, OneWayFleetTls } from "../../lib";
import type { TestStack } from "../support/apps";
import { refusalOf } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { synthStack } from "../support/synth";

type Build = (stack: TestStack) => void;

const passphrase = KeyPassphrase.generated();
const paths = { certificatePath: "/etc/pki/cert.pem", privateKeyPath: "/etc/pki/key.pem" };
const onHost = CertificateSource.onHost({ ...paths, passphrasePath: "/etc/pki/passphrase" });
const born = CertificateSource.fromCertificateRequest({ file: "web.csr", passphrasePath: "/etc/pki/passphrase" });

const fleet = (stack: TestStack, more: Partial<MutualFleetTlsProps> = {}): MutualFleetTls =>
  new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...more });

const agent =
  (options: Parameters<MutualFleetTls["addAgent"]>[1], more: Partial<MutualFleetTlsProps> = {}): Build =>
  (stack) =>
    void fleet(stack, more).addAgent("web-1", { elasticDefend: true, ...options });

const fleetServer =
  (options: FleetServerOptions, more: Partial<MutualFleetTlsProps> = {}): Build =>
  (stack) =>
    void fleet(stack, { fleetServer: { elasticDefend: true, ...options }, ...more });

const AGENT = "stack/fleet/agents/web-1";
const SERVER = "stack/fleet/fleet-server";

describe("an agent's encrypted key is refused where Elastic Defend runs:", () => {
  test.each<[string, string, Build]>([
    ["the fleet's passphrase, for an agent", AGENT, agent({}, { agentKeyPassphrase: passphrase })],
    ["the agent's own passphrase", AGENT, agent({ keyPassphrase: passphrase })],
    ["a key that is made on the host", AGENT, agent({ certificate: born })],
    ["a pair that exists on the host", AGENT, agent({ certificate: onHost })],
    [
      "a certificate that agents share",
      AGENT,
      (stack) => {
        const ours = fleet(stack, { agentKeyPassphrase: passphrase });
        ours.addAgent("web-1", { elasticDefend: true, sharedCertificate: ours.addAgentCertificate("policy") });
      },
    ],
    [
      "the fleet's passphrase, for a Fleet Server's own agent",
      SERVER,
      fleetServer({}, { agentKeyPassphrase: passphrase }),
    ],
    ["a Fleet Server's own agent, made on the host", SERVER, fleetServer({ agentCertificate: born })],
    ["a Fleet Server's own agent, on the host", SERVER, fleetServer({ agentCertificate: onHost })],
    [
      "a Fleet Server's one certificate",
      SERVER,
      fleetServer({ certificate: onHost, names: ["x.example.com"] }, { oneCertificatePerFleetServer: true }),
    ],
    [
      "elasticDefend of the whole fleet",
      SERVER,
      (stack) => void fleet(stack, { elasticDefend: true, agentKeyPassphrase: passphrase }),
    ],
    [
      "a further Fleet Server",
      "stack/fleet/fleet-servers/berlin",
      (stack) => {
        const ours = fleet(stack, { agentKeyPassphrase: passphrase });
        ours.addFleetServer("berlin", { elasticDefend: true });
      },
    ],
  ])("%s", (_, host, build) => {
    expect(refusalOf(build)).toContain(
      `${host}: elasticDefend is true, but the private key of the host's agent is encrypted, and Elastic Defend drops such ` +
        "a key silently; allowed: plain agent keys on hosts with Elastic Defend; remove the key's passphrase",
    );
  });
});

test.each<[string, Build]>([
  ["a plain agent key", agent({})],
  ["a host without Elastic Defend", agent({ elasticDefend: false, keyPassphrase: passphrase })],
  [
    "the key of Fleet Server's own certificate, which Elastic Defend does not read",
    fleetServer({ keyPassphrase: passphrase }),
  ],
  [
    "a one-way fleet, where the agent has no key",
    (stack) => void new OneWayFleetTls(stack, "fleet", fleetProps({ elasticDefend: true })).addAgent("web-1"),
  ],
])("%s is accepted with Elastic Defend", (_, build) => {
  synthStack(build);
});
