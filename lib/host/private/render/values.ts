import { Fn, Token } from "cdktf";

import type { AgentSubcommand } from "../../../command/agent-subcommand";
import type { ClientAuthentication } from "../../../command/client-authentication";
import type { InstallFlags } from "../../install-flags";
import type { Flag } from "../../../command/data/flags";
import { givenFlags } from "../../../command/data/command";
import type { CommandWord } from "./word";
import type { SecretSource } from "../../../private/secret-source";
import { expression, isKnown, literalArgument } from "../../../private/terraform/text";

/** The words of a command after the executable. */
export function commandWords(subcommand: AgentSubcommand, flags: InstallFlags): CommandWord[] {
  const isInstall = subcommand.word === "install";
  const set: InstallFlags = isInstall ? { nonInteractive: true, ...flags } : flags;
  // install parses the values of a repeated flag and hands them, bare, to an enroll of its own, which parses them again.
  const rounds = isInstall ? 2 : 1;
  return [{ prefix: subcommand.word }, ...givenFlags(set).flatMap((flag) => wordsOf(flag, set, rounds))];
}

/** A secret's source, if the flag is a secret that is set. */
export function secretOf(flag: Flag, flags: InstallFlags): SecretSource | undefined {
  const value = flags[flag.prop] as { readonly _source: SecretSource } | undefined;
  return flag.kind === "secret" ? value?._source : undefined;
}

/** The value of a flag that has one text for a value, as a shell should hand it over. */
export function textOf(flag: Flag, flags: InstallFlags): string | undefined {
  const value = flags[flag.prop];
  if (value === undefined) {
    return undefined;
  }
  switch (flag.kind) {
    case "path list":
    case "list":
      return joined(value as string[]);
    case "number":
      return numberText(value as number);
    case "client authentication":
      return (value as ClientAuthentication).mode;
    case "text":
    case "url":
    case "path":
    case "secret path":
    case "duration":
      return value as string;
    default:
      return undefined;
  }
}

/** The values of a flag that is given once for each. */
export function textsOf(flag: Flag, flags: InstallFlags): string[] {
  const value = flags[flag.prop];
  if (value === undefined) {
    return [];
  }
  return flag.kind === "headers"
    ? Object.entries(value).map(([name, text]) => `${name}=${text}`)
    : flag.kind === "repeated"
      ? (value as string[])
      : [];
}

/** A number token prints as nonsense unless it is turned into a string token first. */
export function numberText(value: number): string {
  return Token.isUnresolved(value) ? Token.asString(value) : value.toString();
}

/** A value as one field of CSV, quoted only where it must be; a token always, since it cannot be seen. */
export function csvField(value: string, rounds: number): string {
  let field = value;
  for (let round = 0; round < rounds; round++) {
    field = csvOnce(field);
  }
  return field;
}

function wordsOf(flag: Flag, flags: InstallFlags, rounds: number): CommandWord[] {
  const prefix = `${flag.name}=`;
  const source = secretOf(flag, flags);
  if (source) {
    return source.kind === "environment"
      ? [{ prefix, environment: source.name, isPassword: flag.prop === "password" }]
      : [{ prefix, value: source.kind === "host" ? source.path : source.value }];
  }
  if (flag.kind === "switch") {
    return flags[flag.prop] === true ? [{ prefix: flag.name }] : [];
  }
  const text = textOf(flag, flags);
  return text === undefined
    ? textsOf(flag, flags).map((value) => ({ prefix, value: csvField(value, rounds) }))
    : [{ prefix, value: text }];
}

function joined(values: string[]): string {
  return Token.isUnresolved(values) ? Token.asString(Fn.join(",", values)) : values.join(",");
}

/** Go's encoding/csv: a field with a comma or a quote stands in quotes, its own quotes doubled. */
function csvOnce(value: string): string {
  if (isKnown(value)) {
    return /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  }
  const doubled = Fn.replace(expression(value), literalArgument('"'), literalArgument('""'));
  const quote = literalArgument('"');
  return Fn.join("", [quote, doubled, quote]) as string;
}
