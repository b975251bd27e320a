import { CertificateAuthority, CertificateAuthoritySource, CertificateSource, KeyAlgorithm, Validity } from "../../lib";
import type { TestStack } from "../support/apps";
import type { Pki } from "../support/pki";
import { CLIENT, SERVER } from "../support/pki";
import { OWN_PAIR, SYSTEM_CAS } from "./host-disk";
import type { FleetStep } from "./live-fleet";
import type { Change } from "./outcome";

const Source = CertificateAuthoritySource;
export const SLOTS = ["fleetCa", "agentCa", "elasticsearchCa"] as const;
type Slot = (typeof SLOTS)[number];

/** A source of a CA, and who signs for its role where that is not this library. */
export interface NamedSource {
  readonly make: (stack: TestStack) => CertificateAuthoritySource;
  readonly signer?: string;
}

/** A CA of the stack, by its id. */
export function authority(stack: TestStack, id: string): CertificateAuthority {
  return (
    (stack.node.tryFindChild(id) as CertificateAuthority | undefined) ??
    new CertificateAuthority(stack, id, {
      source: Source.generated(),
      commonName: id,
      keyAlgorithm: KeyAlgorithm.ECDSA_P256,
    })
  );
}

/** Every source of a CA, twice where two of them are two CAs. */
function sourcesOf(pki: Pki): Record<string, NamedSource> {
  const [a, b] = [pki.authority("Company A"), pki.authority("Company B")];
  pki.authority("Public");
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
export function stepOf(pki: Pki, slot: Slot, { make, signer }: NamedSource, isOneWay: boolean): FleetStep {
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
export function sourceChanges(pki: Pki): Change[] {
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
