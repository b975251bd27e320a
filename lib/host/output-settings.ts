import { authorityRecord } from "../authority/records";
import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import { ClientAuthentication } from "../command/client-authentication";
import { quoted } from "../private/problems";
import { Elasticsearch } from "./elasticsearch";
import type { IFleetHost, OutputPaths } from "./fleet-host";
import { HostKind } from "./host-kind";
import type { IOutputReceiver } from "./output-receiver";
import type { IFleetTls } from "./ifleet-tls";
import type { YamlMap } from "./private/settings/yaml";
import { yamlDocument } from "./private/settings/yaml";

/** Agents, then Fleet Servers: the hosts whose agents ship data. */
export function shippingHosts({ hosts }: IFleetTls): IFleetHost[] {
  const ofKind = (kind: HostKind): IFleetHost[] => hosts.filter((host) => host.kind === kind);
  return [...ofKind(HostKind.AGENT), ...ofKind(HostKind.FLEET_SERVER)];
}

/** Whether outputs can ship to a host. */
export function isReceiver(host: IFleetHost): host is IOutputReceiver {
  return "outputType" in host;
}

/** Whether a node of the fleet refuses clients without a certificate. */
export function requiresClientCertificates(fleet: IFleetTls): boolean {
  return fleet.hosts.some(
    (host) => host instanceof Elasticsearch && host.clientAuthentication === ClientAuthentication.REQUIRED,
  );
}

/** How an output verifies Elasticsearch's certificate: by the first of these that is set. */
export interface OutputCa {
  readonly fingerprint?: string;
  /** Every certificate of the CA as one text. */
  readonly pem?: string;
  /** Whether the CA also issues certificates to others. */
  readonly isShared?: boolean;
}

/** CA of an output whose settings contain the CA's certificates. */
export function outputCa(ca: ICertificateAuthority): OutputCa {
  return { pem: ca.trustBundlePem, isShared: authorityRecord(ca).signsForOthers };
}

/**
 * TLS settings of an output, under the names of elastic-agent-libs transport/tlscommon/config.go. Empty if there are
 * none: with any `ssl` key, even `ssl: {}`, Fleet Server does not check Elasticsearch's name (fleet-server
 * internal/pkg/config/output.go, ToConfig). `strict` turns that check on again as far as docs/elasticsearch-name-check.md
 * says.
 */
export function outputSettings(paths: OutputPaths, { fingerprint, pem, isShared }: OutputCa): YamlMap {
  // One entry may contain several certificates (elastic-agent-libs tls.go, LoadCertificateAuthorities).
  const authority = pem ?? paths.elasticsearchCa;
  const ssl: YamlMap = {
    ...(fingerprint === undefined
      ? { certificate_authorities: authority === undefined ? undefined : [authority] }
      : { ca_trusted_fingerprint: fingerprint }),
    certificate: paths.certificate,
    key: paths.key,
    key_passphrase_path: paths.passphrase,
  };
  const isEmpty = Object.values(ssl).every((value) => value === undefined);
  return isEmpty ? {} : { ssl: { ...(isShared && { verification_mode: "strict" }), ...ssl } };
}

/** The settings of an output as YAML. */
export function outputYaml(settings: YamlMap): string {
  return Object.keys(settings).length === 0 ? NO_SETTINGS : yamlDocument(settings);
}

const NO_SETTINGS = `# No TLS settings: Elasticsearch's certificate and name are verified with the operating system's CAs. Add none here:
# with any ssl key, Fleet Server would no longer check the name.
{}
`;

/** Part of a host that an output's settings depend on. */
export interface OutputSubject {
  readonly outputPaths?: OutputPaths;
}

/** Differences between the paths of two hosts that the settings would name, as text. */
export function differencesOf(one: OutputSubject, other: OutputSubject, ca: OutputCa): string[] {
  const namesCa = ca.fingerprint === undefined && ca.pem === undefined;
  const names: (keyof OutputPaths)[] = [
    ...(namesCa ? (["elasticsearchCa"] as const) : []),
    ...(["certificate", "key", "passphrase"] as const),
  ];
  return names
    .map((name) => [name, one.outputPaths?.[name], other.outputPaths?.[name]] as const)
    .filter(([, path, otherPath]) => path !== otherPath)
    .map(([name, ...paths]) => `${name} ${paths.map((path) => quoted(path ?? "none")).join(" against ")}`);
}

/** Hosts in groups that can share one output, in the order of their first hosts. */
export function groupedByOutput<T extends OutputSubject>(hosts: T[], ca: OutputCa): T[][] {
  const groups: T[][] = [];
  for (const host of hosts) {
    const group = groups.find(([first]) => first !== undefined && differencesOf(host, first, ca).length === 0);
    if (group) {
      group.push(host);
    } else {
      groups.push([host]);
    }
  }
  return groups;
}
