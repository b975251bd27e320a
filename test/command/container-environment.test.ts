import { CommandSecret, EnrollmentToken, InstallCommand, ServiceToken, StackVersion, TargetPlatform } from "../../lib";
import type { InstallFlags } from "../../lib";
import { FLAGS } from "../../lib/command/data/flags";
import { isKnown } from "../../lib/private/terraform/text";
import { withStack } from "../support/apps";
import { containerArguments, READ_BY_THE_AGENT } from "../support/container-arguments";
import { secretVariable } from "../support/fleets";
import { parsedFlags } from "../support/parsed-flags";
import { AGENT, MUTUAL } from "./fixtures";

/** Other variables that it reads, and why none of the library's flags becomes one of them. */
const NO_FLAG: Readonly<Record<string, string>> = {
  FLEET_ENROLL: "set for every agent",
  FLEET_SERVER_ENABLE: "set for every Fleet Server",
  FLEET_TOKEN_NAME: "looks up a token in Kibana; ours is given",
  FLEET_TOKEN_POLICY_NAME: "likewise",
  FLEET_KIBANA_HEADER: "likewise",
  FLEET_KIBANA_HEADERS: "likewise",
  KIBANA_FLEET_HOST: "likewise",
};

/** Names that the agent looks at where the first is not there: other programs' too, so none of ours. */
const FALLBACKS = ["KIBANA_CA", "ELASTICSEARCH_CA", "ELASTICSEARCH_HOST", "FLEET_SERVER_POLICY"];

function command(flags: InstallFlags, stackVersion = StackVersion.LATEST): InstallCommand {
  const { LINUX: platform } = TargetPlatform;
  return new InstallCommand({ executable: "elastic-agent", platform, flags, stackVersion, container: true });
}

test("each flag has the variable that the agent makes that flag of", () => {
  const ours = FLAGS.filter(({ variable }) => variable).map(({ variable, name }) => `${variable as string} ${name}`);
  const theirs = READ_BY_THE_AGENT.map(([variables, flag]) => `${variables.split(" ")[0] as string} ${flag}`);
  expect(ours.sort()).toEqual(theirs.sort());
});

/** A good value for each flag that a container can be given, for an agent and for a Fleet Server. */
const EVERYTHING: readonly InstallFlags[] = [
  {
    ...{ ...AGENT, elasticAgentCert: "/agent-cert.pem", elasticAgentCertKey: "/agent-cert-key.pem" },
    ...{ headers: { a: "1", b: "2 3" }, tags: ["x", 'a,"b"'], agentId: "i", daemonTimeout: "1s", enrollTimeout: "1s" },
    replaceToken: CommandSecret.fromEnvironment("FLEET_REPLACE_TOKEN"),
  },
  {
    ...{ ...MUTUAL, headers: { a: "1,2" }, fleetServerTimeout: "1s", bindHost: "::", force: true },
    ...{ fleetServerCertKeyPassphrase: "/passphrase", elasticsearchCaTrustedFingerprint: "ab".repeat(32) },
  },
  {
    fleetServerEs: "http://es:9200",
    fleetServerServiceToken: ServiceToken.fromEnvironment("FLEET_SERVER_SERVICE_TOKEN"),
    ...{ insecure: true, fleetServerInsecureHttp: true, fleetServerEsInsecure: true },
  },
];

/** Environment that a container starts with: its settings, and the tokens of its own environment. */
function environmentOf(flags: InstallFlags): Record<string, string> {
  const { containerEnvironment, environmentFile } = command(flags);
  const inherited = environmentFile.split("\n").filter((line) => line !== "" && !line.includes("="));
  return { ...containerEnvironment, ...Object.fromEntries(inherited.map((name) => [name, "token"])) };
}

test("no variable that is ever set is unknown to the agent", () => {
  const known = [...READ_BY_THE_AGENT.flatMap(([variables]) => variables.split(" ")), ...Object.keys(NO_FLAG)];
  for (const flags of EVERYTHING) {
    expect(Object.keys(environmentOf(flags)).filter((name) => !known.includes(name))).toEqual([]);
  }
});

test("no variable that the agent reads is missing, fallbacks apart", () => {
  const ours = EVERYTHING.flatMap((flags) => Object.keys(environmentOf(flags)));
  const theirs = READ_BY_THE_AGENT.flatMap(([variables]) => variables.split(" ")).filter(
    (name) => !FALLBACKS.includes(name),
  );
  expect([...new Set(ours)].sort()).toEqual([...theirs, "FLEET_ENROLL", "FLEET_SERVER_ENABLE"].sort());
});

test("the container's entry point makes the same flags of the variables", () => {
  for (const flags of EVERYTHING) {
    const secrets = { enrollmentToken: "token", replaceToken: "token", fleetServerServiceToken: "token" };
    const given = Object.keys(secrets).filter((prop) => flags[prop as keyof InstallFlags] !== undefined);
    expect(parsedFlags(containerArguments(environmentOf(flags)), 1)).toEqual({
      ...flags,
      ...Object.fromEntries(given.map((prop) => [prop, "token"])),
    });
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
    agentId: "web-1",
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
  expect(agent.containsSecret).toBe(false);
});

test("several headers go into the variable that 9.5 brought", () => {
  expect(command({ ...AGENT, headers: { a: "1", b: "2 3" } }).containerEnvironment).toMatchObject({
    FLEET_HEADERS: 'a="1",b="2 3"',
  });
});

test("a token on the command line makes the container's environment a secret", () => {
  withStack((stack) => {
    const enrollmentToken = EnrollmentToken.onCommandLine(secretVariable(stack, "token"));
    const agent = command({ ...AGENT, enrollmentToken });
    expect(agent.containsSecret).toBe(true);
    expect(isKnown(agent.containerEnvironment["FLEET_ENROLLMENT_TOKEN"] as string)).toBe(false);
  });
});
