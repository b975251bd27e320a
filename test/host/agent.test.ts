import type { AgentOptions, FleetTlsProps, MutualFleetTlsProps } from "../../lib";
import {
  Agent,
  CommandSecret,
  EnrollmentToken,
  KeyAlgorithm,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  StackVersion,
  TargetPlatform,
} from "../../lib";
import { refusalOf, TestStack } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthApp, synthStack } from "../support/synth";

const CERTS = "/etc/elastic-agent/certs";

function oneWay(options: AgentOptions, props: Partial<FleetTlsProps> = {}): SynthesizedStack {
  return synthStack((stack) => new OneWayFleetTls(stack, "fleet", fleetProps(props)).addAgent("web-1", options));
}

function mutual(options: AgentOptions, props: Partial<MutualFleetTlsProps> = {}): SynthesizedStack {
  return synthStack((stack) => new MutualFleetTls(stack, "fleet", fleetProps(props)).addAgent("web-1", options));
}

const refusal = (options: AgentOptions, props: Partial<MutualFleetTlsProps> = {}): string =>
  refusalOf((stack) => new MutualFleetTls(stack, "fleet", fleetProps(props)).addAgent("web-1", options));

const file = (stack: SynthesizedStack, name: string) => stack.resource(`fleet/agents/web-1/files/${name}`).attributes;

const names = (stack: SynthesizedStack): string[] =>
  stack
    .resources()
    .filter(({ path }) => path.includes("/agents/web-1/files/"))
    .map(({ path }) => path.slice(path.lastIndexOf("/") + 1))
    .sort();

const command = (stack: SynthesizedStack): string => stack.local("fleet_agents_web-1_command") as string;

test("a one-way agent has what it trusts and its command", () => {
  const stack = oneWay({});
  expect(names(stack)).toEqual(["es-ca.pem", "fleet-ca.pem", "install-command.sh"]);
  expect(command(stack)).toBe(
    `elastic-agent install --url=https://fleet.example.com:8220 --certificate-authorities=${CERTS}/fleet-ca.pem ` +
      '--enrollment-token="$${FLEET_ENROLLMENT_TOKEN:?set it to the token before running this command}" --non-interactive',
  );
});

test("a mutual agent also has a certificate and a key", () => {
  const stack = mutual({ keyPassphrase: KeyPassphrase.generated() });
  expect(names(stack)).toEqual([
    ...["agent-cert-key-passphrase", "agent-cert-key.pem", "agent-cert.pem"],
    ...["es-ca.pem", "fleet-ca.pem", "install-command.sh"],
  ]);
  expect(file(stack, "agent-cert-key.pem")["file_permission"]).toBe("0600");
  expect(command(stack)).toContain(`--elastic-agent-cert-key-passphrase=${CERTS}/agent-cert-key-passphrase`);
});

test("every option is emitted as its flag", () => {
  const stack = oneWay({
    caSha256: ["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="],
    headers: { "X-A": "1" },
    proxyUrl: "https://proxy.example.com:3128",
    proxyHeaders: { "X-B": "2" },
    tags: ["linux", "a b"],
    agentId: "web-1",
    replaceToken: CommandSecret.fromEnvironment("REPLACE_TOKEN"),
    staging: "0123456789ab",
    daemonTimeout: "1m",
    enrollTimeout: "-1s",
    basePath: "/srv",
    installServers: true,
    force: true,
  });
  expect(command(stack).split(" --").slice(3)).toEqual([
    "ca-sha256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    'enrollment-token="$${FLEET_ENROLLMENT_TOKEN:?set it to the token before running this command}"',
    "header=X-A=1",
    "proxy-url=https://proxy.example.com:3128",
    "proxy-header=X-B=2",
    "tag=linux",
    "tag='a b'",
    "id=web-1",
    'replace-token="$${REPLACE_TOKEN:?set it to the token before running this command}"',
    "staging=0123456789ab",
    "daemon-timeout=1m",
    "enroll-timeout=-1s",
    "base-path=/srv",
    "install-servers",
    "force",
    "non-interactive",
  ]);
});

test("a proxy's CA is a file of its own in the agent's list", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const stack = oneWay({ proxyCaPem: `before\n${pem.replaceAll("\n", "\r\n")}after` });
  expect(file(stack, "proxy-ca.pem")).toMatchObject({ content: pem, file_permission: "0644" });
  expect(command(stack)).toContain(`--certificate-authorities=${CERTS}/fleet-ca.pem,${CERTS}/proxy-ca.pem `);
  expect(refusal({ proxyCaPem: "-----BEGIN PRIVATE KEY-----" })).toContain("proxyCaPem contains no certificate");
});

test("enrollCommand has every setting but those of the installation", () => {
  const stack = synthStack((scope) => {
    const agent = new MutualFleetTls(scope, "fleet", fleetProps()).addAgent("web-1", {
      tags: ["a,b"],
      unprivileged: true,
      user: "fleet",
      executable: "sudo ./elastic-agent",
      nonInteractive: true,
      delayEnroll: true,
    });
    expect(agent.enrollCommand).toBe(agent.enrollCommand);
  });
  expect(stack.local("fleet_agents_web-1_enroll-command")).toBe(
    `sudo -u fleet elastic-agent enroll --url=https://fleet.example.com:8220 --certificate-authorities=${CERTS}/fleet-ca.pem ` +
      '--enrollment-token="$${FLEET_ENROLLMENT_TOKEN:?set it to the token before running this command}" ' +
      `--elastic-agent-cert=${CERTS}/agent-cert.pem --elastic-agent-cert-key=${CERTS}/agent-cert-key.pem ` +
      `--tag='"a,b"' --force`,
  );
});

test("an error about installedExecutable names that prop", () => {
  expect(refusal({ installedExecutable: "elastic-agent enroll" })).toBe(
    'stack/fleet/agents/web-1: installedExecutable contains a word that the command adds itself, got "elastic-agent enroll"; ' +
      "allowed: the words before install, such as sudo ./elastic-agent; take out install and every flag: they have " +
      "props of their own",
  );
});

const READ = ["agent-cert-key.pem", "fleet-ca.pem", "agent-cert.pem", "es-ca.pem"];

test("an unprivileged agent's script hands every file that the agent reads to the group", () => {
  const stack = mutual({ unprivileged: true, user: "fleet", group: "elastic" });
  expect(stack.resolved(file(stack, "install-command.sh")["content"]).split("\n").slice(3, 6)).toEqual([
    ["chgrp elastic", CERTS, ...READ.map((name) => `${CERTS}/${name}`)].join(" "),
    `chmod 0750 ${CERTS}`,
    `chmod 0640 ${CERTS}/agent-cert-key.pem`,
  ]);
  expect(refusal({ unprivileged: true })).toContain("group is missing, and unprivileged is set");
  expect(refusal({ unprivileged: true, group: "elastic" }, { stackVersion: StackVersion.of("8.16.1") })).toContain(
    "group is emitted as --group, which 8.16.1 does not know, got 8.16.1; allowed: stack 8.17 or newer",
  );
});

test("a Windows agent has Windows paths and PowerShell", () => {
  const stack = mutual({ platform: TargetPlatform.WINDOWS });
  expect(names(stack)).toContain("install-command.ps1");
  expect(command(stack)).toMatch(/^\.\\elastic-agent\.exe install '--url=https:\/\/fleet\.example\.com:8220' /);
  expect(command(stack)).toContain("'--elastic-agent-cert=C:\\ProgramData\\elastic-agent-certs\\agent-cert.pem'");
});

test("an agent in a container has an env file instead of a script, and no output", () => {
  let environment: { [name: string]: string } | undefined;
  const stack = synthStack((scope) => {
    const fleet = new OneWayFleetTls(scope, "fleet", fleetProps());
    environment = fleet.addAgent("web-1", { container: true, tags: ["a", "b"] }).containerEnvironment;
  });
  expect(names(stack)).toEqual(["container.env", "es-ca.pem", "fleet-ca.pem"]);
  expect(file(stack, "container.env")["content"]).toBe(
    `FLEET_ENROLL=1\nFLEET_URL=https://fleet.example.com:8220\nFLEET_CA=${CERTS}/fleet-ca.pem\n` +
      "ELASTIC_AGENT_TAGS=a,b\nFLEET_ENROLLMENT_TOKEN\n",
  );
  expect(environment).toMatchObject({ FLEET_ENROLL: "1", ELASTIC_AGENT_TAGS: "a,b" });
  expect(Object.keys(stack.outputs)).not.toContain("fleet-agent-commands");
});

test.each<[string, AgentOptions]>([
  ["keyPassphrase has no environment variable in a container", { keyPassphrase: KeyPassphrase.generated() }],
  ["caSha256 has no environment variable", { caSha256: ["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="] }],
  ["proxyUrl has no environment variable", { proxyUrl: "http://proxy:3128" }],
  [
    "enrollmentToken is read from another variable than the container's own",
    { enrollmentToken: EnrollmentToken.fromEnvironment("TOKEN") },
  ],
])("a container is refused: %s", (message, options) => {
  expect(refusal({ ...options, container: true })).toContain(`stack/fleet/agents/web-1: ${message}`);
});

test("an agent without an enrollment token is refused, since it would be installed standalone", () => {
  expect(refusal({}, { agentEnrollmentToken: undefined })).toBe(
    "stack/fleet/agents/web-1: enrollmentToken is missing, and the agent would be installed standalone without an " +
      "error; allowed: EnrollmentToken.fromEnvironment(NAME) or EnrollmentToken.onCommandLine(TOKEN); set " +
      "agentEnrollmentToken on the fleet or enrollmentToken on the agent",
  );
});

test("keys that Elastic Defend cannot read are refused, the host's and those of what it meets", () => {
  const defend = { elasticDefend: true, stackVersion: StackVersion.of("9.0.8") };
  const { RSA_2048, RSA_3072, ECDSA_P384 } = KeyAlgorithm;
  expect(refusal(defend)).toContain(
    "keyAlgorithm is dropped silently by Elastic Defend of 9.0.8, got ECDSA P256; allowed: RSA, or stackVersion 8.19 " +
      "and everything from 9.1; choose another keyAlgorithm for the fleet",
  );
  expect(refusal({ ...defend, keyAlgorithm: RSA_2048 })).toContain(
    "keyAlgorithm of the fleet's servers and CAs is dropped silently by Elastic Defend of 9.0.8, got ECDSA P256",
  );
  expect(refusal({ ...defend, keyAlgorithm: ECDSA_P384 }, { keyAlgorithm: RSA_2048 })).toContain("got ECDSA P384");
  const accepted = [
    mutual({ ...defend, keyAlgorithm: RSA_3072 }, { keyAlgorithm: RSA_2048 }),
    mutual({ elasticDefend: true }),
    mutual({ elasticDefend: true, stackVersion: StackVersion.of("8.19") }),
  ];
  for (const stack of accepted) {
    expect(command(stack)).toContain("--elastic-agent-cert=");
  }
});

test("keys that the FIPS build cannot read are refused", () => {
  const fips = refusal({ fips: true, keyAlgorithm: KeyAlgorithm.ED25519 });
  expect(fips).toContain("keyAlgorithm cannot be read by Elastic's FIPS build, got ED25519");
  expect(refusal({ fips: true, keyPassphrase: KeyPassphrase.generated() })).toContain(
    "keyPassphrase names a passphrase, and the FIPS build reads no encrypted key",
  );
});

test("a Windows agent that is installed elsewhere enrolls by its executable there", () => {
  const stack = synthStack((scope) => {
    const fleet = new OneWayFleetTls(scope, "fleet", fleetProps());
    const platform = TargetPlatform.WINDOWS;
    for (const [id, basePath] of [
      ["web-1", "D:\\it's ${here}"],
      ["web-2", variable(scope, "base")],
    ] as const) {
      expect(fleet.addAgent(id, { platform, basePath }).enrollCommand).toMatch(/TOKEN/);
    }
  });
  expect(stack.local("fleet_agents_web-1_enroll-command")).toMatch(
    /^& 'D:\\it''s \$\$\{here\}\\Elastic\\Agent\\elastic-agent\.exe' enroll /,
  );
  expect(stack.local("fleet_agents_web-2_enroll-command")).toMatch(/^& \$\{join\(.*var\.base.*\)\} enroll /);
});

test("all problems of an agent are reported at once, under the names of its props", () => {
  const lines = refusal({
    hostDirectory: "certs",
    agentId: "a\nb",
    daemonTimeout: "5",
    headers: { "a b": "c" },
    tags: ["a\nb"],
    proxyDisabled: true,
    proxyUrl: "http://user:password@proxy",
    executable: "elastic-agent install",
  }).split("\n");
  const props = lines.map((line) => line.slice("stack/fleet/agents/web-1: ".length).split(" ")[0]);
  expect(props.sort()).toEqual([
    "agentId",
    "daemonTimeout",
    "executable",
    "headers",
    "hostDirectory",
    "proxyUrl",
    "proxyUrl",
    "tags",
  ]);
  expect(lines.join("\n")).not.toContain("user:password");
});

test.each(["a/../../b", "web-1"])("the id %j is refused with its construct path", (id) => {
  const message = refusalOf((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("web-1");
    fleet.addAgent(id);
  });
  expect(message).toMatch(
    /^stack\/fleet\/agents: id (cannot be|is) .+, got ".*"; allowed: (1 to 64 letters|an id that nothing else)/,
  );
});

test("values that only Terraform knows are checked by it", () => {
  const stack = synthStack((scope) => {
    new OneWayFleetTls(scope, "fleet", fleetProps()).addAgent("web-1", {
      hostDirectory: variable(scope, "directory"),
      daemonTimeout: variable(scope, "timeout"),
      tags: [variable(scope, "tag")],
    });
  });
  const preconditions = file(stack, "install-command.sh")["lifecycle"]["precondition"] as { error_message: string }[];
  expect(preconditions.map(({ error_message }) => error_message.replace(/;.*/, ""))).toEqual([
    "stack/fleet/agents/web-1: hostDirectory is no absolute linux path without commas and outside the agent's own install directory",
    "stack/fleet/agents/web-1: tags is not usable",
    "stack/fleet/agents/web-1: daemonTimeout is not usable",
  ]);
});

test("an agent of another stack has its command there", () => {
  const stacks = synthApp((app) => {
    const fleet = new OneWayFleetTls(new TestStack(app, "home"), "fleet", fleetProps());
    new Agent(new TestStack(app, "branch"), "web-1", { fleet });
  });
  expect(stacks["branch"]!.local("web-1_command")).toContain("elastic-agent install");
});
