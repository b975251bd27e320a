import type { Command, CommandFlags } from "../data/command";
import type { Text } from "../data/text";
import { ShellText } from "../data/text";
import type { Flag } from "../data/flags";
import { flagNamed } from "../data/flags";
import { subcommandOf } from "../rules/rules";
import { TargetPlatform } from "../target-platform";
import type { FlagUse, FlagValue, InstallArguments } from "./install-arguments";

/** The parts of a command that its command line does not contain. */
export type CommandContext = Pick<Command, "stackVersion" | "files" | "fips" | "container"> & {
  readonly isWindows: boolean;
};

/** A parsed command as the data that the rules judge. */
export function commandOf(args: InstallArguments, { isWindows, ...context }: CommandContext): Command {
  // An install hands the values of a repeated flag to an enroll of its own, which parses them again.
  const rounds = args.subcommand === "install" && !context.container ? 2 : 1;
  const flags: Record<string, unknown> = {};
  for (const use of args.uses) {
    const flag = flagNamed(`--${use.name}`);
    if (flag !== undefined) {
      flags[flag.prop] = valueOf(flag, use, flags[flag.prop], rounds) ?? flags[flag.prop];
    }
  }
  return {
    ...context,
    flags: flags as CommandFlags,
    subcommand: subcommandOf(args.subcommand),
    platform: isWindows ? TargetPlatform.WINDOWS : posixPlatform(args),
    executable: args.executable.includes("$") ? new ShellText() : args.executable,
  };
}

/** Fields of Go's encoding/csv, parsed once or several times over. */
function csvFields(text: string, rounds: number): string[] {
  const fields = [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
  );
  return rounds <= 1 ? fields : fields.flatMap((field) => csvFields(field, rounds - 1));
}

/** Only macOS has these folders; a script without them is taken for one of Linux. */
function posixPlatform({ uses }: InstallArguments): TargetPlatform {
  const isMac = uses.some(({ value }) => /^\/(?:Library|Users|Applications)\//.test(value?.text ?? ""));
  return isMac ? TargetPlatform.MACOS : TargetPlatform.LINUX;
}

function valueOf({ kind }: Flag, { value }: FlagUse, before: unknown, rounds: number): unknown {
  if (kind === "switch") {
    return value === undefined || (value.references.length > 0 ? new ShellText() : /^(1|t|true)$/i.test(value.text));
  }
  if (value === undefined) {
    return undefined;
  }
  const isKnown = value.references.length === 0;
  switch (kind) {
    case "secret":
      return secretOf(value);
    case "path list":
      return trimmed(value.text).map((item) => (isKnown ? item : known(item)));
    case "list":
      return isKnown ? trimmed(value.text) : new ShellText();
    case "repeated":
      return [
        ...((before as unknown[] | undefined) ?? []),
        ...(isKnown ? csvFields(value.text, rounds) : [new ShellText()]),
      ];
    case "headers":
      return { ...(before as object | undefined), ...headers(value, rounds) };
    case "number":
      return !isKnown ? new ShellText() : /^[0-9]+$/.test(value.text) ? Number(value.text) : Number.NaN;
    default:
      return known(value.text);
  }
}

/** Items of a comma list, as the agent splits and trims them (internal/pkg/cli/flags.go). */
function trimmed(list: string): string[] {
  return list.split(",").map((item) => item.trim());
}

/** Text, which is unknown if it refers to a variable. */
function known(text: string): Text {
  return text.includes("${") ? new ShellText() : text;
}

/** The agent takes an empty secret for none. */
function secretOf({ text, references: [reference] }: FlagValue): unknown {
  if (reference !== undefined) {
    return { kind: "environment", name: reference.name };
  }
  return text === "" ? undefined : { kind: "argument", value: text };
}

function headers({ text, references }: FlagValue, rounds: number): Record<string, unknown> {
  const fields = references.length === 0 ? csvFields(text, rounds) : [text];
  return Object.fromEntries(
    fields.flatMap((field) => {
      const at = field.indexOf("=");
      return at < 0 ? [] : [[field.slice(0, at), known(field.slice(at + 1))]];
    }),
  );
}
