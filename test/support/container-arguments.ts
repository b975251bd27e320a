/**
 * What the agent reads of its environment, and the flag that it makes of it: elastic-agent
 * internal/pkg/agent/cmd/setup_config.go, and buildEnrollArgs of container.go. Names after the first are fallbacks.
 */
export const READ_BY_THE_AGENT: readonly (readonly [variables: string, flag: string])[] = [
  ["FLEET_URL", "--url"],
  ["FLEET_ENROLLMENT_TOKEN", "--enrollment-token"],
  ["FLEET_CA KIBANA_CA ELASTICSEARCH_CA", "--certificate-authorities"],
  ["FLEET_INSECURE", "--insecure"],
  ["FLEET_FORCE", "--force"],
  ["ELASTIC_AGENT_CERT", "--elastic-agent-cert"],
  ["ELASTIC_AGENT_CERT_KEY", "--elastic-agent-cert-key"],
  ["ELASTIC_AGENT_ID", "--id"],
  ["FLEET_REPLACE_TOKEN", "--replace-token"],
  ["ELASTIC_AGENT_TAGS", "--tag"],
  ["FLEET_SERVER_ELASTICSEARCH_HOST ELASTICSEARCH_HOST", "--fleet-server-es"],
  ["FLEET_SERVER_ELASTICSEARCH_CA ELASTICSEARCH_CA", "--fleet-server-es-ca"],
  ["FLEET_SERVER_ELASTICSEARCH_CA_TRUSTED_FINGERPRINT", "--fleet-server-es-ca-trusted-fingerprint"],
  ["FLEET_SERVER_ELASTICSEARCH_INSECURE", "--fleet-server-es-insecure"],
  ["FLEET_SERVER_ES_CERT", "--fleet-server-es-cert"],
  ["FLEET_SERVER_ES_CERT_KEY", "--fleet-server-es-cert-key"],
  ["FLEET_SERVER_SERVICE_TOKEN", "--fleet-server-service-token"],
  ["FLEET_SERVER_SERVICE_TOKEN_PATH", "--fleet-server-service-token-path"],
  ["FLEET_SERVER_POLICY_ID FLEET_SERVER_POLICY", "--fleet-server-policy"],
  ["FLEET_SERVER_HOST", "--fleet-server-host"],
  ["FLEET_SERVER_PORT", "--fleet-server-port"],
  ["FLEET_SERVER_CERT", "--fleet-server-cert"],
  ["FLEET_SERVER_CERT_KEY", "--fleet-server-cert-key"],
  ["FLEET_SERVER_CERT_KEY_PASSPHRASE", "--fleet-server-cert-key-passphrase"],
  ["FLEET_SERVER_CLIENT_AUTH", "--fleet-server-client-auth"],
  ["FLEET_SERVER_INSECURE_HTTP", "--fleet-server-insecure-http"],
  ["FLEET_SERVER_TIMEOUT", "--fleet-server-timeout"],
  ["FLEET_DAEMON_TIMEOUT", "--daemon-timeout"],
  ["FLEET_ENROLL_TIMEOUT", "--enroll-timeout"],
  ["FLEET_HEADER FLEET_HEADERS", "--header"],
];

/** The variables that only have to be true. */
const SWITCHES = /_(?:INSECURE|INSECURE_HTTP|FORCE)$/;

/** The variables that say what the container is for. */
const PURPOSES = ["FLEET_ENROLL", "FLEET_SERVER_ENABLE"];

/**
 * The arguments of the `enroll` that the container's entry point starts: a small re-implementation of buildEnrollArgs.
 *
 * @throws on a variable that it does not read
 */
export function containerArguments(environment: Readonly<Record<string, string>>): string[] {
  const flags = new Map(READ_BY_THE_AGENT.flatMap(([names, flag]) => names.split(" ").map((name) => [name, flag])));
  const purposes = PURPOSES.filter((name) => environment[name] === "1");
  if (purposes.length !== 1) {
    throw new Error(`it is for ${purposes.length} purposes: ${purposes.join(" ")}`);
  }
  return Object.entries(environment)
    .filter(([name]) => !PURPOSES.includes(name))
    .flatMap(([name, value]) => {
      const flag = flags.get(name);
      if (flag === undefined) {
        throw new Error(`unknown variable: ${name}`);
      }
      if (name === "ELASTIC_AGENT_TAGS") {
        // One argument, whose fields --tag takes apart.
        return csvFields(value).map((tag) => `${flag}=${tag}`);
      }
      if (name === "FLEET_HEADERS") {
        return [...value.matchAll(/([\w-]+)=(?:"([^"]*)"|([^,]+))/g)].map(
          ([, key, quoted, plain]) => `${flag}=${key as string}=${quoted || (plain ?? "")}`,
        );
      }
      return SWITCHES.test(name) ? [flag] : [`${flag}=${value}`];
    });
}

/** The fields of a line of CSV as they stand there, quotes and all. */
function csvFields(line: string): string[] {
  return line.match(/(?:"(?:[^"]|"")*"|[^",]+)(?=,|$)/g) ?? [];
}
