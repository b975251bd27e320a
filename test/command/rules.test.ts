import {
  AgentSubcommand,
  ClientAuthentication,
  CommandSecret,
  EnrollmentToken,
  StackVersion,
  TargetPlatform,
} from "../../lib";
import type { InstallFlags } from "../../lib";
import type { Command } from "../../lib/command/data/command";
import type { CommandProblem } from "../../lib/command/rules/rules";
import { checkCommand, FLAG_NAMES, RULES, worded } from "../../lib/command/rules/rules";
import { typeProblems } from "../../lib/host/private/flag-types";
import { rawText } from "../../lib/host/private/terraform-text";
import { commandWords } from "../../lib/command/render/words";
import { environmentFile } from "../../lib/command/render/container-environment";
import { posixShell } from "../../lib/command/render/posix-shell";
import { powershell } from "../../lib/command/render/powershell";
import { readHostCommand } from "../../verify/host-command";
import { notOnErrorsPage } from "../support/errors-page";
import type { BuiltCommand } from "./fixtures";
import { AGENT, command, MUTUAL, ONE_WAY, SERVICE_TOKEN } from "./fixtures";

/** A command that breaks one rule and no other, and one that comes close and is accepted. */
interface Case {
  readonly breaks: BuiltCommand;
  readonly close: BuiltCommand;
}

const WINDOWS = { platform: TargetPlatform.WINDOWS, files: {} };
const PIN = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

const without = (flags: InstallFlags, ...props: (keyof InstallFlags)[]): InstallFlags =>
  Object.fromEntries(Object.entries(flags).filter(([prop]) => !props.includes(prop as keyof InstallFlags)));

const oneWay = (more: InstallFlags, changes?: Partial<Command>) => command({ ...ONE_WAY, ...more }, changes);
const mutual = (more: InstallFlags, changes?: Partial<Command>) => command({ ...MUTUAL, ...more }, changes);
const agent = (more: InstallFlags, changes?: Partial<Command>) => command({ ...AGENT, ...more }, changes);
const version = (text: string) => ({ stackVersion: StackVersion.of(text) });

const ENROLL = { subcommand: AgentSubcommand.ENROLL };
const OPTIONAL = { fleetServerClientAuth: ClientAuthentication.OPTIONAL };
const FLEET_CA = "/etc/elastic-agent/certs/fleet-ca.pem";

const CASES: Readonly<Record<string, Case>> = {
  1: { breaks: oneWay({ fleetServerEs: "es.example.com:9200" }), close: oneWay({ fleetServerEs: "http://[fd00::1]" }) },
  2: {
    breaks: oneWay({ fleetServerServiceToken: SERVICE_TOKEN }),
    close: command({ ...without(ONE_WAY, "fleetServerServiceTokenPath"), fleetServerServiceToken: SERVICE_TOKEN }),
  },
  3: {
    breaks: command(without(ONE_WAY, "fleetServerCertKey")),
    close: command(without(ONE_WAY, "fleetServerCert", "fleetServerCertKey")),
  },
  4: {
    breaks: command(without(ONE_WAY, "url")),
    close: command(without(ONE_WAY, "url", "fleetServerCert", "fleetServerCertKey")),
  },
  5: {
    breaks: agent({ url: "http://fleet.example.com:8220" }),
    close: command(
      { ...without(AGENT, "certificateAuthorities"), url: "http://fleet.example.com:8220", insecure: true },
      { files: {} },
    ),
  },
  6: { breaks: agent({ url: "https://fleet.example.com" }), close: agent({ url: "https://[fd00::1]:443/path" }) },
  7: {
    breaks: agent({}, { executable: "sudo elastic-agent --url=https://other.example.com:8220" }),
    close: agent({}, { executable: "sudo --preserve-env ./elastic-agent" }),
  },
  8: {
    breaks: oneWay({ fleetServerCert: "fleet-cert.pem" }),
    close: oneWay({ fleetServerCert: "/fleet cert, the second.pem" }),
  },
  9: {
    breaks: oneWay({ certificateAuthorities: ["/etc/elastic-agent/certs/fleet-ca.pem", "second-ca.pem"] }),
    close: oneWay({ certificateAuthorities: ["/etc/elastic-agent/certs/fleet-ca.pem", "/second-ca.pem"] }),
  },
  10: {
    breaks: oneWay({ certificateAuthorities: ["/etc/elastic-agent/certs/fleet-ca.pem", "/second,third.pem"] }),
    close: oneWay({ certificateAuthorities: ["/etc/elastic-agent/certs/fleet-ca.pem", "/second third.pem"] }),
  },
  11: {
    breaks: oneWay({ fleetServerEsCa: "/old.pem,/new.pem" }),
    close: oneWay({ fleetServerEsCa: "/old and new.pem" }),
  },
  12: {
    breaks: oneWay({ fleetServerEsCa: "-----BEGIN CERTIFICATE-----" }),
    close: oneWay({ fleetServerEsCa: "/-----BEGIN CERTIFICATE-----" }),
  },
  13: {
    breaks: oneWay({ fleetServerClientAuth: { mode: "None" } as ClientAuthentication }, { files: {} }),
    close: oneWay({ fleetServerClientAuth: ClientAuthentication.NONE }),
  },
  14: {
    breaks: command(without(MUTUAL, "fleetServerCert", "fleetServerCertKey")),
    close: mutual({}),
  },
  15: {
    breaks: command(without(MUTUAL, "elasticAgentCert", "elasticAgentCertKey")),
    close: command({
      ...without(MUTUAL, "elasticAgentCert", "elasticAgentCertKey"),
      fleetServerClientAuth: ClientAuthentication.OPTIONAL,
    }),
  },
  16: {
    breaks: mutual({
      fleetServerClientAuth: ClientAuthentication.OPTIONAL,
      certificateAuthorities: ["/etc/elastic-agent/certs/fleet-ca.pem"],
    }),
    close: mutual({ fleetServerClientAuth: ClientAuthentication.OPTIONAL }),
  },
  17: {
    breaks: mutual({ certificateAuthorities: ["/etc/elastic-agent/certs/agent-ca.pem"] }),
    close: command(without(ONE_WAY, "certificateAuthorities"), { files: { fleetCas: [] } }),
  },
  18: {
    breaks: agent({ elasticAgentCertKeyPassphrase: "/passphrase" }),
    close: mutual({ elasticAgentCertKeyPassphrase: "/passphrase" }),
  },
  19: {
    breaks: command({
      ...without(ONE_WAY, "fleetServerCert", "fleetServerCertKey"),
      fleetServerCertKeyPassphrase: "/passphrase",
    }),
    close: oneWay({ fleetServerCertKeyPassphrase: "/passphrase" }),
  },
  20: {
    breaks: mutual({}, { files: { encryptedKeys: [MUTUAL.fleetServerEsCertKey as string] } }),
    close: mutual(
      { elasticAgentCertKeyPassphrase: "/passphrase" },
      { files: { encryptedKeys: [MUTUAL.elasticAgentCertKey as string] } },
    ),
  },
  21: {
    breaks: command(without(MUTUAL, "fleetServerEsCertKey")),
    close: command(without(MUTUAL, "fleetServerEsCert", "fleetServerEsCertKey")),
  },
  22: {
    breaks: oneWay({ elasticsearchCaTrustedFingerprint: "AB:CD" }),
    close: oneWay({ elasticsearchCaTrustedFingerprint: "aB".repeat(32) }),
  },
  23: {
    breaks: agent({ caSha256: [PIN, PIN.slice(0, -2) + "V="] }),
    close: agent({ caSha256: [PIN, PIN] }),
  },
  24: { breaks: oneWay({ port: 65536 }), close: oneWay({ port: 65535 }) },
  25: {
    breaks: agent({ nonInteractive: true }, { subcommand: AgentSubcommand.ENROLL }),
    close: agent({ force: true }, { subcommand: AgentSubcommand.ENROLL }),
  },
  26: {
    breaks: command(without(AGENT, "enrollmentToken")),
    close: oneWay({}),
  },
  27: { breaks: oneWay({ delayEnroll: true }), close: agent({ delayEnroll: true }) },
  28: {
    breaks: agent({ insecure: true }),
    close: command({ ...without(AGENT, "certificateAuthorities"), insecure: true }, { files: {} }),
  },
  29: { breaks: agent({ port: 8220 }), close: agent({ fleetServerInsecureHttp: false }) },
  30: {
    breaks: agent({
      certificateAuthorities: ["/etc/elastic-agent/certs/fleet-ca.pem", "/etc/elastic-agent/certs/es-ca.pem"],
    }),
    close: agent({
      certificateAuthorities: ["/etc/elastic-agent/certs/fleet-ca.pem", "/etc/elastic-agent/certs/proxy-ca.pem"],
    }),
  },
  31: {
    breaks: oneWay({ elasticAgentCert: "/agent-cert.pem", elasticAgentCertKey: "/agent-cert-key.pem" }),
    close: agent({ elasticAgentCert: "/agent-cert.pem", elasticAgentCertKey: "/agent-cert-key.pem" }),
  },
  32: {
    breaks: agent({ enrollTimeout: "5m" }, version("9.0.8")),
    close: agent({ enrollTimeout: "5m" }, version("8.19")),
  },
  33: { breaks: agent({ headers: { "X Y": "1" } }), close: agent({ headers: { "X-Y": 'a "b", c=d' } }) },
  34: { breaks: oneWay({ fleetServerPolicy: "a\nb" }), close: oneWay({ fleetServerPolicy: " $a`b'“\t\\" }) },
  duration: { breaks: agent({ enrollTimeout: "0s" }), close: agent({ enrollTimeout: "2562047h" }) },
  delay: {
    breaks: agent({ delayEnroll: true, enrollTimeout: "5m" }),
    close: agent({ delayEnroll: true, daemonTimeout: "5m" }),
  },
  "agent-headers": {
    breaks: agent({ headers: { "X-Y": "1" } }, version("9.0.8")),
    close: oneWay({ headers: { "X-Y": "1" } }, version("9.0.8")),
  },
  shape: { breaks: agent({ daemonTimeout: "90" }), close: agent({ daemonTimeout: "-1h2m3.5s" }) },
  proxy: {
    breaks: agent({ proxyUrl: "http://proxy:3128", proxyDisabled: true }),
    close: agent({ proxyUrl: "http://proxy:3128", proxyHeaders: { "X-Y": "1" }, proxyDisabled: false }),
  },
  "proxy-secret": {
    breaks: agent({ proxyUrl: "http://user:password@proxy:3128" }),
    close: agent({ proxyUrl: "socks5://proxy:1080" }),
  },
  replace: {
    breaks: agent({ replaceToken: CommandSecret.fromEnvironment("REPLACE_TOKEN") }),
    close: agent({ replaceToken: CommandSecret.fromEnvironment("REPLACE_TOKEN"), agentId: "web-1" }),
  },
  "agent-directory": {
    breaks: oneWay({ basePath: "/srv", fleetServerEsCa: "/srv/Elastic/Agent/es-ca.pem" }),
    close: oneWay({ basePath: "/srv", fleetServerEsCa: "/srv/Elastic/Agents/es-ca.pem" }),
  },
  fips: {
    breaks: mutual({ elasticAgentCertKeyPassphrase: "/passphrase" }, { fips: true }),
    close: mutual({}, { fips: true }),
  },
  "agent-pair": {
    breaks: agent({ elasticAgentCert: "/agent-cert.pem" }),
    close: agent({ elasticAgentCert: "/agent-cert.pem", elasticAgentCertKey: "/agent-cert-key.pem" }),
  },
  "mapped-port": {
    breaks: oneWay({ url: "https://fleet.example.com:443" }),
    close: oneWay({ port: undefined }),
  },
  "url-host": {
    breaks: agent({ url: "https://flüt.example.com:8220" }),
    close: agent({ url: "https://fleet_1.example.com:8220" }),
  },
  version: {
    breaks: command(without(AGENT, "certificateAuthorities"), { ...version("8.1.3"), files: {} }),
    close: command(without(AGENT, "certificateAuthorities"), { ...version("8.2"), files: {} }),
  },
  "mutual-version": { breaks: mutual({}, version("8.15.5")), close: mutual({}, version("8.16")) },
  unprivileged: {
    breaks: agent({ unprivileged: true }),
    close: agent({ unprivileged: true, group: "elastic" }),
  },
  password: {
    breaks: agent({ unprivileged: true, user: "fleet", password: CommandSecret.fromEnvironment("PASSWORD") }),
    close: command(
      {
        ...without(AGENT, "certificateAuthorities"),
        unprivileged: true,
        user: "DOMAIN\\fleet",
        password: CommandSecret.fromEnvironment("PASSWORD"),
      },
      WINDOWS,
    ),
  },
  "windows-user": {
    breaks: command(
      { ...without(AGENT, "certificateAuthorities"), unprivileged: true, user: "DOMAIN\\fleet" },
      WINDOWS,
    ),
    close: command({ ...without(AGENT, "certificateAuthorities"), unprivileged: true, user: "fleet" }, WINDOWS),
  },
  length: {
    breaks: oneWay({ fleetServerPolicy: "x".repeat(131_050) }),
    close: oneWay({ fleetServerPolicy: "x".repeat(131_049) }),
  },
  container: {
    breaks: agent({ caSha256: [PIN] }, { container: true }),
    close: agent({ tags: ["a", "b"], nonInteractive: true, headers: { a: "1", b: "2" } }, { container: true }),
  },
};

const PROPS = { isProps: true, nameOf: (prop: CommandProblem["prop"]) => prop };

/** Names of props that no flag's reader knows. */
const propNames = /\b[a-z]+[A-Z]\w+/;

const brokenRules = (broken: Command): string[] =>
  RULES.filter((rule) => rule.check(broken).length > 0).map(({ id }) => id);

test("the table has the 34 facts and a case for each of its rules", () => {
  const numbers = RULES.map(({ id }) => id).filter((id) => /^[0-9]+$/.test(id));
  expect(numbers).toEqual(Array.from({ length: 34 }, (_, index) => String(index + 1)));
  expect(RULES.map(({ id }) => id).sort()).toEqual(Object.keys(CASES).sort());
});

describe.each(RULES.map((rule) => [rule.id, rule.statement] as const))("rule %s: %s", (id) => {
  const { breaks, close } = CASES[id] as Case;

  test("refuses what breaks it, which breaks no other", () => {
    expect(brokenRules(breaks)).toEqual([id]);
    for (const vocabulary of [FLAG_NAMES, PROPS]) {
      for (const problem of RULES.flatMap((rule) => rule.check(breaks)).map((each) => worded(each, vocabulary))) {
        expect(problem.what).toMatch(/^[a-z-]/);
        expect(`${problem.what}${problem.allowed}${problem.fix}`).not.toMatch(/[\n{}|]|undefined/);
        expect(vocabulary.isProps || !propNames.test(`${problem.what} ${problem.allowed} ${problem.fix}`)).toBe(true);
      }
    }
  });

  test("accepts what comes close", () => {
    expect(checkCommand(close)).toEqual([]);
  });
});

/** Other ways to break a rule. */
const BROKEN: readonly (readonly [id: string, what: string, broken: BuiltCommand])[] = [
  ["1", "a user in the URL of Elasticsearch", oneWay({ fleetServerEs: "https://elastic@es.example.com:9200" })],
  ["1", "a port of Elasticsearch that is none", oneWay({ fleetServerEs: "https://es.example.com:65536" })],
  ["2", "no service token at all", command(without(ONE_WAY, "fleetServerServiceTokenPath"))],
  ["3", "a key without its certificate", command(without(ONE_WAY, "fleetServerCert"))],
  ["5", "a user in the URL", agent({ url: "https://user@fleet.example.com:8220" })],
  ["6", "a port that is none", agent({ url: "https://fleet.example.com:0" })],
  ["8", "a POSIX path on Windows", command({ ...without(AGENT, "certificateAuthorities"), basePath: "/srv" }, WINDOWS)],
  ["8", "a Windows path on Linux", oneWay({ fleetServerServiceTokenPath: "C:\\service-token" })],
  ["10", "a blank at the end of a CA's path", oneWay({ certificateAuthorities: [FLEET_CA, "/second.pem "] })],
  [
    "14",
    "optional without a certificate",
    command({ ...without(MUTUAL, "fleetServerCert", "fleetServerCertKey"), ...OPTIONAL }),
  ],
  [
    "16",
    "no list of CAs where clients are asked",
    mutual({ ...OPTIONAL, certificateAuthorities: undefined }, { files: { fleetCas: [] } }),
  ],
  ["17", "an agent that does not trust the fleet CA", command(without(AGENT, "certificateAuthorities"))],
  [
    "20",
    "an encrypted agent key without its passphrase",
    mutual({}, { files: { encryptedKeys: [MUTUAL.elasticAgentCertKey as string] } }),
  ],
  ["21", "a key towards Elasticsearch alone", command(without(MUTUAL, "fleetServerEsCert"))],
  ["22", "63 digits of a fingerprint", oneWay({ elasticsearchCaTrustedFingerprint: "a".repeat(63) })],
  ["23", "a pin in hexadecimal", agent({ caSha256: ["ab".repeat(32)] })],
  ["24", "port 0", oneWay({ port: 0 })],
  ["24", "half a port", oneWay({ port: 8220.5 })],
  ["25", "--unprivileged of enroll", agent({ unprivileged: true, user: "fleet" }, ENROLL)],
  ["26", "no URL", command(without(AGENT, "url"))],
  ["28", "--fleet-server-insecure-http", oneWay({ fleetServerInsecureHttp: true })],
  ["28", "--fleet-server-es-insecure", oneWay({ fleetServerEsInsecure: true })],
  [
    "28",
    "--insecure in a fleet whose CA the host trusts",
    command({ ...without(AGENT, "certificateAuthorities"), insecure: true }, { files: { fleetCas: [] } }),
  ],
  ["32", "--install-servers on 8.x", agent({ installServers: true }, version("8.19.13"))],
  ["32", "a tag before 8.3", agent({ tags: ["a"] }, version("8.2.3"))],
  ["33", "a header with a newline", agent({ headers: { "X-Y": "a\nb" } })],
  ["34", "an empty value", oneWay({ fleetServerPolicy: "" })],
  ["34", "an empty tag", agent({ tags: [""] })],
  ["duration", "more than Go counts", agent({ daemonTimeout: "2562048h" })],
  ["duration", "0 in many words", agent({ daemonTimeout: "-0h0.0m0s" })],
  ["shape", "an address to listen on with a port", oneWay({ bindHost: "0.0.0.0:8220" })],
  ["shape", "an account that begins with a hyphen", agent({ unprivileged: true, user: "-fleet" })],
  [
    "agent-directory",
    "the default directory, in a roundabout way",
    oneWay({ fleetServerServiceTokenPath: "/opt/x/../Elastic//Agent/token" }),
  ],
  [
    "password",
    "a password without a user",
    command(
      {
        ...without(AGENT, "certificateAuthorities"),
        unprivileged: true,
        group: "elastic",
        password: CommandSecret.fromEnvironment("PASSWORD"),
      },
      WINDOWS,
    ),
  ],
  [
    "windows-user",
    "a password of a user without a domain",
    command(
      {
        ...without(AGENT, "certificateAuthorities"),
        unprivileged: true,
        user: "fleet",
        password: CommandSecret.fromEnvironment("PASSWORD"),
      },
      WINDOWS,
    ),
  ],
  [
    "length",
    "more than Windows takes in all",
    command({ ...without(AGENT, "certificateAuthorities"), tags: ["x".repeat(16_000), "y".repeat(17_000)] }, WINDOWS),
  ],
  ["length", "more than macOS takes in all", agent({ tags: Array<string>(10).fill("x".repeat(100_000)) })],
  ["unprivileged", "a user of a privileged agent", agent({ user: "fleet" })],
];

test.each(BROKEN)("rule %s refuses %s", (id, _, broken) => {
  const problems = checkCommand(broken);
  expect(problems.length).toBeGreaterThan(0);
  expect(brokenRules(broken).filter((each) => each !== id)).toEqual([]);
});

test("every problem that a rule finds is on docs/errors.md", () => {
  const props = { isProps: true, nameOf: (prop: string) => prop };
  const broken = [...Object.values(CASES).map(({ breaks }) => breaks), ...BROKEN.map(([, , each]) => each)];
  const messages = broken.flatMap((each) => checkCommand(each).map((problem) => worded(problem, props).what));
  expect(notOnErrorsPage(messages)).toEqual([]);
});

test.each(["0.0.0.0", "::", "[::1]", "fe80::1", "fleet-1.internal"])("Fleet Server may listen on %s", (bindHost) => {
  expect(checkCommand(oneWay({ bindHost }))).toEqual([]);
});

test("--install-servers is for an agent of 9.0 or newer, and a Fleet Server needs none", () => {
  expect(checkCommand(agent({ installServers: true }, version("9.0")))).toEqual([]);
  expect(checkCommand(oneWay({ installServers: true }))).toEqual([]);
});

test.each([
  ["a one-way Fleet Server", command(ONE_WAY)],
  ["a mutual Fleet Server", command(MUTUAL)],
  ["an agent", command(AGENT)],
])("the rules accept %s", (_, accepted) => {
  expect(checkCommand(accepted)).toEqual([]);
});

test("every problem is reported at once", () => {
  const problems = checkCommand(
    command({ url: "fleet", certificateAuthorities: ["ca.pem"], port: 0, staging: "short", user: "fleet" }),
  );
  expect(problems.map(({ prop }) => prop).sort()).toEqual(
    [
      ...["certificateAuthorities", "certificateAuthorities", "enrollmentToken", "port", "port"],
      ...["staging", "url", "user"],
    ].sort(),
  );
});

test("a value of the wrong type is named instead of crashing a rule", () => {
  const flags = { ...AGENT, url: 5, tags: "a", headers: null, force: "yes" };
  expect(typeProblems(flags).map(({ prop, what }) => `${prop} ${what}`)).toEqual([
    "url has the wrong type",
    "headers has the wrong type",
    "tags has the wrong type",
    "force has the wrong type",
  ]);
});

test.each([
  [
    "a token in another variable",
    { enrollmentToken: EnrollmentToken.fromEnvironment("MY_TOKEN") },
    {},
    "enrollmentToken",
  ],
  ["several headers before 9.5", { headers: { a: "1", b: "2" } }, version("9.4.5"), "headers"],
  ["several headers with a comma", { headers: { a: "1,2", b: "2" } }, {}, "headers"],
  ["a proxy", { proxyUrl: "http://proxy:3128" }, {}, "proxyUrl"],
  ["another platform", {}, { platform: TargetPlatform.MACOS }, "platform"],
] as const)("a container is refused %s", (_, flags, changes, prop) => {
  const problems = checkCommand(agent(flags, { container: true, ...changes }));
  expect(problems.map((problem) => problem.prop)).toEqual([prop]);
});

/** Cases that cannot be written as a script: what is wrong is not in the command, or the shell reads another one. */
const NO_SCRIPT: Readonly<Record<string, string>> = {
  container: "an env file has the container's own variables, and nothing else",
  "10": "a comma in a path of a list is the end of that path, and the agent trims blanks: rule 9 sees the second half",
};

/** What `verify` finds in the script, or in the env file, that a command becomes. */
function foundInScript(built: BuiltCommand): string[] {
  const { subcommand, platform, executable, stackVersion, fips, files, container } = built;
  const words = commandWords(built);
  const shell = platform.isWindows ? powershell : posixShell;
  const [name, text] = container
    ? ["container.env", rawText(environmentFile(built.flags))]
    : [
        `${subcommand.word}-command.${shell.scriptExtension}`,
        rawText(shell.script(shell.manyLines(executable, words))),
      ];
  return readHostCommand(name, text, stackVersion, { fips, files }).findings.map(
    ({ severity, fact, what }) => `${severity} ${fact}: ${what}`,
  );
}

const SCRIPTED = [...RULES.map(({ id }) => [id, "its case", (CASES[id] as Case).breaks] as const), ...BROKEN].filter(
  ([id]) => !(id in NO_SCRIPT),
);

test.each(SCRIPTED)("verify finds rule %s broken in a script: %s", (id, _, broken) => {
  const problem = RULES.find((rule) => rule.id === id)!.check(broken)[0] as CommandProblem;
  const said = `${FLAG_NAMES.nameOf(problem.prop)} ${worded(problem, FLAG_NAMES).what}`;
  const found = foundInScript(broken);
  expect(found).toContainEqual(expect.stringContaining(said));
});

test.each(RULES.map(({ id }) => [id] as const))("verify finds no error in what comes close to rule %s", (id) => {
  expect(foundInScript((CASES[id] as Case).close).filter((line) => line.startsWith("error"))).toEqual([]);
});
