import type { MutualFleetTlsProps } from "../../lib";
import {
  CertificateAuthoritySource,
  CertificateSource,
  ClientAuthentication,
  FleetEsIssuer,
  KeyAlgorithm,
  KeyFormat,
  KeyPassphrase,
  StackVersion,
  TargetPlatform,
  Validity,
} from "../../lib";
import type { Pki } from "../support/pki";
import type { FleetStep } from "./live-fleet";
import type { Change } from "./outcome";
import { rotationChanges } from "./rotation-changes";
import { authority, sourceChanges, stepOf } from "./source-changes";

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
  const stackVersion = StackVersion.of("9.5.2");
  const newest = props({ stackVersion });
  const elasticsearch = (clientAuthentication: ClientAuthentication): FleetStep =>
    props({ elasticsearch: { clientAuthentication } });
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
    ...both("fleetEsIssuer", base, {
      inStack: (stack) => ({ fleetEsIssuer: authority(stack, "clients") }),
    }),
    ...both("furtherFleetEsIssuers", base, props({ furtherFleetEsIssuers: [FleetEsIssuer.FLEET_CA] })),
    ...both("names", base, props({ fleetServer: { names: ["b.example.com"] } })),
    {
      name: "a name from names into furtherFleetServerUrls",
      before: props({ fleetServer: { names: ["b.example.com"] } }),
      after: props({ furtherFleetServerUrls: ["https://b.example.com:8220"] }),
    },
    {
      name: "fleetServerUrl and furtherFleetServerUrls, exchanged",
      before: props({ furtherFleetServerUrls: ["https://b.example.com:8220"] }),
      after: props({
        fleetServerUrl: "https://b.example.com:8220",
        furtherFleetServerUrls: ["https://fleet.example.com:8220"],
      }),
    },
    {
      name: "formerUrls away, confirmed",
      before: { props: { ...fresh, formerUrls: { fleetServer: ["https://fleet.example.com:8220"] } } },
      after: {
        props: {
          ...fresh,
          confirmedChanges: [
            "fleetServerUrl: https://new.example.com:8220",
            "fleet-server names: localhost new.example.com",
          ],
        },
      },
    },
    ...both("localNames", newest, props({ stackVersion, fleetServer: { localNames: false } })),
    ...both("keyPassphrase", base, props({ fleetServer: { keyPassphrase: KeyPassphrase.generated() } })),
    ...both("keyFormat", base, props({ keyFormat: KeyFormat.TRADITIONAL })),
    ...both("elasticDefend", base, { agents: { "web-1": { elasticDefend: true } } }),
    ...both("unprivileged", base, { agents: { "web-1": { unprivileged: true, user: "fleet" } } }),
    ...both("container", base, { agents: { "web-1": { container: true } } }),
    ...both("client certificates onHost", ...ownPairs(pki)),
    ...both("Elasticsearch's clientAuthentication", base, elasticsearch(ClientAuthentication.REQUIRED)),
    ...both("another Fleet Server", base, { more: (fleet) => void fleet.addFleetServer("second", {}) }),
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

/** Client certificates of a given CA, issued here and by somebody else on the hosts. */
function ownPairs(pki: Pki): [FleetStep, FleetStep] {
  const { certificate, key } = pki.pair("Company A");
  const make = (): CertificateAuthoritySource =>
    CertificateAuthoritySource.fromFiles({ certificate, privateKey: key, dedicated: true });
  return [stepOf(pki, "agentCa", { make }, false), stepOf(pki, "agentCa", { make, signer: "Company A" }, false)];
}

/** Every change in the order of the table. */
export function changesOf(pki: Pki): Change[] {
  // Makes the CAs that are given in files.
  const sources = sourceChanges(pki);
  return [...propChanges(pki), ...sources, ...rotationChanges(pki)];
}
