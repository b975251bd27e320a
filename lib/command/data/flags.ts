import type { FlagShape } from "./flag-shapes";
import { ACCOUNT, BIND_HOST, DURATION, FINGERPRINT, PINS, PROXY_URL, STAGING } from "./flag-shapes";
import type { Since } from "./stack-features";

/** Syntax of a flag's value. */
export type FlagKind =
  /** Any text. */
  | "text"
  /** A URL. */
  | "url"
  /** One path on the host that anybody may read. */
  | "path"
  /** One path on the host that only its owner may read. */
  | "secret path"
  /** Paths in one value, with commas between them. */
  | "path list"
  /** Values in one value, with commas between them. */
  | "list"
  /** Values, each as a flag of its own, which the agent reads as CSV. */
  | "repeated"
  /** Names with values, each pair as a flag of its own, which the agent reads as CSV. */
  | "headers"
  /** A Go duration. */
  | "duration"
  /** A number. */
  | "number"
  /** A flag without a value. */
  | "switch"
  /** Mode of client authentication. */
  | "client authentication"
  /** A secret: on the command line, or from a variable of the shell. */
  | "secret";

/** One flag of `elastic-agent install` or `enroll`. */
export interface Flag {
  /** Name of its prop in the flags of a command. */
  readonly prop: FlagProp;
  readonly name: string;
  readonly kind: FlagKind;
  /** Versions that introduced it, if older versions are supported. */
  readonly since?: Since;
  /** Whether only `install` has it. */
  readonly installOnly?: boolean;
  readonly shape?: FlagShape;
  /** The container's environment variable of the same meaning (elastic-agent cmd/setup_config.go), if there is one. */
  readonly variable?: string;
}

/**
 * Every flag but the hidden ones, in the order in which commands have them: Elastic's page first. Read from
 * `internal/pkg/agent/cmd/enroll.go` and `install.go`, the versions from their release tags.
 */
export const FLAG_LIST = [
  { prop: "url", name: "--url", kind: "url", variable: "FLEET_URL" },
  { prop: "certificateAuthorities", name: "--certificate-authorities", kind: "path list", variable: "FLEET_CA" },
  { prop: "caSha256", name: "--ca-sha256", kind: "list", shape: PINS },
  { prop: "enrollmentToken", name: "--enrollment-token", kind: "secret", variable: "FLEET_ENROLLMENT_TOKEN" },
  {
    prop: "elasticAgentCert",
    name: "--elastic-agent-cert",
    kind: "path",
    since: ["8.13"],
    variable: "ELASTIC_AGENT_CERT",
  },
  {
    prop: "elasticAgentCertKey",
    name: "--elastic-agent-cert-key",
    kind: "secret path",
    since: ["8.13"],
    variable: "ELASTIC_AGENT_CERT_KEY",
  },
  {
    prop: "elasticAgentCertKeyPassphrase",
    name: "--elastic-agent-cert-key-passphrase",
    kind: "secret path",
    since: ["8.16"],
  },
  { prop: "fleetServerEs", name: "--fleet-server-es", kind: "url", variable: "FLEET_SERVER_ELASTICSEARCH_HOST" },
  { prop: "fleetServerEsCa", name: "--fleet-server-es-ca", kind: "path", variable: "FLEET_SERVER_ELASTICSEARCH_CA" },
  {
    prop: "elasticsearchCaTrustedFingerprint",
    name: "--fleet-server-es-ca-trusted-fingerprint",
    kind: "text",
    shape: FINGERPRINT,
    variable: "FLEET_SERVER_ELASTICSEARCH_CA_TRUSTED_FINGERPRINT",
  },
  {
    prop: "fleetServerEsCert",
    name: "--fleet-server-es-cert",
    kind: "path",
    since: ["8.13"],
    variable: "FLEET_SERVER_ES_CERT",
  },
  {
    prop: "fleetServerEsCertKey",
    name: "--fleet-server-es-cert-key",
    kind: "secret path",
    since: ["8.13"],
    variable: "FLEET_SERVER_ES_CERT_KEY",
  },
  { prop: "fleetServerCert", name: "--fleet-server-cert", kind: "path", variable: "FLEET_SERVER_CERT" },
  {
    prop: "fleetServerCertKey",
    name: "--fleet-server-cert-key",
    kind: "secret path",
    variable: "FLEET_SERVER_CERT_KEY",
  },
  {
    prop: "fleetServerCertKeyPassphrase",
    name: "--fleet-server-cert-key-passphrase",
    kind: "secret path",
    since: ["8.8"],
    variable: "FLEET_SERVER_CERT_KEY_PASSPHRASE",
  },
  {
    prop: "fleetServerClientAuth",
    name: "--fleet-server-client-auth",
    kind: "client authentication",
    since: ["8.13"],
    variable: "FLEET_SERVER_CLIENT_AUTH",
  },
  {
    prop: "fleetServerServiceToken",
    name: "--fleet-server-service-token",
    kind: "secret",
    variable: "FLEET_SERVER_SERVICE_TOKEN",
  },
  {
    prop: "fleetServerServiceTokenPath",
    name: "--fleet-server-service-token-path",
    kind: "secret path",
    since: ["8.8"],
    variable: "FLEET_SERVER_SERVICE_TOKEN_PATH",
  },
  { prop: "fleetServerPolicy", name: "--fleet-server-policy", kind: "text", variable: "FLEET_SERVER_POLICY_ID" },
  {
    prop: "bindHost",
    name: "--fleet-server-host",
    kind: "text",
    shape: BIND_HOST,
    variable: "FLEET_SERVER_HOST",
  },
  { prop: "port", name: "--fleet-server-port", kind: "number", variable: "FLEET_SERVER_PORT" },
  {
    prop: "fleetServerTimeout",
    name: "--fleet-server-timeout",
    kind: "duration",
    shape: DURATION,
    variable: "FLEET_SERVER_TIMEOUT",
  },
  { prop: "headers", name: "--header", kind: "headers", variable: "FLEET_HEADER" },
  { prop: "proxyUrl", name: "--proxy-url", kind: "url", shape: PROXY_URL },
  { prop: "proxyHeaders", name: "--proxy-header", kind: "headers" },
  { prop: "proxyDisabled", name: "--proxy-disabled", kind: "switch" },
  { prop: "tags", name: "--tag", kind: "repeated", since: ["8.3"], variable: "ELASTIC_AGENT_TAGS" },
  { prop: "agentId", name: "--id", kind: "text", since: ["8.19"], variable: "ELASTIC_AGENT_ID" },
  { prop: "replaceToken", name: "--replace-token", kind: "secret", since: ["8.19"], variable: "FLEET_REPLACE_TOKEN" },
  { prop: "staging", name: "--staging", kind: "text", shape: STAGING },
  { prop: "delayEnroll", name: "--delay-enroll", kind: "switch" },
  {
    prop: "daemonTimeout",
    name: "--daemon-timeout",
    kind: "duration",
    shape: DURATION,
    variable: "FLEET_DAEMON_TIMEOUT",
  },
  {
    prop: "enrollTimeout",
    name: "--enroll-timeout",
    kind: "duration",
    since: ["8.19", "9.1"],
    shape: DURATION,
    variable: "FLEET_ENROLL_TIMEOUT",
  },
  { prop: "insecure", name: "--insecure", kind: "switch", variable: "FLEET_INSECURE" },
  {
    prop: "fleetServerInsecureHttp",
    name: "--fleet-server-insecure-http",
    kind: "switch",
    variable: "FLEET_SERVER_INSECURE_HTTP",
  },
  {
    prop: "fleetServerEsInsecure",
    name: "--fleet-server-es-insecure",
    kind: "switch",
    variable: "FLEET_SERVER_ELASTICSEARCH_INSECURE",
  },
  { prop: "basePath", name: "--base-path", kind: "path", since: ["8.8"], installOnly: true },
  { prop: "unprivileged", name: "--unprivileged", kind: "switch", since: ["8.12"], installOnly: true },
  { prop: "user", name: "--user", kind: "text", since: ["8.17"], installOnly: true, shape: ACCOUNT },
  { prop: "group", name: "--group", kind: "text", since: ["8.17"], installOnly: true, shape: ACCOUNT },
  { prop: "password", name: "--password", kind: "secret", since: ["8.17"], installOnly: true },
  { prop: "installServers", name: "--install-servers", kind: "switch", since: ["9.0"], installOnly: true },
  { prop: "force", name: "--force", kind: "switch", variable: "FLEET_FORCE" },
  { prop: "nonInteractive", name: "--non-interactive", kind: "switch", installOnly: true },
] as const satisfies readonly (Omit<Flag, "prop"> & { readonly prop: string })[];

/** The same list, as plain flags. */
export const FLAGS: readonly Flag[] = FLAG_LIST;

/** Name of a flag's prop. */
export type FlagProp = (typeof FLAG_LIST)[number]["prop"];

/** Flag of a prop. */
export function flagOf(prop: FlagProp): Flag {
  return FLAGS_BY_PROP.get(prop) as Flag;
}

/** Flag of a name, such as `--url`. */
export function flagNamed(name: string): Flag | undefined {
  return FLAGS_BY_NAME.get(name);
}

const FLAGS_BY_PROP = new Map(FLAGS.map((flag) => [flag.prop, flag]));
const FLAGS_BY_NAME = new Map(FLAGS.map((flag) => [flag.name, flag]));
