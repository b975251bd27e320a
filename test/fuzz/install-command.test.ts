import { execFileSync } from "node:child_process";

import fc from "fast-check";

import type { InstallCommandProps, InstallFlags } from "../../lib";
import {
  AgentSubcommand,
  ClientAuthentication,
  CommandSecret,
  InstallCommand,
  StackVersion,
  TargetPlatform,
} from "../../lib";
import { FLAGS } from "../../lib/command/data/flags";
import { InputError } from "../../lib/private/problems";
import { AGENT, MUTUAL, ONE_WAY } from "../command/fixtures";
import { asTerraformReads, awkwardValue } from "../support/argument-lists";
import { containerArguments } from "../support/container-arguments";
import { parsedFlags } from "../support/parsed-flags";
import { receivedArguments } from "../support/windows-arguments";
import { fuzz } from "./fuzz";
import { HUGE, parseRecipe } from "./recipe";

/** The one secret that can be given without Terraform: a variable of the shell. */
const SECRET = { fromEnvironment: "SECRET_VALUE" };
const ENVIRONMENT = { SECRET_VALUE: "token", FLEET_ENROLLMENT_TOKEN: "token" };

/** Prints its arguments, a NUL after each. */
const PRINT = "printf %s\\\\0";

const PLATFORMS = { linux: TargetPlatform.LINUX, macos: TargetPlatform.MACOS, windows: TargetPlatform.WINDOWS };
const BASES: Readonly<Record<string, InstallFlags>> = { AGENT, ONE_WAY, MUTUAL, NOTHING: {} };
const CLIENT_AUTHENTICATIONS = [ClientAuthentication.OPTIONAL, ClientAuthentication.REQUIRED];

/** What a case is made of: JSON, so that one that fails can be kept. */
interface Recipe {
  readonly base: string;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly executable: unknown;
  readonly isInstall: boolean;
  readonly platform: keyof typeof PLATFORMS;
  readonly stackVersion: string;
  readonly fips: boolean;
  readonly container: boolean;
}

const text = fc.oneof(
  awkwardValue,
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(HUGE, "", " ", "\0", "\r", "toString"),
);
const or = (good: fc.Arbitrary<unknown>, bad: fc.Arbitrary<unknown> = fc.oneof(text, fc.double(), fc.constant(null))) =>
  fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: bad });

const path = fc
  .tuple(fc.constantFrom("/", "/", "/", "C:\\", "C:/"), awkwardValue)
  .map(([root, name]) => `${root}${name.replaceAll(",", "")}x`);

const number = fc.oneof(fc.double(), fc.integer(), text, fc.constantFrom(0, -1, 65536, 1e300));

const byKind: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  text: or(awkwardValue),
  url: or(fc.webUrl({ validSchemes: ["https"] }).map((url) => new URL(url).origin + ":8220")),
  path: or(path),
  "secret path": or(path),
  "path list": or(fc.array(path, { maxLength: 3 })),
  list: or(fc.constantFrom(["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="], ["x"], [])),
  repeated: or(fc.array(awkwardValue, { maxLength: 3 })),
  headers: or(fc.dictionary(fc.constantFrom("X-A", "b", "c d", "__proto__"), awkwardValue, { maxKeys: 3 })),
  duration: or(fc.constantFrom("90s", "1h2m3.5s", "-1s", "1.5ms", "0s", "9999999h")),
  number: or(fc.integer({ min: 1, max: 65535 }), number),
  switch: or(fc.boolean()),
  "client authentication": or(fc.constantFrom("optional", "required")),
  secret: or(fc.constant(SECRET)),
};

const shaped: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  elasticsearchCaTrustedFingerprint: or(fc.constant("ab".repeat(32))),
  bindHost: or(fc.constantFrom("0.0.0.0", "::", "fleet-1")),
  proxyUrl: or(fc.constant("http://proxy:3128")),
  user: or(fc.constantFrom("elastic", "a b$", "DOMAIN\\fleet")),
  group: or(fc.constantFrom("elastic", "a b$")),
  staging: or(fc.constant("0123456789ab")),
};

const flags = fc
  .record(Object.fromEntries(FLAGS.map(({ prop, kind }) => [prop, (shaped[prop] ?? byKind[kind])!])))
  .chain((all) =>
    // Mostly a good command with a few flags more.
    fc
      .subarray(Object.keys(all), { maxLength: 4 })
      .map((props) => Object.fromEntries(props.map((prop) => [prop, all[prop]]))),
  );

/** Mostly false. */
const seldom = fc.nat(5).map((chance) => chance === 5);

const recipe: fc.Arbitrary<Recipe> = fc.record({
  base: fc.constantFrom("AGENT", "AGENT", "AGENT", "ONE_WAY", "ONE_WAY", "ONE_WAY", "MUTUAL", "MUTUAL", "NOTHING"),
  flags,
  executable: or(fc.constant("elastic-agent"), text),
  isInstall: fc.boolean(),
  platform: fc.constantFrom("linux", "linux", "macos", "windows"),
  stackVersion: fc.constantFrom("9.5.2", "9.5.2", "9.5.2", "9.5.2", "9.0", "8.19.13", "8.12.1", "7.17"),
  fips: seldom,
  container: seldom,
});

/** Every path of a good command, as a platform has it. */
function onPlatform(base: InstallFlags, platform: TargetPlatform): InstallFlags {
  const there = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(there)
      : typeof value === "string" && value.startsWith("/")
        ? `C:${value.replaceAll("/", "\\")}`
        : value;
  return platform.isWindows
    ? Object.fromEntries(Object.entries(base).map(([prop, value]) => [prop, there(value)]))
    : base;
}

function flagsOf({ base, flags: chosen, platform }: Recipe): InstallFlags {
  const given = Object.entries(chosen).map(([prop, value]) => {
    const kind = FLAGS.find((flag) => flag.prop === prop)!.kind;
    if (kind === "secret" && JSON.stringify(value) === JSON.stringify(SECRET)) {
      return [prop, CommandSecret.fromEnvironment(SECRET.fromEnvironment)];
    }
    const mode = CLIENT_AUTHENTICATIONS.find((one) => kind === "client authentication" && one.mode === value);
    return [prop, mode ?? value];
  });
  return { ...onPlatform(BASES[base]!, PLATFORMS[platform]), ...Object.fromEntries(given) };
}

/** Flags that a command shows: a switch that is off is absent, a secret is what the shell has. */
function shown(given: InstallFlags): InstallFlags {
  const values = FLAGS.map(({ prop, kind }) => {
    const value: unknown = given[prop];
    const isNothing = value === undefined || value === false || (kind === "repeated" && (value as []).length === 0);
    const isNoHeader = kind === "headers" && Object.keys(value ?? {}).length === 0;
    return [prop, isNothing || isNoHeader ? undefined : kind === "secret" ? "token" : value];
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** The arguments that the agent gets of every form of a command. */
function argumentsOf(command: InstallCommand, { platform, executable }: Recipe): string[][] {
  if (platform === "windows") {
    return receivedArguments(asTerraformReads(command.manyLines), ENVIRONMENT);
  }
  const script = [command.manyLines, command.oneLine]
    .map((text) => `${asTerraformReads(text).replace(executable as string, PRINT)}\necho\n`)
    .join("");
  const output = execFileSync("sh", [], { input: script, env: { ...process.env, ...ENVIRONMENT }, encoding: "utf8" });
  return output
    .split("\0\n")
    .slice(0, -1)
    .map((line) => line.split("\0").slice(1));
}

function requireProblems(error: unknown): void {
  expect(error).toBeInstanceOf(InputError);
  for (const line of (error as InputError).message.split("\n")) {
    expect(line).toMatch(/^InstallCommand: [\w.]+ .+; allowed: .+; .+$/);
    expect(line.length).toBeLessThan(1500);
  }
}

fuzz("the props of a command", {
  percent: 13,
  input: recipe.map((one) => JSON.stringify(one)),
  holds: (json) => {
    const one = parseRecipe<Recipe>(json);
    const given = flagsOf(one);
    const props = {
      ...one,
      flags: given,
      platform: PLATFORMS[one.platform],
      stackVersion: StackVersion.of(one.stackVersion),
      subcommand: one.isInstall ? AgentSubcommand.INSTALL : AgentSubcommand.ENROLL,
    } as InstallCommandProps;
    let command: InstallCommand;
    try {
      command = new InstallCommand(props);
    } catch (error) {
      requireProblems(error);
      return;
    }
    expect(command.script).toContain(command.manyLines);
    if (one.executable === "elastic-agent") {
      const wanted = shown(one.isInstall ? { nonInteractive: true, ...given } : given);
      for (const args of argumentsOf(command, one)) {
        expect(parsedFlags(args, one.isInstall ? 2 : 1)).toEqual(wanted);
      }
    }
    if (one.container) {
      // Nothing asks in a container.
      const wanted = { ...shown(given), nonInteractive: undefined };
      expect({ nonInteractive: undefined, ...parsedFlags(containerArguments(environmentOf(command)), 1) }).toEqual(
        wanted,
      );
    }
  },
});

/** Environment of a container: its settings, and the secrets of what starts it. */
function environmentOf({ containerEnvironment, environmentFile }: InstallCommand): Record<string, string> {
  const lines = environmentFile.split("\n").slice(0, -1);
  const inherited = lines.filter((line) => !line.includes("=")).map((name) => [name, "token"]);
  const set = lines.filter((line) => line.includes("="));
  expect(set).toEqual(Object.entries(containerEnvironment).map(([name, value]) => `${name}=${value}`));
  const values = Object.entries(containerEnvironment).map(([name, value]) => [name, asTerraformReads(value)]);
  return Object.fromEntries([...values, ...inherited]);
}
