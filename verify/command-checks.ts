import type { Finding } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import type { CommandContext } from "../lib/command/parse/command";
import { commandOf } from "../lib/command/parse/command";
import type { InstallArguments } from "../lib/command/parse/install-arguments";
import { FLAGS } from "../lib/command/parse/install-flags";
import type { BrokenRule, Vocabulary } from "../lib/command/rules/rules";
import { brokenRules, FLAG_NAMES, RULES, worded } from "../lib/command/rules/rules";

/** Checks that only the files of the folder can decide. */
const OF_FILES = [16, 17, 20, 30];

/** Judges a command by the rules but those that its files decide, and by what only its parser knows. Values are never quoted: they may be secret. */
export function checkCommand(
  args: InstallArguments,
  context: CommandContext,
  decided: readonly string[] = [],
): Finding[] {
  const names: Vocabulary = {
    isProps: false,
    nameOf: (prop) => {
      const name = FLAG_NAMES.nameOf(prop);
      return name.startsWith("--") && prop !== "stackVersion" ? args.nameOf(name.slice(2)) : name;
    },
  };
  const findingOf = ({ rule, problem }: BrokenRule): Finding => {
    const { prop, what, allowed, fix } = worded(problem, names);
    const fact = /^[0-9]+$/.test(rule.id) ? Number(rule.id) : rule.fact;
    const severity = rule.severity === undefined || rule.severity === "error" ? "error" : "warning";
    return { fact, severity, what: `${names.nameOf(prop)} ${what}`, fix: `${fix}; allowed: ${allowed}` };
  };
  const broken = brokenRules(commandOf(args, context));
  // A mode that is spelled wrong counts as none, which makes the agent's certificate look superfluous.
  const follows = broken.some(({ rule }) => rule.id === "13") ? [...decided, "31"] : decided;
  const insecure = broken.some(({ rule }) => rule.id === "28") ? [] : insecureFindings(args);
  return [
    ...parserFindings(args),
    ...insecure,
    ...broken
      .filter(({ rule, problem }) => !follows.includes(rule.id) && !(args.hasMore && /\bmissing\b/.test(problem.what)))
      .map(findingOf),
  ];
}

/** Flags without which a check is not applicable; one of them is enough. */
const NEEDS: Readonly<Record<number, readonly string[]>> = {
  1: ["fleet-server-es"],
  2: ["fleet-server-es"],
  3: ["fleet-server-cert", "fleet-server-cert-key"],
  4: ["fleet-server-cert"],
  5: ["url"],
  6: ["url"],
  9: ["certificate-authorities"],
  10: ["certificate-authorities"],
  11: ["fleet-server-es-ca"],
  13: ["fleet-server-client-auth"],
  14: ["fleet-server-client-auth"],
  15: ["fleet-server-client-auth"],
  18: ["elastic-agent-cert-key-passphrase"],
  19: ["fleet-server-cert-key-passphrase"],
  21: ["fleet-server-es-cert", "fleet-server-es-cert-key"],
  22: ["fleet-server-es-ca-trusted-fingerprint"],
  23: ["ca-sha256"],
  24: ["fleet-server-port"],
  27: ["fleet-server-es"],
  33: ["header", "proxy-header"],
};

/** Checks for which a command without its files is enough. */
export function commandFacts(args: InstallArguments, knowsVersion: boolean): number[] {
  const { isFleetServer } = args;
  const isOneWayServer = isFleetServer && args.clientAuthentication === "none";
  return RULES.map(({ id }) => Number(id)).filter(
    (check) =>
      !Number.isNaN(check) &&
      !OF_FILES.includes(check) &&
      (check !== 32 || knowsVersion) &&
      (![26, 29].includes(check) || !isFleetServer) &&
      (check !== 31 || isOneWayServer) &&
      (NEEDS[check]?.some((name) => args.has(name)) ?? true),
  );
}

/** Constructs may connect without TLS at all; here there are files for TLS. */
function insecureFindings(args: InstallArguments): Finding[] {
  return (["insecure", "fleet-server-insecure-http", "fleet-server-es-insecure"] as const)
    .filter((flag) => args.isOn(flag))
    .map((flag) => {
      const ca = args.nameOf(flag === "fleet-server-es-insecure" ? "fleet-server-es-ca" : "certificate-authorities");
      const what = `${args.nameOf(flag)} disables the verification, so anybody can pose as the server`;
      return warning(28, what, `remove it, and name the CA by ${ca}`);
    });
}

/** What the shell and pflag make of the words. */
function parserFindings(args: InstallArguments): Finding[] {
  const unknown = args.unknown.filter((name) => FLAGS[name]?.installOnly !== true);
  return [
    ...repeats(args),
    ...unknown.map((name) =>
      name === "fleet-server-es-cert-key-passphrase"
        ? error(20, `--${name} does not exist`, "keep that key plain, readable by its owner alone")
        : error(32, `--${name} is unknown to ${args.subcommand}`, `see elastic-agent ${args.subcommand} --help`),
    ),
    ...args.incomplete.map((name) => error(34, `${args.nameOf(name)} has no value`, "give the value")),
    ...[...new Set(args.strays)].map((after) =>
      error(
        34,
        `a word after ${after} belongs to no flag, and the agent ignores it`,
        "quote the value, and write lists without blanks",
      ),
    ),
    ...args.uses
      .filter(({ value }) => value?.splits === true)
      .map(({ name }) => error(34, `${args.nameOf(name)} may be split by the shell`, "quote the value")),
    ...["header", "proxy-header"]
      .filter((flag) =>
        args.uses.some(({ name, value }) => name === flag && value !== undefined && !/^"*[^=]+=/.test(value.text)),
      )
      .map((flag) =>
        error(33, `${args.nameOf(flag)} has no =, and the agent drops it`, `write ${args.nameOf(flag)}=NAME=VALUE`),
      ),
  ];
}

/** A repeated flag: the last one wins. */
function repeats(args: InstallArguments): Finding[] {
  const names = args.uses.map(({ name }) => name).filter((name) => FLAGS[name]?.kind !== "list");
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].map((name) => {
    // The doubled flag of Elastic's own page: its second value is the passphrase's file.
    const meant = name.endsWith("-cert-key") && /pass/i.test(args.known(name) ?? "");
    const fix = meant ? `write --${name}-passphrase the second time` : "write it once";
    return error(7, `${args.nameOf(name)} is there twice, and the last one wins`, fix);
  });
}
