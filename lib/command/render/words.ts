import type { Command, CommandFlags, Secret } from "../data/command";
import { givenFlags } from "../data/command";
import type { Flag } from "../data/flags";
import type { Text } from "../data/text";
import { concat, isKnown, joined } from "../data/text";
import type { CommandWord } from "./word";

/** The words of a command after the executable. */
export function commandWords({ subcommand, flags }: Pick<Command, "subcommand" | "flags">): CommandWord[] {
  // install parses the values of a repeated flag and passes them unquoted to its own enroll, which parses them again.
  const rounds = subcommand.word === "install" ? 2 : 1;
  return [{ prefix: subcommand.word }, ...givenFlags(flags).flatMap((flag) => wordsOf(flag, flags, rounds))];
}

/** A secret, if the flag is a secret that is set. */
export function secretOf(flag: Flag, flags: CommandFlags): Secret | undefined {
  return flag.kind === "secret" ? (flags[flag.prop] as Secret | undefined) : undefined;
}

/** The value of a flag that has one text for a value. */
export function textOf(flag: Flag, flags: CommandFlags): Text | undefined {
  const value = flags[flag.prop];
  switch (value === undefined ? "switch" : flag.kind) {
    case "switch":
    case "secret":
    case "repeated":
    case "headers":
      return undefined;
    case "path list":
    case "list":
      return isKnown(value) ? joined(value as readonly Text[], ",") : value;
    case "number":
      return isKnown(value) ? String(value) : value;
    default:
      return value as Text;
  }
}

/** The values of a flag that is given once for each. */
export function textsOf(flag: Flag, flags: CommandFlags): Text[] {
  const value = flags[flag.prop] ?? [];
  return flag.kind === "headers"
    ? Object.entries(value as Record<string, Text>).map(([name, text]) => concat(name, "=", text))
    : flag.kind === "repeated"
      ? [...(value as readonly Text[])]
      : [];
}

/** A value as one field of CSV, quoted only where it must be; an unknown one always. */
export function csvField(value: Text, rounds: number): Text {
  let field = value;
  for (let round = 0; round < rounds; round++) {
    field = csvOnce(field);
  }
  return field;
}

function wordsOf(flag: Flag, flags: CommandFlags, rounds: number): CommandWord[] {
  const prefix = `${flag.name}=`;
  const secret = secretOf(flag, flags);
  if (secret) {
    return secret.kind === "environment"
      ? [{ prefix, environment: secret.name, isPassword: flag.prop === "password" }]
      : [{ prefix, value: secret.value }];
  }
  if (flag.kind === "switch") {
    return flags[flag.prop] === true ? [{ prefix: flag.name }] : [];
  }
  const text = textOf(flag, flags);
  return text === undefined
    ? textsOf(flag, flags).map((value) => ({ prefix, value: csvField(value, rounds) }))
    : [{ prefix, value: text }];
}

/** Go's encoding/csv: a field with a comma or a quote is quoted, and its own quotes are doubled. */
function csvOnce(value: Text): Text {
  if (isKnown(value)) {
    return /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  }
  return value.replace('"', '""').wrap('"', '"');
}
