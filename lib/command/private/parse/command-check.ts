import type { Finding } from "../../../private/x509/checks";
import type { StackVersion } from "../../stack-version";
import type { InstallArguments } from "./install-arguments";

/** Where a command will run. */
export type Platform = "posix" | "windows";

/** What else decides whether a command is right. */
export interface CommandContext {
  readonly platform: Platform;
  readonly stackVersion?: StackVersion;
}

/** Facts that one check covers, when they apply, and the check; values that may be secret are never quoted. */
export interface CommandCheck {
  readonly facts: readonly number[];
  readonly applies?: (command: InstallArguments, context: CommandContext) => boolean;
  readonly find: (command: InstallArguments, context: CommandContext) => Finding[];
}

/** A finding, if something is broken. */
export function when(broken: boolean, finding: Finding): Finding[] {
  return broken ? [finding] : [];
}
