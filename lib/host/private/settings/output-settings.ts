import { quoted } from "../../../private/problems";
import { authorityRecord } from "../../../authority/records";
import type { ICertificateAuthority } from "../../../certificate/issuing-certificate-authority";
import type { OutputPaths } from "../../fleet-host";
import type { YamlMap } from "./yaml";
import { yamlDocument } from "./yaml";

/** By what an output trusts Elasticsearch: the first that there is. */
export interface OutputCa {
  readonly fingerprint?: string;
  /** Every certificate of the CA as one text. */
  readonly pem?: string;
  /** Whether the CA also issues certificates to others. */
  readonly isShared?: boolean;
}

/** What an output says of a CA, for hosts that trust it by text. */
export function outputCa(ca: ICertificateAuthority): OutputCa {
  return { pem: ca.trustBundlePem, isShared: authorityRecord(ca).signsForOthers };
}

/**
 * TLS settings of an output, under the names of elastic-agent-libs transport/tlscommon/config.go. Empty if there is nothing
 * to say: with any `ssl` key, even `ssl: {}`, Fleet Server does not check Elasticsearch's name (fleet-server
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

/** A host, as far as an output's settings name paths on it. */
export interface OutputSubject {
  readonly outputPaths?: OutputPaths;
}

/** Where two hosts have not the same of what the settings would name, in words. */
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

/** Hosts by what one output can serve, in the order in which their kinds come first. */
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
