import type { Command } from "../data/command";
import { givenFlags } from "../data/command";
import { isKnown } from "../data/text";
import type { FlagShape } from "../data/flag-shapes";
import type { Flag } from "../data/flags";
import { shapePattern } from "../data/flag-shapes";
import { FLAGS } from "../data/flags";
import type { CommandProblem, CommandRule } from "./rule";
import { headersOf, knownItems, knownTexts, missing, wrong } from "./rule";
import { quoted } from "../../private/problems";
import type { Since } from "../data/stack-features";
import { hasFeature, sinceText } from "../data/stack-features";

/** The words that a command has anyway. */
const TAKEN: ReadonlySet<string> = new Set(["install", "enroll", ...FLAGS.map(({ name }) => name)]);

/** Rules for single values, and for the versions and subcommands that have their flags. */
export const VALUE_RULES: readonly CommandRule[] = [
  {
    id: "7",
    statement: "No flag stands on the command line twice, lists apart",
    reason: "the agent silently uses the last one, as on Elastic's own page",
    source: "spf13/pflag; elastic-agent internal/pkg/agent/cmd/enroll.go",
    unknown: "passes",
    check: ({ executable }) => {
      const words = isKnown(executable) ? executable.split(/\s+/) : [];
      return isKnown(executable) && words.some((word) => TAKEN.has(word.split("=")[0] as string))
        ? [
            {
              prop: "executable",
              what: "contains a word that the command adds itself",
              got: quoted(executable),
              allowed: "the words before install, such as sudo ./elastic-agent",
              fix: "take out install and every flag: they have props of their own",
            },
          ]
        : [];
    },
  },
  {
    id: "22",
    statement: "A trusted fingerprint is 64 hexadecimal digits",
    reason: "the agent does not look, and Fleet Server fails to decode it when it connects",
    source: "elastic-agent-libs transport/tlscommon/tls_config.go, hex.DecodeString",
    unknown: "passes",
    check: (command) => misshapen(command, ({ prop }) => prop === "elasticsearchCaTrustedFingerprint"),
  },
  {
    id: "23",
    statement: "Each pin is the base64 of 32 bytes",
    reason: "the agent does not look, and no certificate ever matches",
    source: "elastic-agent-libs transport/tlscommon/ca_pinning.go",
    unknown: "passes",
    check: (command) => misshapen(command, ({ prop }) => prop === "caSha256"),
  },
  {
    id: "25",
    statement: "install asks no questions unless nonInteractive is false, and enroll has no flag that only install has",
    reason: "a pasted install stops at a prompt, and enroll does not know --non-interactive",
    source: "elastic-agent internal/pkg/agent/cmd/install.go; ingest-docs#1668",
    unknown: "is set",
    check: (command) =>
      command.subcommand.word === "install"
        ? command.container || command.flags.nonInteractive !== undefined || command.flags.force !== undefined
          ? []
          : [
              missing(
                "nonInteractive",
                ", and install asks before it goes on, so a script hangs",
                "{nonInteractive} or {force}",
                "add {nonInteractive}",
              ),
            ]
        : givenFlags(command.flags)
            .filter(({ installOnly }) => installOnly)
            .map(({ prop }) =>
              wrong(command, prop, {
                what: "is unknown to enroll",
                allowed: "flags that enroll has",
                fix: "leave it out: the installed agent keeps how it was installed",
              }),
            ),
  },
  {
    id: "32",
    statement: "Every flag is known to the version",
    reason: "elastic-agent stops at a flag that it does not know",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go and install.go, at each release tag",
    unknown: "is set",
    check: (command) =>
      givenFlags(command.flags)
        .filter(
          ({ prop, since }) =>
            since !== undefined && command.flags[prop] !== false && !hasFeature(command.stackVersion, since),
        )
        .map(({ prop, name, since }) => ({
          prop,
          what: `[[is emitted as ${name}, which ${command.stackVersion.toString()} does not know|is unknown to ${command.stackVersion.toString()}]]`,
          got: command.stackVersion.toString(),
          allowed: `stack ${sinceText(since as Since)}`,
          fix: "leave it out, or upgrade the agents first",
        })),
  },
  {
    id: "33",
    statement: "Every header has a name of token characters and a value on one line",
    reason: "the agent silently drops a header without a name, and Go sends none with other characters",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, mapFromEnvList; RFC 9110 5.6.2",
    unknown: "passes",
    check: (command) =>
      givenFlags(command.flags)
        .filter(({ kind }) => kind === "headers")
        .flatMap(({ prop }) =>
          headersOf(command.flags, prop as "headers" | "proxyHeaders")
            .filter(([name, value]) => !HEADER_NAME.test(name) || (isKnown(value) && CONTROL.test(value)))
            .map(([name]) => ({
              prop,
              what: "contains a header that cannot be sent",
              got: quoted(name),
              allowed: "names of letters, digits and hyphens, values on one line",
              fix: "correct it; commas and quotes are fine in values",
            })),
        ),
  },
  {
    id: "34",
    statement: "Every value is on one line, and not empty",
    reason: "no shell carries a NUL, a newline ends a command when it is pasted, and the agent takes empty for unset",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, buildEnrollmentFlags",
    unknown: "passes",
    check: (command) => [
      ...knownTexts(command)
        .filter(({ text }) => text === "" || CONTROL.test(text))
        .map(({ flag, text }) => unusable(flag, text)),
      ...knownItems(command.flags.tags)
        .filter((text) => text === "" || CONTROL.test(text))
        .map((text) => unusable({ prop: "tags" }, text)),
      ...(isKnown(command.executable) && (command.executable.trim() === "" || CONTROL.test(command.executable))
        ? [unusable({ prop: "executable" }, command.executable)]
        : []),
    ],
  },
  {
    id: "shape",
    statement: "Durations, accounts, proxies, addresses and staging builds are written as the agent reads them",
    reason: "the agent stops at some, takes a container's wrong duration for none, and Fleet Server cannot listen",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go; cmd/container.go, envTimeout",
    unknown: "passes",
    check: (command) =>
      misshapen(command, ({ prop }) => prop !== "elasticsearchCaTrustedFingerprint" && prop !== "caSha256"),
  },
  {
    id: "duration",
    statement: "A duration is not 0, and fits into what Go counts in",
    reason:
      "install and the container take 0 for unset, enroll takes it for no limit; what does not fit stops the agent",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, buildEnrollmentFlags; Go time.ParseDuration",
    unknown: "passes",
    check: (command) =>
      knownTexts(command)
        .filter(({ flag, text }) => flag.kind === "duration" && shapePattern(flag.shape as FlagShape).test(text))
        .filter(({ text }) => !isUsableDuration(text))
        .map(({ flag, text }) => ({
          prop: flag.prop,
          what: "is zero or overflows Go's time.Duration",
          got: quoted(text),
          allowed: "durations from 1ns to 2562047h",
          fix: "leave it out for the default; a negative one waits for ever",
        })),
  },
  {
    id: "proxy-secret",
    statement: "A proxy's password is no literal",
    reason: "it would be readable in the synthesised JSON and in version control",
    source: "here",
    severity: "warning",
    unknown: "passes",
    check: ({ flags: { proxyUrl } }) =>
      proxyUrl !== undefined && isKnown(proxyUrl) && /^[a-z0-9]+:\/\/[^/]*@/i.test(proxyUrl)
        ? [
            {
              prop: "proxyUrl",
              what: "contains a user or a password in plain text",
              allowed: "[[a URL without them, or a Terraform token|a URL without them, or a variable of the shell]]",
              fix: "[[pass the whole URL as a sensitive variable's stringValue|take it from a variable: every user of the host can read a command line]]",
            },
          ]
        : [],
  },
];

/** The units of Go's durations, in hours. */
const HOURS: Readonly<Record<string, number>> = {
  h: 1,
  m: 1 / 60,
  s: 1 / 3_600,
  ms: 1 / 3.6e6,
  us: 1 / 3.6e9,
  µs: 1 / 3.6e9,
  ns: 1 / 3.6e12,
};

/** The whole hours of 64 bits of nanoseconds. */
const MOST_HOURS = 2_562_047;

function isUsableDuration(text: string): boolean {
  const parts = [...text.matchAll(/([0-9.]+)([a-zµ]+)/g)];
  const hours = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (HOURS[unit as string] as number), 0);
  return hours > 0 && hours <= MOST_HOURS;
}

/** Control characters but the tab. */
const CONTROL = /[^\P{Cc}\t]/u;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

function unusable({ prop }: { readonly prop: CommandProblem["prop"] }, text: string): CommandProblem {
  return {
    prop,
    what: text.trim() === "" ? "is empty" : "contains a newline or another control character",
    got: quoted(text),
    allowed: "text on one line",
    fix: text.trim() === "" ? "leave it out, or write a value" : "remove it",
  };
}

function misshapen(command: Command, select: (flag: Flag) => boolean): CommandProblem[] {
  return knownTexts(command)
    .filter(({ flag, text }) => flag.shape && select(flag) && text !== "" && !CONTROL.test(text))
    .filter(({ flag, text }) => !shapePattern(flag.shape as FlagShape).test(text))
    .map(({ flag, text }) => ({
      prop: flag.prop,
      what: "is not written as the agent reads it",
      got: quoted(text),
      allowed: (flag.shape as FlagShape).allowed,
      fix: "correct it",
    }));
}
