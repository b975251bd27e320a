import type { InstallCommandProps, InstallFlags } from "../../lib";
import {
  AgentSubcommand,
  EnrollmentToken,
  InstallCommand,
  ServiceToken,
  StackVersion,
  TargetPlatform,
} from "../../lib";
import { AGENT, MUTUAL, ONE_WAY } from "../command/fixtures";
import { withStack } from "../support/apps";
import { secretVariable, variable } from "../support/fleets";

const create = (flags: InstallFlags, more: Partial<InstallCommandProps> = {}): InstallCommand =>
  new InstallCommand({ executable: "elastic-agent", platform: TargetPlatform.LINUX, flags, ...more });

test("a one-way Fleet Server's command is the page's, in the page's order", () => {
  expect(create(ONE_WAY).manyLines).toBe(
    [
      "elastic-agent install --url=https://fleet.example.com:8220",
      "--certificate-authorities=/etc/elastic-agent/certs/fleet-ca.pem",
      "--fleet-server-es=https://es.example.com:9200",
      "--fleet-server-es-ca=/etc/elastic-agent/certs/es-ca.pem",
      "--fleet-server-cert=/etc/elastic-agent/certs/fleet-cert.pem",
      "--fleet-server-cert-key=/etc/elastic-agent/certs/fleet-cert-key.pem",
      "--fleet-server-service-token-path=/etc/elastic-agent/certs/service-token",
      "--fleet-server-policy=fleet-server-policy",
      "--fleet-server-port=8220",
      "--non-interactive",
    ].join(" \\\n"),
  );
});

test("a mutual Fleet Server's command has every flag of the page", () => {
  expect(create({ ...MUTUAL, elasticAgentCertKeyPassphrase: "/passphrase" }).manyLines.match(/--[a-z0-9-]+/g)).toEqual([
    "--url",
    "--certificate-authorities",
    "--elastic-agent-cert",
    "--elastic-agent-cert-key",
    "--elastic-agent-cert-key-passphrase",
    "--fleet-server-es",
    "--fleet-server-es-ca",
    "--fleet-server-es-cert",
    "--fleet-server-es-cert-key",
    "--fleet-server-cert",
    "--fleet-server-cert-key",
    "--fleet-server-client-auth",
    "--fleet-server-service-token-path",
    "--fleet-server-policy",
    "--fleet-server-port",
    "--non-interactive",
  ]);
});

test("an agent's command is one line to paste", () => {
  expect(create(AGENT).oneLine).toBe(
    "elastic-agent install --url=https://fleet.example.com:8220 " +
      "--certificate-authorities=/etc/elastic-agent/certs/fleet-ca.pem " +
      '--enrollment-token="$${FLEET_ENROLLMENT_TOKEN:?set it to the token before running this command}" ' +
      "--non-interactive",
  );
});

test("enroll skips the confirmation only with the option for it, and has no flag of install", () => {
  const enroll = create({ ...AGENT, force: true }, { subcommand: AgentSubcommand.ENROLL });
  expect(enroll.oneLine).toMatch(/^elastic-agent enroll .* --force$/);
  expect(enroll.scriptName).toBe("enroll-command.sh");
});

test("--non-interactive can be left out, and --force does not replace it", () => {
  expect(create({ ...AGENT, nonInteractive: false }).oneLine).not.toContain("--non-interactive");
  expect(create({ ...AGENT, force: true }).oneLine).toMatch(/ --force --non-interactive$/);
});

test("a header is CSV for install and for the enroll that install starts, a tag likewise", () => {
  const flags = { ...AGENT, headers: { "X-Y": 'a,"b"' }, tags: ["a b", "c,d"] };
  expect(create(flags).oneLine).toContain(`--header='"""X-Y=a,""""b"""""""' --tag='a b' --tag='"""c,d"""'`);
  expect(create(flags, { subcommand: AgentSubcommand.ENROLL }).oneLine).toContain(`--tag='"c,d"'`);
});

test("Windows has PowerShell and a script that protects the folder", () => {
  const windows = create(
    { ...AGENT, certificateAuthorities: ["C:\\certs\\fleet-ca.pem"] },
    { platform: TargetPlatform.WINDOWS, hostDirectory: "C:\\certs" },
  );
  expect(windows.scriptName).toBe("install-command.ps1");
  expect(windows.oneLine).toContain("'--certificate-authorities=C:\\certs\\fleet-ca.pem'");
  expect(windows.script).toContain("$directory = 'C:\\certs'.TrimEnd('\\/')\nicacls $directory /inheritance:r");
});

test("a command counts as secret if it contains a secret, or can contain one", () => {
  withStack((stack) => {
    const secret = secretVariable(stack, "secret");
    const service = { ...ONE_WAY, fleetServerServiceTokenPath: undefined };
    expect(create(ONE_WAY).containsSecret).toBe(false);
    expect(create({ ...AGENT, tags: [variable(stack, "tag")] }).containsSecret).toBe(false);
    expect(
      [
        create({ ...AGENT, enrollmentToken: EnrollmentToken.onCommandLine(secret) }),
        create({ ...service, fleetServerServiceToken: ServiceToken.onCommandLine(secret) }),
        create({ ...AGENT, headers: { Authorization: secret } }),
        create({ ...AGENT, proxyHeaders: { "Proxy-Authorization": secret } }),
        create({ ...AGENT, proxyUrl: secret }),
      ].every((command) => command.containsSecret),
    ).toBe(true);
  });
});

test("all problems are in one error, one a line", () => {
  expect(() => create({ ...AGENT, url: "fleet", staging: "x" }, { stackVersion: StackVersion.of("8.2") })).toThrow(
    'InstallCommand: url is not an https URL, got "fleet"; allowed: a URL such as https://fleet.example.com:8220, without ' +
      "a user; write scheme, host and port\n" +
      'InstallCommand: staging is not written as the agent reads it, got "x"; allowed: 8 characters or more; correct it',
  );
});
