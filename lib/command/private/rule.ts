import type { AgentSubcommand } from "../agent-subcommand";
import type { CommandFiles } from "../install-command";
import type { InstallFlags } from "../install-flags";
import type { StackVersion } from "../stack-version";
import type { TargetPlatform } from "../target-platform";
import type { Flag } from "./flags";
import { givenFlags } from "./flags";
import { textOf } from "./values";
import type { Fault } from "../../private/faults";
import { quoted } from "../../private/faults";
import { rememberLast } from "../../private/remember-last";
import { isKnown } from "../../private/terraform/text";

/** A command as the rules see it: everything that decides whether the agent takes it. */
export interface Command {
  readonly flags: InstallFlags;
  readonly subcommand: AgentSubcommand;
  readonly platform: TargetPlatform;
  readonly stackVersion: StackVersion;
  readonly executable: string;
  readonly files: CommandFiles;
  readonly fips: boolean;
  readonly container: boolean;
}

/** What is wrong, and the flag that it is wrong with. */
export interface CommandFault extends Omit<Fault, "where"> {
  readonly prop: keyof InstallFlags | "executable" | "platform" | "stackVersion";
}

/**
 * One rule: what a command must be for the agent to take it and then to do what it says. Values that only Terraform
 * knows pass; where that matters a precondition checks them (`private/command/preconditions`).
 */
export interface CommandRule {
  /** The fact's number in the list of the command's 34 facts, or a name for a rule beside them. */
  readonly id: string;
  /** What holds. */
  readonly statement: string;
  /** What the agent would do otherwise. */
  readonly reason: string;
  /** Where Elastic's code says so; `here` for a rule of this library's own. */
  readonly source: string;
  check(command: Command): CommandFault[];
}

/** Whether the command starts a Fleet Server. */
export function isFleetServer({ flags }: Command): boolean {
  return flags.fleetServerEs !== undefined;
}

/** Whether Fleet Server asks for client certificates. */
export function asksForCertificates({ flags }: Command): boolean {
  const mode = flags.fleetServerClientAuth?.mode;
  return mode !== undefined && mode !== "none";
}

/** A flag that has one known text for a value. */
export interface KnownText {
  readonly flag: Flag;
  readonly text: string;
}

/** Every flag with one text for a value that is known at synth. */
export const knownTexts = rememberLast(({ flags }: Command): KnownText[] =>
  givenFlags(flags).flatMap((flag) => {
    const text = textOf(flag, flags);
    return text !== undefined && isKnown(text) ? [{ flag, text }] : [];
  }),
);

/** A path that the command names. */
export interface NamedPath {
  readonly prop: keyof InstallFlags;
  readonly path: string;
  readonly isListed: boolean;
}

/** Every path of the command that is known at synth, those of the list of CAs one by one. */
export const knownPaths = rememberLast(({ flags }: Command): NamedPath[] => {
  const single = givenFlags(flags).flatMap(({ prop, kind }) =>
    kind === "path" || kind === "secret path" ? [{ prop, path: flags[prop] as string, isListed: false }] : [],
  );
  const listed = (flags.certificateAuthorities ?? []).map((path) => ({
    prop: "certificateAuthorities" as const,
    path,
    isListed: true,
  }));
  return [...listed, ...single].filter(({ path }) => isKnown(path));
});

/** PEM instead of a path: elastic-agent-libs takes a value for PEM that begins with a hyphen (tlscommon/tls.go). */
export function isInlinePem(path: string): boolean {
  return path.trimStart().startsWith("-");
}

/** A fault for each flag of a pair whose other half is missing. */
export function unpaired(command: Command, one: keyof InstallFlags, other: keyof InstallFlags): CommandFault[] {
  const missing = [one, other].filter((prop) => command.flags[prop] === undefined);
  return missing.length === 1
    ? [
        {
          prop: missing[0] as keyof InstallFlags,
          what: "is missing beside the other half of its pair",
          allowed: `${one} and ${other}, both or neither`,
          fix: "name certificate and key",
        },
      ]
    : [];
}

/** A fault for a flag that must be there. */
export function missing(prop: keyof InstallFlags, what: string, allowed: string, fix: string): CommandFault {
  return { prop, what: `is missing${what}`, allowed, fix };
}

/** A fault for a flag that is there. */
export function wrong(command: Command, prop: keyof InstallFlags, fault: Omit<CommandFault, "prop">): CommandFault {
  const value = command.flags[prop];
  return typeof value === "object" && !Array.isArray(value)
    ? { prop, ...fault }
    : { prop, got: quoted(value), ...fault };
}
