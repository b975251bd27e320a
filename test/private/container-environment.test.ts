import { CommandSecret, EnrollmentToken, InstallCommand, StackVersion, TargetPlatform } from "../../lib";
import type { InstallFlags } from "../../lib";
import { FLAGS } from "../../lib/private/command-flags";
import { isKnown } from "../../lib/private/terraform-text";
import { withStack } from "../support/apps";
import { secretVariable } from "../support/fleets";
import { AGENT, MUTUAL } from "./command-fixtures";

/**
 * What the agent reads of its environment, and the flag that it makes of it: elastic-agent
 * internal/pkg/agent/cmd/setup_config.go and container.go, buildEnrollArgs. Names after the first are fallbacks.
 */
const READ_BY_THE_AGENT: readonly (readonly [variables: string, flag: string])[] = [
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

/** What it reads besides, and why no flag of ours becomes one of them. */
const NO_FLAG: Readonly<Record<string, string>> = {
  FLEET_ENROLL: "set for every agent",
  FLEET_SERVER_ENABLE: "set for every Fleet Server",
  FLEET_TOKEN_NAME: "looks up a token in Kibana; ours is given",
  FLEET_TOKEN_POLICY_NAME: "likewise",
  FLEET_KIBANA_HEADER: "likewise",
  FLEET_KIBANA_HEADERS: "likewise",
  KIBANA_FLEET_HOST: "likewise",
};

function command(flags: InstallFlags, stackVersion = StackVersion.LATEST): InstallCommand {
  const { LINUX: platform } = TargetPlatform;
  return new InstallCommand({ executable: "elastic-agent", platform, flags, stackVersion, container: true });
}

test("each flag has the variable that the agent makes that flag of", () => {
  const ours = FLAGS.filter(({ variable }) => variable).map(({ variable, name }) => `${variable as string} ${name}`);
  const theirs = READ_BY_THE_AGENT.map(([variables, flag]) => `${variables.split(" ")[0] as string} ${flag}`);
  expect(ours.sort()).toEqual(theirs.sort());
});

test("no variable that is ever set is unknown to the agent", () => {
  const known = [...READ_BY_THE_AGENT.flatMap(([variables]) => variables.split(" ")), ...Object.keys(NO_FLAG)];
  const everything: InstallFlags[] = [
    { ...AGENT, headers: { a: "1", b: "2" }, tags: ["x"], id: "i", daemonTimeout: "1s", enrollTimeout: "1s" },
    { ...MUTUAL, headers: { a: "1" }, fleetServerTimeout: "1s", fleetServerHost: "::", force: true },
  ];
  for (const flags of everything) {
    expect(Object.keys(command(flags).containerEnvironment).filter((name) => !known.includes(name))).toEqual([]);
  }
});

test("a mutual Fleet Server", () => {
  expect(command({ ...MUTUAL, fleetServerTimeout: "3m" }).containerEnvironment).toEqual({
    FLEET_SERVER_ENABLE: "1",
    FLEET_URL: "https://fleet.example.com:8220",
    FLEET_CA: "/etc/elastic-agent/certs/fleet-ca.pem,/etc/elastic-agent/certs/agent-ca.pem",
    ELASTIC_AGENT_CERT: "/etc/elastic-agent/certs/agent-cert.pem",
    ELASTIC_AGENT_CERT_KEY: "/etc/elastic-agent/certs/agent-cert-key.pem",
    FLEET_SERVER_ELASTICSEARCH_HOST: "https://es.example.com:9200",
    FLEET_SERVER_ELASTICSEARCH_CA: "/etc/elastic-agent/certs/es-ca.pem",
    FLEET_SERVER_ES_CERT: "/etc/elastic-agent/certs/fleet-es-cert.pem",
    FLEET_SERVER_ES_CERT_KEY: "/etc/elastic-agent/certs/fleet-es-cert-key.pem",
    FLEET_SERVER_CERT: "/etc/elastic-agent/certs/fleet-cert.pem",
    FLEET_SERVER_CERT_KEY: "/etc/elastic-agent/certs/fleet-cert-key.pem",
    FLEET_SERVER_CLIENT_AUTH: "required",
    FLEET_SERVER_SERVICE_TOKEN_PATH: "/etc/elastic-agent/certs/service-token",
    FLEET_SERVER_POLICY_ID: "fleet-server-policy",
    FLEET_SERVER_PORT: "8220",
    FLEET_SERVER_TIMEOUT: "3m",
  });
});

test("an agent, with a token that its environment has, tags as CSV and one header", () => {
  const agent = command({
    ...AGENT,
    tags: ["linux", 'a,"b"'],
    headers: { "X-Y": "1,2" },
    id: "web-1",
    replaceToken: CommandSecret.fromEnvironment("FLEET_REPLACE_TOKEN"),
  });
  expect(agent.environmentFile.split("\n")).toEqual([
    "FLEET_ENROLL=1",
    "FLEET_URL=https://fleet.example.com:8220",
    "FLEET_CA=/etc/elastic-agent/certs/fleet-ca.pem",
    'FLEET_HEADER="X-Y=1,2"',
    'ELASTIC_AGENT_TAGS=linux,"a,""b"""',
    "ELASTIC_AGENT_ID=web-1",
    "FLEET_ENROLLMENT_TOKEN",
    "FLEET_REPLACE_TOKEN",
    "",
  ]);
  expect(agent.holdsSecret).toBe(false);
});

test("several headers go into the variable that 9.5 brought", () => {
  expect(command({ ...AGENT, headers: { a: "1", b: "2 3" } }).containerEnvironment).toMatchObject({
    FLEET_HEADERS: 'a="1",b="2 3"',
  });
});

test("a token on the command line stands in the environment, which is then a secret", () => {
  withStack((stack) => {
    const enrollmentToken = EnrollmentToken.onCommandLine(secretVariable(stack, "token"));
    const agent = command({ ...AGENT, enrollmentToken });
    expect(agent.holdsSecret).toBe(true);
    expect(isKnown(agent.containerEnvironment["FLEET_ENROLLMENT_TOKEN"] as string)).toBe(false);
  });
});
