import type { Command, CommandFlags } from "../data/command";
import type { Text } from "../data/text";
import { givenFlags } from "../data/command";
import { isKnown } from "../data/text";
import type { Flag, FlagProp } from "../data/flags";
import { quoted } from "../../private/problems";
import { rememberLast } from "../../private/remember-last";

/** Part of a command that a rule can find wrong. */
export type CommandProp = FlagProp | "executable" | "platform" | "stackVersion";

/**
 * One error in a command. In its texts `{prop}` is the name of a flag, and `[[one|other]]` for words about
 * props and words about flags: `worded` (`lib/command/rules`) fills both in.
 */
export interface CommandProblem {
  /** Part that is wrong. */
  readonly prop: CommandProp;
  /** The error, as a sentence without a subject. */
  readonly what: string;
  /** Value, safe to print for the author of props; never printed from a script, where it may be secret. */
  readonly got?: string;
  /** The allowed values. */
  readonly allowed: string;
  /** The fix. */
  readonly fix: string;
}

/**
 * One rule: a condition for the agent to accept a command and to follow it.
 */
export interface CommandRule {
  /** Number in the list of the command's 34 facts, or a name for an additional rule. */
  readonly id: string;
  /** Number of the fact that a rule with a name belongs to. */
  readonly fact?: number;
  /** The condition. */
  readonly statement: string;
  /** The agent's behaviour otherwise. */
  readonly reason: string;
  /** The place in Elastic's code; `here` for a rule of this library. */
  readonly source: string;
  /**
   * How a command on a host that breaks the rule is judged: a warning where the agent works all the same. A hint is
   * a warning that the constructs do not check, because the setting can be intended.
   *
   * @default error
   */
  readonly severity?: "error" | "warning" | "hint";
  /**
   * What an unknown value means: it passes, as a precondition or the host checks it, or it counts as set, where only
   * the presence of a flag matters.
   */
  readonly unknown: "passes" | "is set";
  check(command: Command): CommandProblem[];
}

/** Whether the command starts a Fleet Server. */
export function isFleetServer({ flags }: Command): boolean {
  return flags.fleetServerEs !== undefined;
}

/** Whether Fleet Server asks for client certificates. */
export function asksForCertificates({ flags: { fleetServerClientAuth: mode } }: Command): boolean {
  return mode === "optional" || mode === "required";
}

/** A flag that has one known text for a value. */
export interface KnownText {
  readonly flag: Flag;
  readonly text: string;
}

const TEXTS = ["text", "url", "path", "secret path", "duration", "client authentication"];

/** Every flag with one known text for a value; a list counts as the text that its flag has. */
export const knownTexts = rememberLast(({ flags }: Command): KnownText[] =>
  givenFlags(flags).flatMap((flag) => {
    const value = flags[flag.prop];
    if (TEXTS.includes(flag.kind)) {
      return isKnown(value) ? [{ flag, text: value as string }] : [];
    }
    const isList = flag.kind === "path list" || flag.kind === "list";
    return isList && isKnown(value) && (value as Text[]).every(isKnown)
      ? [{ flag, text: (value as string[]).join(",") }]
      : [];
  }),
);

/** Known items of a list; empty when nothing is known of it. */
export function knownItems(list: CommandFlags["tags"]): string[] {
  return list === undefined || !isKnown(list) ? [] : list.filter(isKnown);
}

/** Names and values of headers, as far as they are known. */
export function headersOf(flags: CommandFlags, prop: "headers" | "proxyHeaders" = "headers"): [string, Text][] {
  const headers = flags[prop];
  return headers === undefined || !isKnown(headers) ? [] : Object.entries(headers);
}

/** A path that the command names. */
export interface NamedPath {
  readonly prop: FlagProp;
  readonly path: string;
  readonly isListed: boolean;
}

/** Every known path of the command, those of the list of CAs one by one. */
export const knownPaths = rememberLast(({ flags }: Command): NamedPath[] => {
  const single = givenFlags(flags).flatMap(({ prop, kind }) =>
    kind === "path" || kind === "secret path" ? [{ prop, path: flags[prop] as Text, isListed: false }] : [],
  );
  const listed = knownItems(flags.certificateAuthorities).map((path) => ({
    prop: "certificateAuthorities" as const,
    path,
    isListed: true,
  }));
  return [...listed, ...single].filter((named): named is NamedPath => isKnown(named.path));
});

/** PEM instead of a path: elastic-agent-libs takes a value for PEM that begins with a hyphen (tlscommon/tls.go). */
export function isInlinePem(path: string): boolean {
  return path.trimStart().startsWith("-");
}

/** A problem for each flag of a pair whose other half is missing. */
export function unpaired(command: Command, one: FlagProp, other: FlagProp): CommandProblem[] {
  const absent = [one, other].filter((prop) => command.flags[prop] === undefined);
  return absent.length === 1
    ? [
        {
          prop: absent[0] as FlagProp,
          what: "is missing, and the other half of its pair is set",
          allowed: `{${one}} and {${other}}, both or neither`,
          fix: "name the certificate and its key",
        },
      ]
    : [];
}

/** A problem for a flag that must be set. */
export function missing(prop: FlagProp, what: string, allowed: string, fix: string): CommandProblem {
  return { prop, what: `is missing${what}`, allowed, fix };
}

/** A problem for a flag that is set; a value that is unknown is not shown. */
export function wrong(command: Command, prop: FlagProp, problem: Omit<CommandProblem, "prop">): CommandProblem {
  const value = command.flags[prop];
  const isShown = isKnown(value) && (typeof value !== "object" || Array.isArray(value));
  return isShown ? { prop, got: quoted(value), ...problem } : { prop, ...problem };
}
