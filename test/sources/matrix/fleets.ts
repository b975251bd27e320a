import type { AgentOptions, FleetServerOptions, FleetTls, MutualFleetTlsProps } from "../../../lib";
import {
  Agent,
  CertificateSource,
  ClientAuthentication,
  KeyAlgorithm,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
} from "../../../lib";
import { TestStack } from "../../support/apps";
import { fleetProps } from "../../support/fleets";
import type { Authorities, Surroundings } from "./authorities";
import { authoritiesOf } from "./authorities";
import type { CompanyCa } from "./company";
import type { AuthorityKind, AuthorityName, Factor, LeafName } from "./factors";
import { ALGORITHMS, AUTHORITIES } from "./factors";
import type { Row } from "./pairwise";

/** A fleet that proves a combination, with the folders of its hosts on this machine. */
export interface ProvedFleet {
  readonly id: string;
  readonly row: Row<Factor>;
  readonly kind: AuthorityKind;
  readonly fleet: FleetTls;
  /** Trust of clients without a configured CA. */
  readonly systemTrust?: { readonly fleet: string; readonly elasticsearch: string };
}

/** Each role of a certificate, and the host that presents it. */
export const ROLES = {
  "fleet-cert": "fleet-server",
  "agent-cert": "agent",
  "own-agent-cert": "fleet-server",
  "fleet-es-cert": "fleet-server",
  "es-cert": "elasticsearch",
} as const;

type Role = keyof typeof ROLES;

/** The stack of those agents that are not in their fleet's. */
export const AGENTS_STACK = "agents";

export const FLEET_NAMES = ["fleet.example.com", "localhost", "127.0.0.1", "::1"];
export const ELASTICSEARCH_NAME = "es.example.com";

const SUBJECT_ALTERNATIVE_NAMES = {
  "fleet-cert": FLEET_NAMES.map((name) => `${/^[\d.:]+$/.test(name) ? "IP" : "DNS"}:${name}`),
  "es-cert": [`DNS:${ELASTICSEARCH_NAME}`],
};

/**
 * Writes a combination as a user would, with hosts whose folders really are where commands say.
 *
 * @param hosts where the folder of the hosts is
 */
export function buildFleet(
  row: Row<Factor>,
  id: string,
  hosts: (...parts: string[]) => string,
  around: Surroundings,
): ProvedFleet {
  const { stack } = around;
  const kind: AuthorityKind = AUTHORITIES[row.CAs as AuthorityName];
  const leaves = row.leaves as LeafName;
  const authorities = authoritiesOf(row, id, around);
  const isMutual = row.mode !== "one-way";
  const keyAlgorithm = ALGORITHMS[row["leaf algorithm"]]!.algorithm;
  const locks = leaves.endsWith("keys encrypted");
  const source = (role: Role): CertificateSource | undefined =>
    certificateSource(row, id, role, hosts, around, authorities);
  const passphrase = locks && leaves.startsWith("generated") ? KeyPassphrase.generated() : undefined;

  const fleetServer: FleetServerOptions = {
    hostDirectory: hosts(id, "fleet-server"),
    certificate: source("fleet-cert"),
    keyPassphrase: passphrase,
    ...(isMutual && {
      agentCertificate: source("own-agent-cert"),
      elasticsearchClientCertificate: source("fleet-es-cert"),
    }),
  };
  const props = {
    ...fleetProps({ outputDirectory: `fleet-tls/${id}`, outputs: false }),
    fleetCa: authorities.fleetCa,
    elasticsearchCa: authorities.elasticsearchCa,
    keyAlgorithm,
    fleetServer,
    // Without client certificates and a CA that issues, there is nothing to configure there.
    elasticsearch:
      isMutual || !kind.isTheirs
        ? {
            configurationDirectory: hosts(id, "elasticsearch"),
            // Elasticsearch reads no Ed25519 key.
            keyAlgorithm: keyAlgorithm === KeyAlgorithm.ED25519 ? KeyAlgorithm.ECDSA_P384 : keyAlgorithm,
            certificate: kind.isTheirs ? undefined : source("es-cert"),
          }
        : undefined,
  };
  const mutual = (): MutualFleetTlsProps => ({
    ...props,
    agentCa: authorities.agentCa,
    clientAuthentication:
      row.mode === "mutual, required" ? ClientAuthentication.REQUIRED : ClientAuthentication.OPTIONAL,
    acceptAnyClientOf: [authorities.fleetCa, authorities.agentCa, authorities.elasticsearchCa],
    agentKeyPassphrase: passphrase,
    intermediatePerStack: kind.isAcrossStacks,
    oneCertificatePerFleetServer: leaves === "one certificate for a Fleet Server",
  });
  const fleet = isMutual ? new MutualFleetTls(stack, id, mutual()) : new OneWayFleetTls(stack, id, props);
  const options: AgentOptions = {
    hostDirectory: hosts(id, "agent"),
    ...(isMutual && agentCertificate(leaves, fleet as MutualFleetTls, source("agent-cert"))),
  };
  if (kind.isAcrossStacks) {
    new Agent(agentsStack(around), `agent-of-${id}`, { ...options, fleet });
  } else {
    fleet.addAgent("agent", options);
  }
  writeTheirs(row, id, hosts, around, authorities, kind);
  const { company } = authorities;
  const pathOf = ({ root }: CompanyCa): string => around.company.path(`${root}.pem`);
  return {
    id,
    row,
    kind,
    fleet,
    ...(row.CAs === "system()" && {
      systemTrust: { fleet: pathOf(company!.fleet), elasticsearch: pathOf(company!.elasticsearch) },
    }),
  };
}

function agentCertificate(leaves: LeafName, fleet: MutualFleetTls, certificate?: CertificateSource): AgentOptions {
  return leaves === "one certificate for agents of a policy"
    ? { sharedCertificate: fleet.addAgentCertificate("policy") }
    : { certificate };
}

function agentsStack({ app }: Surroundings): TestStack {
  return (app.node.tryFindChild(AGENTS_STACK) as TestStack | undefined) ?? new TestStack(app, AGENTS_STACK);
}

/** Where a role's certificate comes from; nothing where Terraform makes it. */
function certificateSource(
  row: Row<Factor>,
  id: string,
  role: Role,
  hosts: (...parts: string[]) => string,
  around: Surroundings,
  { company }: Authorities,
): CertificateSource | undefined {
  const place = (...parts: string[]): string => hostPath(hosts, id, role, ...parts);
  const hasPassphrase = row.leaves.endsWith("keys encrypted") && takesPassphrase(role);
  if (row.leaves.startsWith("fromCertificateRequest")) {
    const passphrasePath = hasPassphrase ? place(`${role}-passphrase`) : undefined;
    return CertificateSource.fromCertificateRequest({ file: requestFile(id, role), passphrasePath });
  }
  if (!row.leaves.startsWith("onHost")) return undefined;
  const isServer = role === "fleet-cert" || role === "es-cert";
  const signer = { "fleet-cert": company!.fleet, "es-cert": company!.elasticsearch }[role as string] ?? company!.agent;
  const name = `${id}-${role}`;
  // Elasticsearch admits what the agent CA signs in any case, so that signs for Fleet Server as its client too.
  around.company.issue(name, signer, {
    usages: [isServer ? "serverAuth" : "clientAuth"],
    names: SUBJECT_ALTERNATIVE_NAMES[role as "fleet-cert"] ?? [],
    algorithm: role === "es-cert" && row["leaf algorithm"] === "Ed25519" ? "ECDSA P-384" : row["leaf algorithm"],
    passphrase: hasPassphrase ? around.company.passphrase : undefined,
  });
  const [certificatePath, privateKeyPath] = [place(`own-${role}.pem`), place(`own-${role}-key.pem`)];
  around.company.copyTo(`${name}.pem`, certificatePath);
  around.company.copyTo(`${name}-key.pem`, privateKeyPath);
  if (!hasPassphrase) return CertificateSource.onHost({ certificatePath, privateKeyPath });
  const passphrasePath = place(`own-${role}-passphrase`);
  around.company.writeTo(passphrasePath, around.company.passphrase);
  return CertificateSource.onHost({ certificatePath, privateKeyPath, passphrasePath });
}

/** What an Elasticsearch that is there already presents. */
function writeTheirs(
  row: Row<Factor>,
  id: string,
  hosts: (...parts: string[]) => string,
  { company }: Surroundings,
  authorities: Authorities,
  kind: AuthorityKind,
): void {
  if (!kind.isTheirs) return;
  const signer = authorities.company?.elasticsearch ?? company.root("elasticsearch", row["CA algorithm"]);
  const names = SUBJECT_ALTERNATIVE_NAMES["es-cert"];
  company.issue(`${id}-theirs`, signer, { usages: ["serverAuth"], names, algorithm: "RSA 2048" });
  const place = (name: string): string => hostPath(hosts, id, "es-cert", name);
  company.copyTo(`${id}-theirs.pem`, place("es-cert.pem"));
  company.copyTo(`${id}-theirs-key.pem`, place("es-cert-key.pem"));
}

/** Path of a role's file on its host. */
export function hostPath(hosts: (...parts: string[]) => string, id: string, role: Role, ...parts: string[]): string {
  const host = ROLES[role];
  return hosts(id, host, ...(host === "elasticsearch" ? ["certs"] : []), ...parts);
}

/** Where the app looks for a request. */
export function requestFile(id: string, role: Role): string {
  return `requests/${id}-${role}.csr`;
}

/** Neither Elasticsearch nor Fleet Server towards it has a passphrase. */
function takesPassphrase(role: Role): boolean {
  return role !== "es-cert" && role !== "fleet-es-cert";
}
