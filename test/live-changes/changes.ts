import type { MutualFleetTlsProps } from "../../lib";
import {
  CertificateAuthority,
  CertificateAuthoritySource,
  ClientAuthentication,
  FleetEsIssuer,
  KeyAlgorithm,
  KeyPassphrase,
  TargetPlatform,
  Validity,
} from "../../lib";
import type { TestStack } from "../support/apps";
import type { Pki } from "../support/pki";
import type { FleetStep } from "./live-fleet";
import type { Change } from "./outcome";

const Source = CertificateAuthoritySource;
const SLOTS = ["fleetCa", "agentCa", "elasticsearchCa"] as const;

type MakeSource = (stack: TestStack) => CertificateAuthoritySource;

/** Every source of a CA, twice where two of them are two CAs. */
function sourcesOf(pki: Pki): Record<string, MakeSource> {
  const given = (name: string) => pki.authority(name);
  const [a, b] = [given("Company A"), given("Company B")];
  const authority = (stack: TestStack, id: string): CertificateAuthority =>
    (stack.node.tryFindChild(id) as CertificateAuthority | undefined) ??
    new CertificateAuthority(stack, id, {
      source: Source.generated(),
      commonName: id,
      keyAlgorithm: KeyAlgorithm.ECDSA_P256,
    });
  const files = ({ certificate, key }: typeof a) => Source.fromFiles({ certificate, privateKey: key, dedicated: true });
  return {
    "generated()": () => Source.generated(),
    "generated(RSA)": () => Source.generated({ keyAlgorithm: KeyAlgorithm.RSA_2048 }),
    "intermediate(a)": (stack) => Source.intermediate({ issuer: authority(stack, "a"), anchor: true }),
    "fromFiles(a)": () => files(a),
    "fromFiles(b)": () => files(b),
    "trustOnly(a)": () => Source.trustOnly({ file: a.certificate, dedicated: true }),
    "trustOnly(b)": () => Source.trustOnly({ file: b.certificate, dedicated: true }),
    "existing(a)": (stack) => Source.existing(authority(stack, "a")),
    "existing(b)": (stack) => Source.existing(authority(stack, "b")),
    "system()": () => Source.system(),
  };
}

/** Every ordered pair of sources for each CA of a mutual fleet. */
function sourceChanges(pki: Pki): Change[] {
  const sources = Object.entries(sourcesOf(pki));
  // A CA in files lives for a month here, and must outlive what it signs by far.
  const step = (slot: string, make: MakeSource): FleetStep => ({
    props: { validity: Validity.days(7) },
    inStack: (stack) => ({ [slot]: make(stack) }),
  });
  return SLOTS.flatMap((slot) =>
    sources.flatMap(([from, before]) =>
      sources
        .filter(([to]) => to !== from)
        .map(([to, after]) => ({
          name: `${slot}: ${from} → ${to}`,
          before: step(slot, before),
          after: step(slot, after),
        })),
    ),
  );
}

/** Every other prop that a running host has to hear of. */
function propChanges(): Change[] {
  const props = (more: Partial<MutualFleetTlsProps>): FleetStep => ({ props: more });
  const both = (name: string, one: FleetStep, other: FleetStep): Change[] => [
    { name, before: one, after: other },
    { name: `${name}, back`, before: other, after: one },
  ];
  const optional = props({ clientAuthentication: ClientAuthentication.OPTIONAL });
  const fresh = { fleetServerUrl: "https://new.example.com:8220" };
  const freshEs = { elasticsearchUrl: "https://new-es.example.com:9200" };
  const confirmed = (value: string): FleetStep => ({
    ...props({ confirmedChanges: [`agents/web-1: ${value}`] }),
    agents: { "web-1": { hostDirectory: "/opt/certs" } },
  });
  return [
    ...both("another agent", {}, { agents: { "web-1": {}, "web-2": {} } }),
    ...both("hostDirectory", {}, { agents: { "web-1": { hostDirectory: "/opt/certs" } } }),
    { name: "hostDirectory, confirmed", before: {}, after: confirmed("platform=linux hostDirectory=/opt/certs") },
    ...both("platform", {}, { agents: { "web-1": { platform: TargetPlatform.MACOS } } }),
    ...both("executable", {}, { agents: { "web-1": { executable: "sudo ./elastic-agent" } } }),
    ...both("agentKeyPassphrase", {}, props({ agentKeyPassphrase: KeyPassphrase.generated() })),
    ...both("fleetServerUrl", {}, props(fresh)),
    ...both(
      "fleetServerUrl with formerUrls",
      {},
      {
        props: { ...fresh, formerUrls: { fleetServer: ["https://fleet.example.com:8220"] } },
      },
    ),
    ...both("elasticsearchUrl", {}, props(freshEs)),
    ...both(
      "elasticsearchUrl with formerUrls",
      {},
      {
        props: { ...freshEs, formerUrls: { elasticsearch: ["https://es.example.com:9200"] } },
      },
    ),
    ...both("one-way to REQUIRED", { isOneWay: true }, {}),
    ...both("one-way to OPTIONAL", { isOneWay: true }, optional),
    ...both("OPTIONAL to REQUIRED", optional, {}),
    ...both("pinFleetCa", {}, props({ pinFleetCa: true })),
    ...both("oneCertificatePerFleetServer", {}, props({ oneCertificatePerFleetServer: true })),
    ...both("furtherFleetEsIssuers", {}, props({ furtherFleetEsIssuers: [FleetEsIssuer.FLEET_CA] })),
    ...both("names", {}, props({ fleetServer: { names: ["b.example.com"] } })),
    { name: "a renewal of every certificate", before: {}, after: props({ validity: Validity.days(100) }) },
    {
      name: "keyAlgorithm of hosts",
      before: {},
      after: { agents: { "web-1": { keyAlgorithm: KeyAlgorithm.RSA_2048 } } },
    },
  ];
}

/** Every change in the order of the table. */
export function changesOf(pki: Pki): Change[] {
  return [...propChanges(), ...sourceChanges(pki)];
}
