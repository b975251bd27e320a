import { execFileSync } from "node:child_process";

import { App, TerraformStack } from "cdktf";
import fc from "fast-check";

import type { AgentOptions, FleetServerOptions, FleetTlsProps, InstallFlags } from "../../lib";
import {
  CommandSecret,
  EnrollmentToken,
  KeyAlgorithm,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  ServiceToken,
  StackVersion,
  TargetPlatform,
} from "../../lib";
import { InputError } from "../../lib/private/problems";
import { inTemporaryFolder } from "../support/apps";
import { asTerraformReads, awkwardValue } from "../support/argument-lists";
import { parsedFlags } from "../support/parsed-flags";
import { receivedArguments } from "../support/windows-arguments";
import { fuzz } from "./fuzz";
import { HUGE, parseRecipe } from "./recipe";

const ENVIRONMENT = { FLEET_ENROLLMENT_TOKEN: "token", SECRET_VALUE: "token" };

/** What may be run: others could be anything. */
const EXECUTABLES = ["elastic-agent", "sudo ./elastic-agent"];

/** Text of every kind: what is right, awkward, malformed and huge. */
const text = (...right: string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(right[0]!) },
    { weight: 4, arbitrary: fc.constantFrom(...right) },
    { weight: 2, arbitrary: awkwardValue },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("", " ", "\n", "\0", HUGE, "${", "%{if}", "-", "https://"),
    },
  );

/** In JSON's words. */
const number = (right: fc.Arbitrary<number>): fc.Arbitrary<number | string> =>
  fc.oneof(
    { weight: 3, arbitrary: right },
    { weight: 1, arbitrary: fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -1, 65536)) },
    { weight: 1, arbitrary: fc.constantFrom("NaN", "Infinity", "-0") },
  );

const url = text(
  "https://fleet.example.com:8220",
  "https://[fd00::1]:443",
  "http://x",
  "https://user@x:1",
  "https://x",
);
const path = text("/certs", "/srv/it's/certs", "C:\\certs", "\\\\server\\share\\certs");
const secret = fc.constant("SECRET_VALUE");
const names = text("fleet-1.example.com", "10.0.0.1", "*.example.com", "fd00::1");

const shared = {
  platform: fc.constantFrom("LINUX", "LINUX", "MACOS", "WINDOWS"),
  hostDirectory: path,
  executable: text(...EXECUTABLES),
  installedExecutable: text(...EXECUTABLES),
  nonInteractive: fc.boolean(),
  stackVersion: fc.constantFrom("9.5.2", "9.5.2", "9.2.6", "9.0", "8.19.13", "8.16", "8.12"),
  fips: fc.boolean(),
  elasticDefend: fc.boolean(),
  keyAlgorithm: fc.constantFrom("ECDSA_P256", "RSA_2048", "ED25519"),
  keyPassphrase: fc.constant("generated"),
  caSha256: fc.array(text("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), { maxLength: 3 }),
  headers: fc.dictionary(text("X-A", "Authorization"), text("1", "a,b"), { maxKeys: 3 }),
  proxyUrl: text("http://proxy:3128", "https://proxy", "http://a:b@proxy"),
  proxyHeaders: fc.dictionary(text("X-A", "Authorization"), text("1", "a,b"), { maxKeys: 3 }),
  proxyDisabled: fc.boolean(),
  proxyCaPem: text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
  tags: fc.array(text("linux", "a b"), { maxLength: 3 }),
  agentId: text("web-1"),
  replaceToken: secret,
  staging: text("0123456789ab"),
  daemonTimeout: text("90s", "5", "0s", "9999999h"),
  enrollTimeout: text("10m", "-1s"),
  basePath: path,
  unprivileged: fc.boolean(),
  user: text("fleet", "DOMAIN\\fleet"),
  group: text("elastic"),
  password: secret,
  installServers: fc.boolean(),
  force: fc.boolean(),
  container: fc.boolean(),
};

const agentOptions = { ...shared, delayEnroll: fc.boolean() };

const fleetServerOptions = {
  ...shared,
  port: number(fc.integer({ min: 1, max: 65535 })),
  names: fc.array(names, { maxLength: 3 }),
  bindHost: text("0.0.0.0"),
  fleetServerTimeout: text("2m"),
  elasticsearchCaTrustedFingerprint: text("ab".repeat(32)),
};

/** Some of the options, any of them now and then. */
const some = (options: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Options> =>
  fc
    .tuple(fc.record(options), fc.subarray(Object.keys(options), { maxLength: 3 }))
    .map(([all, chosen]) => Object.fromEntries(chosen.map((name) => [name, all[name]])));

type Options = Readonly<Record<string, unknown>>;

/** What a case is made of: JSON, so that one that fails can be kept. */
interface Recipe {
  readonly isMutual: boolean;
  readonly fleetServerUrl: string;
  readonly elasticsearchUrl: string;
  readonly fleetServerPolicy: string;
  readonly serviceToken: string;
  readonly fleetServer: Options;
  readonly agentId: string;
  readonly agent: Options;
}

const recipe: fc.Arbitrary<Recipe> = fc.record({
  isMutual: fc.boolean(),
  fleetServerUrl: url,
  elasticsearchUrl: url,
  fleetServerPolicy: text("fleet-server-policy"),
  serviceToken: path,
  fleetServer: some(fleetServerOptions),
  agentId: text("web-1", "web-2", "a/b", "10.0.0.1"),
  agent: some(agentOptions),
});

/** The values that JSON has no words for. */
const REVIVED: Readonly<Record<string, (value: string) => unknown>> = {
  platform: (name) => TargetPlatform[name as "LINUX"],
  stackVersion: (version) => StackVersion.of(version),
  keyAlgorithm: (name) => KeyAlgorithm[name as "RSA_2048"],
  keyPassphrase: () => KeyPassphrase.generated(),
  replaceToken: (name) => CommandSecret.fromEnvironment(name),
  password: (name) => CommandSecret.fromEnvironment(name),
  port: (port) => Number(port),
};

function revived<T>(options: Options): T {
  const entries = Object.entries(options).map(([name, value]) => [name, REVIVED[name]?.(value as string) ?? value]);
  return Object.fromEntries(entries) as T;
}

/** Options whose value is that of the flag of the same name. */
const SAME = [
  ...["caSha256", "headers", "proxyUrl", "proxyHeaders", "proxyDisabled", "tags", "staging", "daemonTimeout"],
  ...["enrollTimeout", "basePath", "unprivileged", "user", "group", "installServers", "delayEnroll", "agentId"],
  ...["port", "bindHost", "fleetServerTimeout", "elasticsearchCaTrustedFingerprint"],
];

const OF_INSTALL = ["basePath", "unprivileged", "user", "group", "installServers", "delayEnroll"];

/** What a command has to say of the options that its host was given. */
function wanted(options: Options, isInstall: boolean): InstallFlags {
  const entries = Object.entries(revived<Options>(options))
    .filter(([name]) => SAME.includes(name) && (isInstall || !OF_INSTALL.includes(name)))
    .filter(
      ([, value]) => value !== false && Object.keys(Object(value)).length + Number(typeof value !== "object") > 0,
    );
  return Object.fromEntries(entries) as InstallFlags;
}

/** What the agent gets, where its executable is one that can be stood in for. */
function parsed(command: string, options: Options, isInstall: boolean): InstallFlags | undefined {
  const read = asTerraformReads(command);
  const rounds = isInstall ? 2 : 1;
  if (options["platform"] === "WINDOWS") {
    const isKnown = new RegExp(`^(?:& \\{[^;]*; )?(?:\\S*elastic-agent(?:\\.exe)?|& '[^']*') (?:install|enroll) `).test(
      read,
    );
    return isKnown ? parsedFlags(receivedArguments(read, ENVIRONMENT)[0]!, rounds) : undefined;
  }
  const at = read.search(isInstall ? / install / : / enroll /);
  if (!["elastic-agent", ...EXECUTABLES, "sudo -u fleet elastic-agent"].includes(read.slice(0, at))) {
    return undefined;
  }
  const script = `printf '%s\\0'${read.slice(at)}\n`;
  const output = execFileSync("sh", [], { input: script, env: { ...process.env, ...ENVIRONMENT }, encoding: "utf8" });
  return parsedFlags(output.split("\0").slice(1, -1), rounds);
}

function localsOf(stack: TerraformStack): Record<string, string> {
  return (stack.toTerraform() as { locals?: Record<string, string> }).locals ?? {};
}

function checkHost(locals: Record<string, string>, host: string, options: Options): void {
  for (const [id, isInstall] of [
    ["command", true],
    ["enroll-command", false],
  ] as const) {
    const found = Object.entries(locals).filter(([name]) => name.replace(/_[0-9A-F]{8}$/, "") === `${host}_${id}`);
    expect(found).toHaveLength(1);
    const flags = parsed(found[0]![1], options, isInstall);
    if (flags !== undefined) {
      expect(flags).toMatchObject(wanted(options, isInstall));
    }
  }
}

fuzz("the props of a fleet and its hosts", {
  // Each synthesises a fleet.
  percent: 3,
  input: recipe.map((one) => JSON.stringify(one)),
  holds: (json) => {
    const one = parseRecipe<Recipe>(json);
    inTemporaryFolder((outdir) => {
      const stack = new TerraformStack(new App({ outdir, stackTraces: false }), "stack");
      const props = (): FleetTlsProps => ({
        fleetServerUrl: one.fleetServerUrl,
        elasticsearchUrl: one.elasticsearchUrl,
        fleetServerPolicy: one.fleetServerPolicy,
        serviceToken: ServiceToken.onHost(one.serviceToken),
        agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
        fleetServer: revived<FleetServerOptions>(one.fleetServer),
      });
      try {
        const fleet = one.isMutual
          ? new MutualFleetTls(stack, "fleet", props())
          : new OneWayFleetTls(stack, "fleet", props());
        const agent = fleet.addAgent(one.agentId, revived<AgentOptions>(one.agent));
        expect([agent.enrollCommand, fleet.fleetServer.enrollCommand]).not.toContain("");
      } catch (error) {
        requireProblems(error);
        return;
      }
      const locals = localsOf(stack);
      expect(JSON.stringify(locals)).not.toContain("undefined");
      checkHost(locals, "fleet_fleet-server", one.fleetServer);
      checkHost(locals, `fleet_agents_${one.agentId.replace(/[^A-Za-z0-9_-]/g, "")}`, one.agent);
    });
  },
});

function requireProblems(error: unknown): void {
  if (!(error instanceof InputError)) {
    throw error;
  }
  for (const line of error.message.split("\n")) {
    expect(line).toMatch(/^(?:stack\/fleet\S*|ServiceToken\.onHost): [\w.[\]]+ .+; allowed: .+; .+$/);
    expect(line.length).toBeLessThan(1500);
  }
}
