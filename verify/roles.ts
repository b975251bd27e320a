import type { FolderFile } from "./host-folder";

/** The purpose of a file: given by the flag that names it, or by its name if no command names it. */
export type Role = keyof typeof ROLES;

/** Prefixes of the settings of Elasticsearch's HTTP layer, and of Kibana's connection to Elasticsearch. */
export const ES = "xpack.security.http.ssl";
const KIBANA = "elasticsearch.ssl";

export const ROLES = {
  fleetCert: { file: "fleet-cert.pem", flag: "fleet-server-cert", setting: undefined },
  fleetKey: { file: "fleet-cert-key.pem", flag: "fleet-server-cert-key", setting: undefined },
  fleetPassphrase: {
    file: "fleet-cert-key-passphrase",
    flag: "fleet-server-cert-key-passphrase",
    setting: undefined,
  },
  agentCert: { file: "agent-cert.pem", flag: "elastic-agent-cert", setting: undefined },
  agentKey: { file: "agent-cert-key.pem", flag: "elastic-agent-cert-key", setting: undefined },
  agentPassphrase: {
    file: "agent-cert-key-passphrase",
    flag: "elastic-agent-cert-key-passphrase",
    setting: undefined,
  },
  fleetEsCert: { file: "fleet-es-cert.pem", flag: "fleet-server-es-cert", setting: undefined },
  fleetEsKey: { file: "fleet-es-cert-key.pem", flag: "fleet-server-es-cert-key", setting: undefined },
  serviceToken: { file: "service-token", flag: "fleet-server-service-token-path", setting: undefined },
  esCa: { file: "es-ca.pem", flag: "fleet-server-es-ca", setting: `${KIBANA}.certificateAuthorities` },
  esCert: { file: "es-cert.pem", flag: undefined, setting: `${ES}.certificate` },
  esKey: { file: "es-cert-key.pem", flag: undefined, setting: `${ES}.key` },
  esClientCa: { file: "es-client-ca.pem", flag: undefined, setting: `${ES}.certificate_authorities` },
  kibanaCert: { file: "kibana-es-cert.pem", flag: undefined, setting: `${KIBANA}.certificate` },
  kibanaServerCert: { file: "kibana-cert.pem", flag: undefined, setting: "server.ssl.certificate" },
  kibanaServerKey: { file: "kibana-cert-key.pem", flag: undefined, setting: "server.ssl.key" },
  kibanaKey: { file: "kibana-es-cert-key.pem", flag: undefined, setting: `${KIBANA}.key` },
} as const;

/** Files whose whole text is a secret. */
export const SECRET_TEXTS = ["fleetPassphrase", "agentPassphrase", "serviceToken"] as const;

export const CERTIFICATE_ROLES = [
  "fleetCert",
  "agentCert",
  "fleetEsCert",
  "esCert",
  "kibanaCert",
  "kibanaServerCert",
] as const;
export const LIST_ROLES = ["esCa", "esClientCa"] as const;
export const PAIR_ROLES = [
  ["fleetCert", "fleetKey"],
  ["esCert", "esKey"],
] as const;
export const KEY_ROLES = ["fleetKey", "agentKey", "fleetEsKey", "esKey", "kibanaKey", "kibanaServerKey"] as const;

/** A file named by a command or by settings, or with the file name of a role. */
export interface NamedFile {
  readonly name: string;
  /** Undefined if nothing names it. */
  readonly by?: "command" | "settings";
  /** The path on the host, if something names it; Elasticsearch's are relative to its configuration directory. */
  readonly hostPath?: string;
  /** Undefined if it is not in the folder. */
  readonly file?: FolderFile;
}
