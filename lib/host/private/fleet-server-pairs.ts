import { isSystemTrust } from "../../authority/records";
import type { Construct } from "constructs";

import { CertificateUsage } from "../../certificate/certificate-usage";
import type { CertificateValidities } from "../../certificate/certificate-validities";
import type { FleetServerOptions } from "../fleet-server-options";
import type { FleetServerHosts } from "../fleet-server-hosts";
import type { ISelfManagedFleetTls } from "../ifleet-tls";
import type { HostFiles } from "../host-files";
import { hasFeature, LOCAL_ENROLLMENT, sinceText } from "../../command/data/stack-features";
import { LOCAL_NAMES } from "../../private/given/read-names";
import { Problems } from "../../private/problems";
import type { ResolvedHostOptions } from "./setup";
import type { Pair, PairProps } from "./pair";
import { createPair } from "./pair";
import type { Renewal } from "../../certificate/renewal-of";
import { renewalOf } from "../../certificate/renewal-of";

/** Certificates of a Fleet Server: for agents, for its own agent, and for Elasticsearch. */
export interface FleetServerPairs {
  readonly server: Pair;
  /** Mutual mode only, like the next. */
  readonly agent?: Pair;
  readonly elasticsearchClient?: Pair;
}

/** Makes a Fleet Server's certificates: one for each role, or one for all where the fleet says so. */
export function createFleetServerPairs(
  host: Construct,
  files: HostFiles,
  fleet: ISelfManagedFleetTls,
  list: FleetServerHosts,
  options: FleetServerOptions,
  { keyAlgorithm, keyFormat, elasticDefend }: ResolvedHostOptions,
): FleetServerPairs {
  const client = fleet.clientTls;
  const shared = { commonName: host.node.id, keyAlgorithm, keyFormat };
  const renewal = (kind: keyof CertificateValidities): Renewal => renewalOf(kind, options, fleet.hostDefaults);
  const isOne = client !== undefined && fleet.oneCertificatePerFleetServer;
  const server: PairProps = {
    ...shared,
    ...renewal("fleetCert"),
    issuer: fleet.fleetCa,
    usage: isOne ? CertificateUsage.SERVER_AND_CLIENT : CertificateUsage.SERVER,
    names: [
      ...new Set([...list.names, ...(options.names ?? []), ...(options.localNames === false ? [] : LOCAL_NAMES)]),
    ],
    source: options.certificate,
    keyPassphrase: options.keyPassphrase,
    elasticDefend: isOne && elasticDefend,
  };
  const serverPair = createPair(host, files, "fleet-cert", server);
  if (!client) {
    return { server: serverPair };
  }
  if (isOne) {
    checkOne(host, options);
    return {
      server: serverPair,
      agent: serverPair,
      elasticsearchClient: client.elasticsearchClientIssuer && serverPair,
    };
  }
  return {
    server: serverPair,
    agent: createPair(host, files, "agent-cert", {
      ...shared,
      ...renewal("agentCert"),
      elasticDefend,
      issuer: client.agentCa,
      usage: CertificateUsage.CLIENT,
      source: options.agentCertificate,
      keyPassphrase: client.agentKeyPassphrase,
    }),
    // No flag takes a passphrase for this key (elastic-agent enroll.go), so it stays plain.
    elasticsearchClient:
      client.elasticsearchClientIssuer &&
      createPair(
        host,
        files,
        "fleet-es-cert",
        {
          ...shared,
          ...renewal("fleetEsCert"),
          issuer: client.elasticsearchClientIssuer,
          usage: CertificateUsage.CLIENT,
          source: options.elasticsearchClientCertificate,
        },
        false,
        client.elasticsearchClientCas,
      ),
  };
}

/** Before, the host's own agent checks the name by which it reaches Fleet Server (elastic-agent#12917). */
export function checkLocalNames(
  problems: Problems,
  { localNames }: FleetServerOptions,
  { stackVersion }: ResolvedHostOptions,
): void {
  if (localNames === false && !hasFeature(stackVersion, LOCAL_ENROLLMENT)) {
    problems.add("localNames", {
      what: `is false, but the host's own agent of ${stackVersion.toString()} checks Fleet Server's certificate for them`,
      allowed: `false with stackVersion ${sinceText(LOCAL_ENROLLMENT)}`,
      fix: "upgrade the host and set its stackVersion, or remove localNames and use a fleetCa that permits localhost",
    });
  }
}

/** Without an issuer, the fleet presents no client certificate to Elasticsearch. */
export function checkElasticsearchClient(
  problems: Problems,
  { clientTls, elasticsearchCa }: ISelfManagedFleetTls,
  { elasticsearchClientCertificate }: FleetServerOptions,
): void {
  const isUnused = clientTls !== undefined && clientTls.elasticsearchClientIssuer === undefined;
  if (elasticsearchClientCertificate !== undefined && isUnused && !isSystemTrust(elasticsearchCa)) {
    problems.add("elasticsearchClientCertificate", {
      what: "is given, but elasticsearchClientCertificates of the fleet is false: Fleet Server presents none to Elasticsearch",
      allowed: "either elasticsearchClientCertificate or elasticsearchClientCertificates: false",
      fix: "remove one of them",
    });
  }
}

/** One certificate has one key: what is chosen for the two others would be lost without a word. */
function checkOne(host: Construct, options: FleetServerOptions): void {
  const problems = new Problems(host.node.path);
  for (const prop of ["agentCertificate", "elasticsearchClientCertificate"] as const) {
    if (options[prop]) {
      problems.add(prop, {
        what: "is given, where the fleet has one certificate for all roles of a Fleet Server",
        allowed: "certificate alone, with oneCertificatePerFleetServer",
        fix: "leave it out, or give each role its own: oneCertificatePerFleetServer: false",
      });
    }
  }
  problems.throwIfAny();
}
