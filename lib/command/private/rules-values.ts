import type { Flag, FlagShape } from "./flags";
import { FLAGS, givenFlags, shapePattern } from "./flags";
import type { Command, CommandFault, CommandRule } from "./rule";
import { knownTexts, wrong } from "./rule";
import { textsOf } from "./values";
import { quoted } from "../../private/faults";
import type { Since } from "./stack-features";
import { hasFeature, sinceText } from "./stack-features";
import { isKnown } from "../../private/terraform/text";

/** The words that a command has anyway. */
const TAKEN: ReadonlySet<string> = new Set(["install", "enroll", ...FLAGS.map(({ name }) => name)]);

/** What single values look like, and which versions and subcommands know their flags. */
export const VALUE_RULES: readonly CommandRule[] = [
  {
    id: "7",
    statement: "No flag stands on the command line twice, lists apart",
    reason: "the last one wins without a word, as on Elastic's own page",
    source: "spf13/pflag; elastic-agent internal/pkg/agent/cmd/enroll.go",
    check: ({ executable }) => {
      const repeated = executable.split(/\s+/).filter((word) => TAKEN.has(word.split("=")[0] as string));
      return isKnown(executable) && repeated.length > 0
        ? [
            {
              prop: "executable",
              what: "holds a word that the command adds itself",
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
    check: (command) => misshapen(command, ({ prop }) => prop === "fleetServerEsCaTrustedFingerprint"),
  },
  {
    id: "23",
    statement: "Each pin is the base64 of 32 bytes",
    reason: "the agent does not look, and no certificate ever matches",
    source: "elastic-agent-libs transport/tlscommon/ca_pinning.go",
    check: (command) => misshapen(command, ({ prop }) => prop === "caSha256"),
  },
  {
    id: "25",
    statement: "install asks nothing unless told to, and enroll has no flag of install alone",
    reason: "a pasted install stops at a prompt, and enroll does not know --non-interactive",
    source: "elastic-agent internal/pkg/agent/cmd/install.go; ingest-docs#1668",
    check: (command) =>
      command.subcommand.word === "install"
        ? []
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
    check: (command) =>
      givenFlags(command.flags)
        .filter(
          ({ prop, since }) =>
            since !== undefined && command.flags[prop] !== false && !hasFeature(command.stackVersion, since),
        )
        .map(({ prop, name, since }) => ({
          prop,
          what: `is emitted as ${name}, which ${command.stackVersion.toString()} does not know`,
          got: command.stackVersion.toString(),
          allowed: `stack ${sinceText(since as Since)}`,
          fix: "leave it out, or upgrade the agents first",
        })),
  },
  {
    id: "33",
    statement: "Every header has a name of token characters and a value on one line",
    reason: "the agent drops what has no name without a word, and Go sends no header with other characters",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, mapFromEnvList; RFC 9110 5.6.2",
    check: (command) =>
      givenFlags(command.flags)
        .filter(({ kind }) => kind === "headers")
        .flatMap(({ prop }) =>
          Object.entries(command.flags[prop] as { [name: string]: string })
            .filter(([name, value]) => !HEADER_NAME.test(name) || (isKnown(value) && CONTROL.test(value)))
            .map(([name]) => ({
              prop,
              what: "holds a header that cannot be sent",
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
    check: (command) => [
      ...knownTexts(command)
        .filter(({ text }) => text === "" || CONTROL.test(text))
        .map(({ flag, text }) => unusable(flag, text)),
      ...givenFlags(command.flags)
        .filter(({ kind }) => kind === "repeated")
        .flatMap((flag) =>
          textsOf(flag, command.flags)
            .filter((text) => isKnown(text) && (text === "" || CONTROL.test(text)))
            .map((text) => unusable(flag, text)),
        ),
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
    check: (command) =>
      misshapen(command, ({ prop }) => prop !== "fleetServerEsCaTrustedFingerprint" && prop !== "caSha256"),
  },
  {
    id: "duration",
    statement: "A duration is not 0, and fits into what Go counts in",
    reason:
      "install and the container take 0 for unset, enroll takes it for no limit; what does not fit stops the agent",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, buildEnrollmentFlags; Go time.ParseDuration",
    check: (command) =>
      knownTexts(command)
        .filter(({ flag, text }) => flag.kind === "duration" && shapePattern(flag.shape as FlagShape).test(text))
        .filter(({ text }) => !isUsableDuration(text))
        .map(({ flag, text }) => ({
          prop: flag.prop,
          what: "is 0, or longer than Go counts",
          got: quoted(text),
          allowed: "durations from 1ns to 2562047h",
          fix: "leave it out for the default; a negative one waits for ever",
        })),
  },
  {
    id: "proxy-secret",
    statement: "A proxy's password is no literal",
    reason: "it would stand in plain text in the synthesised JSON and in version control",
    source: "here",
    check: ({ flags: { proxyUrl } }) =>
      proxyUrl !== undefined && isKnown(proxyUrl) && /^[a-z0-9]+:\/\/[^/]*@/i.test(proxyUrl)
        ? [
            {
              prop: "proxyUrl",
              what: "holds a user or a password as a literal",
              allowed: "a URL without them, or a Terraform token",
              fix: "pass the whole URL as a sensitive variable's stringValue",
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

function unusable({ prop }: { readonly prop: CommandFault["prop"] }, text: string): CommandFault {
  return {
    prop,
    what: text.trim() === "" ? "is empty" : "holds a newline or another control character",
    got: quoted(text),
    allowed: "text on one line",
    fix: text.trim() === "" ? "leave it out, or say something" : "take it out",
  };
}

function misshapen(command: Command, select: (flag: Flag) => boolean): CommandFault[] {
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
