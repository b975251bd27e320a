import { AgentSubcommand } from "../agent-subcommand";
import type { Command } from "../data/command";
import { flagOf } from "../data/flags";
import type { CommandProblem, CommandProp, CommandRule } from "./rule";
import { CLIENT_RULES } from "./rules-clients";
import { CONNECTION_RULES } from "./rules-connection";
import { ENROLLMENT_RULES } from "./rules-enrollment";
import { FILE_RULES } from "./rules-files";
import { HOST_RULES } from "./rules-hosts";
import { LENGTH_RULES } from "./rules-length";
import { PAIR_RULES } from "./rules-pairs";
import { VALUE_RULES } from "./rules-values";

export type { CommandProblem, CommandProp, CommandRule } from "./rule";

/** Every rule of a command: those of the 34 facts by their numbers, then the others. */
export const RULES: readonly CommandRule[] = [
  ...CONNECTION_RULES,
  ...ENROLLMENT_RULES,
  ...FILE_RULES,
  ...PAIR_RULES,
  ...CLIENT_RULES,
  ...VALUE_RULES,
  ...HOST_RULES,
  ...LENGTH_RULES,
].sort((one, other) => order(one) - order(other));

/** A problem and the rule that found it. */
export interface BrokenRule {
  readonly rule: CommandRule;
  readonly problem: CommandProblem;
}

/** Everything that is wrong with a command, hints included. */
export function brokenRules(command: Command): BrokenRule[] {
  return RULES.flatMap((rule) => rule.check(command).map((problem) => ({ rule, problem })));
}

/** Rules of the constructs: all but hints. */
export function checkCommand(command: Command): CommandProblem[] {
  return RULES.flatMap((rule) => (rule.severity === "hint" ? [] : rule.check(command)));
}

/** Names that the reader of a problem knows: props, flags, or a container's variables. */
export interface Vocabulary {
  /** Whether the reader writes props; otherwise flags or variables. */
  readonly isProps: boolean;
  readonly nameOf: (prop: CommandProp) => string;
}

/** Names of flags, for a script. */
export const FLAG_NAMES: Vocabulary = {
  isProps: false,
  nameOf: (prop) => OTHER_NAMES[prop] ?? flagOf(prop as keyof Command["flags"]).name,
};

/** A problem in the reader's words. */
export function worded(problem: CommandProblem, { isProps, nameOf }: Vocabulary): CommandProblem {
  const text = (template: string): string =>
    template
      .replace(/\[\[(.*?)\|(.*?)\]\]/g, isProps ? "$1" : "$2")
      .replace(/\{([a-z]\w*)\}/gi, (_, prop: string) => nameOf(prop as CommandProp));
  return { ...problem, what: text(problem.what), allowed: text(problem.allowed), fix: text(problem.fix) };
}

/** Subcommand of a word. */
export function subcommandOf(word: "install" | "enroll"): AgentSubcommand {
  return word === "install" ? AgentSubcommand.INSTALL : AgentSubcommand.ENROLL;
}

const OTHER_NAMES: Readonly<Record<string, string>> = {
  executable: "the executable",
  platform: "the platform",
  stackVersion: "--stack-version",
};

function order({ id }: CommandRule): number {
  return /^[0-9]+$/.test(id) ? Number(id) : Number.MAX_SAFE_INTEGER;
}
