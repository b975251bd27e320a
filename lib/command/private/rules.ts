import type { Command, CommandFault, CommandRule } from "./rule";
import { CLIENT_RULES } from "./rules-clients";
import { CONNECTION_RULES } from "./rules-connection";
import { ENROLLMENT_RULES } from "./rules-enrollment";
import { FILE_RULES } from "./rules-files";
import { HOST_RULES } from "./rules-hosts";
import { LENGTH_RULES } from "./rules-length";
import { VALUE_RULES } from "./rules-values";
import { typeFaults } from "./types";

/** Every rule that a command must keep: those of the 34 facts by their numbers, then the others. */
export const RULES: readonly CommandRule[] = [
  ...CONNECTION_RULES,
  ...ENROLLMENT_RULES,
  ...FILE_RULES,
  ...CLIENT_RULES,
  ...VALUE_RULES,
  ...HOST_RULES,
  ...LENGTH_RULES,
].sort((one, other) => order(one) - order(other));

/** Everything that is wrong with a command. */
export function checkCommand(command: Command): CommandFault[] {
  const wrongTypes = typeFaults(command);
  return wrongTypes.length > 0 ? wrongTypes : RULES.flatMap((rule) => rule.check(command));
}

function order({ id }: CommandRule): number {
  return /^[0-9]+$/.test(id) ? Number(id) : Number.MAX_SAFE_INTEGER;
}
