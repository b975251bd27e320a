import type { Command } from "../data/command";
import { givenFlags } from "../data/command";
import { isKnown } from "../data/text";
import { flagOf } from "../data/flags";
import type { CommandProp, CommandRule } from "./rule";
import { headersOf, knownItems, knownTexts } from "./rule";

/** Rules for the length of a command. */
export const LENGTH_RULES: readonly CommandRule[] = [
  {
    id: "length",
    statement: "No argument is longer than the operating system allows, nor is the command",
    reason: "Linux takes 131,071 bytes an argument, macOS a million in all, Windows 32,766 characters in all",
    source: "Linux include/uapi/linux/binfmts.h, MAX_ARG_STRLEN; macOS sys/syslimits.h; Windows CreateProcess",
    unknown: "passes",
    check: (command) => {
      const lengths = wordLengths(command);
      const longest = lengths.reduce((one, other) => (other.length > one.length ? other : one), {
        prop: "executable",
        length: 0,
      });
      const executable = isKnown(command.executable) ? command.executable.length : 0;
      const total = lengths.reduce((sum, { length }) => sum + length + 1, executable + command.subcommand.word.length);
      const { each, all } = command.platform.isWindows ? WINDOWS_LENGTHS : POSIX_LENGTHS;
      return longest.length <= each && total <= all
        ? []
        : [
            {
              prop: longest.prop,
              what: "exceeds the operating system's command-line limit",
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

/** Length of each known argument, with its flag. */
function wordLengths(command: Command): { prop: CommandProp; length: number }[] {
  const { flags } = command;
  return [
    ...knownTexts(command).map(({ flag, text }) => word(flag.prop, flag.name, text)),
    ...givenFlags(flags).flatMap(({ prop, name, kind }) =>
      kind === "repeated" ? knownItems(flags.tags).map((text) => word(prop, name, text)) : [],
    ),
    ...(["headers", "proxyHeaders"] as const).flatMap((prop) =>
      headersOf(flags, prop).map(([header, value]) =>
        word(prop, flagOf(prop).name, `${header}=${isKnown(value) ? value : ""}`),
      ),
    ),
  ];
}

function word(prop: CommandProp, name: string, text: string): { prop: CommandProp; length: number } {
  return { prop, length: Buffer.byteLength(`${name}=${text}`) };
}
