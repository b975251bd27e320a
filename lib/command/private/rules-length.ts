import { FLAGS } from "./flags";
import type { Command, CommandFault, CommandRule } from "./rule";
import { knownTexts } from "./rule";
import { commandWords } from "./values";
import { isKnown } from "../../private/terraform/text";

/** How much a system hands over to a program. */
export const LENGTH_RULES: readonly CommandRule[] = [
  {
    id: "length",
    statement: "No argument is longer than the system hands over, nor is the command",
    reason: "Linux takes 131,071 bytes an argument, macOS a million in all, Windows 32,766 characters in all",
    source: "Linux include/uapi/linux/binfmts.h, MAX_ARG_STRLEN; macOS sys/syslimits.h; Windows CreateProcess",
    check: (command) => {
      if (isShort(command)) {
        return [];
      }
      const lengths = wordLengths(command);
      const longest = lengths.reduce((one, other) => (other.length > one.length ? other : one));
      const total = lengths.reduce((sum, { length }) => sum + length + 1, command.executable.length);
      const { each, all } = command.platform.isWindows ? WINDOWS_LENGTHS : POSIX_LENGTHS;
      return longest.length <= each && total <= all
        ? []
        : [
            {
              prop: longest.prop,
              what: "is longer than the system hands over to a program",
              got: `${longest.length} of ${total} bytes`,
              allowed: `at most ${each} bytes an argument, and ${all} in all`,
              fix: "shorten it",
            },
          ];
    },
  },
];

const POSIX_LENGTHS = { each: 131_071, all: 1_000_000 };
const WINDOWS_LENGTHS = { each: 32_766, all: 32_766 };

/** Whether a command is far from every limit, as all but a few of thousands are. */
function isShort(command: Command): boolean {
  const { tags, headers, proxyHeaders } = command.flags;
  const characters = knownTexts(command).reduce((sum, { text }) => sum + text.length, command.executable.length);
  return tags === undefined && headers === undefined && proxyHeaders === undefined && characters < 8_000;
}

/** How long each known argument is, with the flag that it is of. */
function wordLengths({ subcommand, flags }: Command): { prop: CommandFault["prop"]; length: number }[] {
  return commandWords(subcommand, flags).map(({ prefix, value = "" }) => ({
    prop: FLAGS.find(({ name }) => name === prefix.replace(/=$/, ""))?.prop ?? "executable",
    length: Buffer.byteLength(isKnown(value) ? `${prefix}${value}` : prefix),
  }));
}
