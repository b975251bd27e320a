import { quoted } from "../../../private/faults";
import type { OutputPaths } from "../../fleet-host";
import type { YamlMap } from "./yaml";

/** By what an output trusts Elasticsearch: the first that there is. */
export interface OutputCa {
  readonly fingerprint?: string;
  /** Every certificate of the CA as one text. */
  readonly pem?: string;
}

/** The settings of an output: TLS alone, under the names of elastic-agent-libs transport/tlscommon/config.go. */
export function outputSettings(paths: OutputPaths, { fingerprint, pem }: OutputCa): YamlMap {
  // One entry may hold several certificates (elastic-agent-libs tls.go, LoadCertificateAuthorities).
  const authority = pem ?? paths.elasticsearchCa;
  return {
    ssl: {
      ...(fingerprint === undefined
        ? { certificate_authorities: authority === undefined ? undefined : [authority] }
        : { ca_trusted_fingerprint: fingerprint }),
      certificate: paths.certificate,
      key: paths.key,
      key_passphrase_path: paths.passphrase,
    },
  };
}

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
