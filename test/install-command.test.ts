import { execFileSync } from "node:child_process";

import fc from "fast-check";

import type { InstallCommandProps, InstallFlags } from "../lib";
import {
  AgentSubcommand,
  ClientAuthentication,
  EnrollmentToken,
  InstallCommand,
  ServiceToken,
  StackVersion,
  TargetPlatform,
} from "../lib";
import { FLAGS } from "../lib/private/command-flags";
import { FaultsError } from "../lib/private/faults";
import { AGENT, MUTUAL, ONE_WAY } from "./private/command-fixtures";
import { withStack } from "./support/apps";
import { asTerraformReads, awkwardValue } from "./support/argument-lists";
import { parsedFlags } from "./support/parsed-flags";
import { secretVariable, variable } from "./support/fleets";

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

test("enroll asks for no confirmation only when it is told so, and has no flag of install", () => {
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

test("a command holds a secret if one stands in it, or may", () => {
  withStack((stack) => {
    const secret = secretVariable(stack, "secret");
    const service = { ...ONE_WAY, fleetServerServiceTokenPath: undefined };
    expect(create(ONE_WAY).holdsSecret).toBe(false);
    expect(create({ ...AGENT, tags: [variable(stack, "tag")] }).holdsSecret).toBe(false);
    expect(
      [
        create({ ...AGENT, enrollmentToken: EnrollmentToken.onCommandLine(secret) }),
        create({ ...service, fleetServerServiceToken: ServiceToken.onCommandLine(secret) }),
        create({ ...AGENT, headers: { Authorization: secret } }),
        create({ ...AGENT, proxyHeaders: { "Proxy-Authorization": secret } }),
        create({ ...AGENT, proxyUrl: secret }),
      ].every((command) => command.holdsSecret),
    ).toBe(true);
  });
});

test("all faults are in one error, one a line", () => {
  expect(() => create({ ...AGENT, url: "fleet", staging: "x" }, { stackVersion: StackVersion.of("8.2") })).toThrow(
    'InstallCommand: url is no https URL, got "fleet"; allowed: a URL such as https://fleet.example.com:8220, without ' +
      "a user; write scheme, host and port\n" +
      'InstallCommand: staging is not written as the agent reads it, got "x"; allowed: 8 characters or more; correct it',
  );
});

describe("any flags", () => {
  const text = fc.oneof(awkwardValue, fc.string({ maxLength: 20 }), fc.constant("x".repeat(100_000)));
  const or = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<unknown> = fc.oneof(text, fc.double(), fc.constant(null))) =>
    fc.oneof({ weight: 12, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: bad });
  const path = awkwardValue.map((name) => `/${name.replaceAll(",", "")}x`);
  const duration = fc.constantFrom("90s", "1h2m3.5s", "-1s", "1.5ms");
  const byKind: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    text: or(awkwardValue),
    url: or(fc.webUrl({ validSchemes: ["https"] }).map((url) => new URL(url).origin + ":8220")),
    path: or(path),
    "secret path": or(path),
    "path list": or(fc.array(path, { maxLength: 3 })),
    list: or(fc.constantFrom(["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="], ["x"], [])),
    repeated: or(fc.array(awkwardValue, { maxLength: 3 })),
    headers: or(fc.dictionary(fc.constantFrom("X-A", "b", "c d", "__proto__"), awkwardValue, { maxKeys: 3 })),
    duration: or(duration),
    number: or(fc.integer({ min: 1, max: 65535 }), fc.oneof(fc.double(), fc.integer(), text)),
    switch: or(fc.boolean()),
    "client authentication": or(fc.constantFrom(ClientAuthentication.OPTIONAL, ClientAuthentication.REQUIRED)),
    // A secret that is given has to be a token, so here it is one of the shell's.
    secret: or(fc.constantFrom(EnrollmentToken.fromEnvironment("SECRET_VALUE"))),
  };
  const shaped: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    fleetServerEsCaTrustedFingerprint: or(fc.constant("ab".repeat(32))),
    proxyUrl: or(fc.constant("http://proxy:3128")),
    user: or(fc.constantFrom("elastic", "a b$")),
    group: or(fc.constantFrom("elastic", "a b$")),
    staging: or(fc.constant("0123456789ab")),
  };
  const someFlags = fc
    .record(
      Object.fromEntries(
        FLAGS.map(({ prop, kind }) => [prop, (shaped[prop] ?? byKind[kind]) as fc.Arbitrary<unknown>]),
      ),
      { requiredKeys: [] },
    )
    .chain((random) =>
      fc.constantFrom<InstallFlags>(AGENT, ONE_WAY, MUTUAL, {}).chain((base) =>
        // Mostly a good command with a few flags more, sometimes any flags at all.
        fc.subarray(Object.keys(random), { maxLength: 4 }).map((keys) => ({
          ...base,
          ...Object.fromEntries(keys.map((key) => [key, (random as Record<string, unknown>)[key]])),
        })),
      ),
    );
  const props = fc.record({
    flags: someFlags,
    executable: or(fc.constant("env printf %s\\\\0"), text),
    subcommand: fc.constantFrom(AgentSubcommand.INSTALL, AgentSubcommand.ENROLL),
    stackVersion: fc.constantFrom("9.5.2", "9.0", "8.19.13", "8.12.1", "7.17").map((each) => StackVersion.of(each)),
    fips: fc.boolean(),
    container: fc.boolean(),
  });

  test("are a command that parses back to them, or an error that names every fault", () => {
    const accepted: { readonly command: InstallCommand; readonly flags: InstallFlags; readonly rounds: number }[] = [];
    fc.assert(
      fc.property(props, (random) => {
        const given = { ...random, platform: TargetPlatform.LINUX } as unknown as InstallCommandProps;
        let command: InstallCommand;
        try {
          command = new InstallCommand(given);
        } catch (error) {
          expect(error).toBeInstanceOf(FaultsError);
          for (const line of (error as FaultsError).message.split("\n")) {
            expect(line).toMatch(/^InstallCommand: \w+ .+; allowed: .+; .+$/);
          }
          return;
        }
        const isInstall = given.subcommand?.word === "install";
        if (given.executable.startsWith("env printf")) {
          accepted.push({
            command,
            flags: isInstall ? { nonInteractive: true, ...given.flags } : given.flags,
            rounds: isInstall ? 2 : 1,
          });
        }
      }),
      { numRuns: 3000 },
    );
    expect(accepted.length).toBeGreaterThan(100);

    const script = accepted.map(({ command }) => `${asTerraformReads(command.manyLines)}\necho\n`).join("");
    const output = execFileSync("sh", [], {
      input: script,
      env: { ...process.env, FLEET_ENROLLMENT_TOKEN: "token", SECRET_VALUE: "token" },
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    const commands = output
      .split("\0\n")
      .slice(0, -1)
      .map((line) => line.split("\0"));
    accepted.forEach(({ flags, rounds }, index) => {
      const [, ...args] = commands[index] as string[];
      expect(parsedFlags(args, rounds)).toEqual(normalized(flags));
    });
  });

  /** What can be told from a command: a switch that is off is not there, a secret is what the shell has. */
  function normalized(flags: InstallFlags): InstallFlags {
    const told = FLAGS.map(({ prop, kind }) => {
      const value: unknown = flags[prop];
      const isNothing = value === undefined || value === false || (kind === "repeated" && (value as []).length === 0);
      const isNoHeader = kind === "headers" && Object.keys(value ?? {}).length === 0;
      return [prop, isNothing || isNoHeader ? undefined : kind === "secret" ? "token" : value];
    });
    return Object.fromEntries(told.filter(([, value]) => value !== undefined));
  }
});
