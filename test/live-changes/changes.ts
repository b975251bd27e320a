import type { MutualFleetTlsProps } from "../../lib";
import {
  CertificateAuthority,
  CertificateAuthoritySource,
  CertificateSource,
  ClientAuthentication,
  FleetEsIssuer,
  KeyAlgorithm,
  KeyPassphrase,
  TargetPlatform,
  Validity,
} from "../../lib";
import type { TestStack } from "../support/apps";
import type { Pki } from "../support/pki";
import { CLIENT, SERVER } from "../support/pki";
import { OWN_PAIR, SYSTEM_CAS } from "./host-disk";
import type { FleetStep } from "./live-fleet";
import type { Change } from "./outcome";

const Source = CertificateAuthoritySource;
const SLOTS = ["fleetCa", "agentCa", "elasticsearchCa"] as const;
type Slot = (typeof SLOTS)[number];

/** A source of a CA, and who signs for its role where that is not this library. */
interface NamedSource {
  readonly make: (stack: TestStack) => CertificateAuthoritySource;
  readonly signer?: string;
}

/** Every source of a CA, twice where two of them are two CAs. */
function sourcesOf(pki: Pki): Record<string, NamedSource> {
  const [a, b] = [pki.authority("Company A"), pki.authority("Company B")];
  pki.authority("Public");
  const authority = (stack: TestStack, id: string): CertificateAuthority =>
    (stack.node.tryFindChild(id) as CertificateAuthority | undefined) ??
    new CertificateAuthority(stack, id, {
      source: Source.generated(),
      commonName: id,
      keyAlgorithm: KeyAlgorithm.ECDSA_P256,
    });
  const below = (id: string, anchor: boolean): NamedSource => ({
    make: (stack) => Source.intermediate({ issuer: authority(stack, id), anchor }),
  });
  const trusted = ({ certificate }: typeof a, signer: string): NamedSource => ({
    make: () => Source.trustOnly({ file: certificate, dedicated: true }),
    signer,
  });
  return {
    "generated()": { make: () => Source.generated() },
    "intermediate(a)": below("a", false),
    "intermediate(a, anchor)": below("a", true),
    "intermediate(b, anchor)": below("b", true),
    "fromFiles(A)": {
      make: () => Source.fromFiles({ certificate: a.certificate, privateKey: a.key, dedicated: true }),
    },
    "trustOnly(A)": trusted(a, "Company A"),
    "trustOnly(B)": trusted(b, "Company B"),
    "existing(a)": { make: (stack) => Source.existing(authority(stack, "a")) },
    "existing(b)": { make: (stack) => Source.existing(authority(stack, "b")) },
    "system()": { make: () => Source.system(), signer: "Public" },
  };
}

/** A pair of a role that somebody else signed, where it is on its host. */
function othersPair(pki: Pki, slot: Slot, signer: string): Record<string, string> {
  const names = { fleetCa: ["DNS:fleet.example.com"], agentCa: [], elasticsearchCa: ["DNS:es.example.com"] }[slot];
  const { certificate, key } = pki.leaf(`${slot} by ${signer}`, signer, slot === "agentCa" ? CLIENT : SERVER, names);
  return { [OWN_PAIR.certificate]: certificate, [OWN_PAIR.key]: key };
}

/** A fleet with a source for one of its CAs. */
function stepOf(pki: Pki, slot: Slot, { make, signer }: NamedSource, isOneWay: boolean): FleetStep {
  const inStack: FleetStep["inStack"] = (stack) => {
    const source = make(stack);
    // Whether an intermediate's root may admit its other clients is not what changes here.
    return { [slot]: source, ...(!isOneWay && slot !== "elasticsearchCa" && { acceptAnyClientOf: [source] }) };
  };
  const own = { [SYSTEM_CAS]: pki.path("Public.pem") };
  const pair = signer === undefined ? {} : othersPair(pki, slot, signer);
  const certificate = CertificateSource.onHost({
    certificatePath: OWN_PAIR.certificate,
    privateKeyPath: OWN_PAIR.key,
  });
  const isFleet = slot === "fleetCa" && signer !== undefined;
  const isAgent = slot === "agentCa" && signer !== undefined;
  return {
    isOneWay,
    inStack,
    // A CA in files lives for a month here, and must outlive what it signs by far.
    props: {
      validity: Validity.days(7),
      ...(isFleet && { fleetServer: { certificate } }),
      ...(isAgent && { fleetServer: { agentCertificate: certificate } }),
    },
    agents: { "web-1": isAgent ? { certificate } : {} },
    others: {
      agent: { ...own, ...(slot === "agentCa" && pair) },
      fleetServer: { ...own, ...(slot !== "elasticsearchCa" && pair) },
      elasticsearch: slot === "elasticsearchCa" ? pair : {},
    },
  };
}

/** Every ordered pair of sources for each CA. The system's CAs are for the Fleet Server of a one-way fleet alone. */
function sourceChanges(pki: Pki): Change[] {
  const sources = Object.entries(sourcesOf(pki));
  const changes = (title: string, slot: Slot, isOneWay: boolean): Change[] => {
    const steps = sources.map(([name, source]) => ({ name, step: stepOf(pki, slot, source, isOneWay) }));
    return steps.flatMap(({ name: from, step: before }) =>
      steps
        .filter(({ name }) => name !== from)
        .map(({ name: to, step: after }) => ({ name: `${title}: ${from} → ${to}`, before, after })),
    );
  };
  const isOfSystem = ({ name }: Change): boolean => name.includes("system()");
  return [
    ...SLOTS.flatMap((slot) =>
      changes(slot, slot, false).filter((change) => slot === "elasticsearchCa" || !isOfSystem(change)),
    ),
    ...changes("fleetCa of a one-way fleet", "fleetCa", true).filter(isOfSystem),
  ];
}

/** Every other prop that a running host has to hear of. */
function propChanges(pki: Pki): Change[] {
  const props = (more: Partial<MutualFleetTlsProps>): FleetStep => ({ props: more });
  const base: FleetStep = {};
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
    ...both("another agent", base, { agents: { "web-1": {}, "web-2": {} } }),
    ...both("hostDirectory", base, { agents: { "web-1": { hostDirectory: "/opt/certs" } } }),
    { name: "hostDirectory, confirmed", before: base, after: confirmed("platform=linux hostDirectory=/opt/certs") },
    ...both("platform", base, { agents: { "web-1": { platform: TargetPlatform.MACOS } } }),
    ...both("executable", base, { agents: { "web-1": { executable: "sudo ./elastic-agent" } } }),
    ...both("agentKeyPassphrase", base, props({ agentKeyPassphrase: KeyPassphrase.generated() })),
    ...both("fleetServerUrl", base, props(fresh)),
    ...both("fleetServerUrl with formerUrls", base, {
      props: { ...fresh, formerUrls: { fleetServer: ["https://fleet.example.com:8220"] } },
    }),
    ...both("elasticsearchUrl", base, props(freshEs)),
    ...both("elasticsearchUrl with formerUrls", base, {
      props: { ...freshEs, formerUrls: { elasticsearch: ["https://es.example.com:9200"] } },
    }),
    ...both("one-way to REQUIRED", { isOneWay: true }, base),
    ...both("one-way to OPTIONAL", { isOneWay: true }, optional),
    ...both("OPTIONAL to REQUIRED", optional, base),
    ...both("pinFleetCa", base, props({ pinFleetCa: true })),
    ...both("tags", base, { agents: { "web-1": { tags: ["a"] } } }),
    ...both("oneCertificatePerFleetServer", base, props({ oneCertificatePerFleetServer: true })),
    ...both("furtherFleetEsIssuers", base, props({ furtherFleetEsIssuers: [FleetEsIssuer.FLEET_CA] })),
    ...both("names", base, props({ fleetServer: { names: ["b.example.com"] } })),
    ...requestChanges(pki, base),
    { name: "a renewal of every certificate", before: base, after: props({ validity: Validity.days(100) }) },
    {
      name: "keyAlgorithm of hosts",
      before: base,
      after: { agents: { "web-1": { keyAlgorithm: KeyAlgorithm.RSA_2048 } } },
    },
  ];
}

/** A key that stays on its host from now on: the one that is there is kept. And back. */
function requestChanges(pki: Pki, base: FleetStep): Change[] {
  const request = (key: string, name: string): void => {
    pki.openssl("req", "-new", "-key", key, "-subj", "/CN=web-1", "-out", `${name}.csr`);
  };
  const step = (name: string): FleetStep => ({
    agents: { "web-1": { certificate: CertificateSource.fromCertificateRequest({ file: pki.path(`${name}.csr`) }) } },
  });
  pki.key("own");
  request("own-key.pem", "own");
  return [
    {
      name: "fromCertificateRequest",
      before: base,
      after: step("web-1"),
      prepare: (folder) => request(`${folder}/agents/web-1/agent-cert-key.pem`, "web-1"),
    },
    {
      name: "fromCertificateRequest, back",
      before: {
        ...step("own"),
        others: { agent: { "/etc/elastic-agent/certs/agent-cert-key.pem": pki.path("own-key.pem") } },
      },
      after: base,
    },
  ];
}

/** Every change in the order of the table. */
export function changesOf(pki: Pki): Change[] {
  return [...propChanges(pki), ...sourceChanges(pki)];
}
