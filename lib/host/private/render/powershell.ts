import { Fn } from "cdktf";

import type { CommandWord, Handover, Shell } from "./word";
import { expression, isKnown, literalArgument, plainText } from "../../../private/terraform/text";

/** PowerShell takes every one of these for a single quote (about_Quoting_Rules). */
const QUOTES = "['‘’‚‛]";

/** Windows PowerShell 5.1 reads a script without this mark in the code page of the machine. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** The SIDs of the system and of the administrators: their names differ between languages. */
const OWNERS = ["*S-1-5-18", "*S-1-5-32-544"];

/** Windows PowerShell 5.1 and PowerShell 7. */
export const powershell: Shell = {
  scriptExtension: "ps1",

  oneLine: (executable, words) => invocation(words, [plainText(executable), ...words.map(powershellWord)].join(" ")),

  manyLines: (executable, words) => {
    const [subcommand = "", first = "", ...rest] = words.map(powershellWord);
    return invocation(words, [`${plainText(executable)} ${subcommand} ${first}`.trimEnd(), ...rest].join(" `\n"));
  },

  script: (command, handover) =>
    [
      // Without it, an executable that is not found would leave the exit code of icacls.
      `${BYTE_ORDER_MARK}trap { Write-Host $_; exit 1 }`,
      ...(handover ? handOver(handover) : []),
      ...(command === "" ? [] : [command]),
      "exit $LASTEXITCODE",
      "",
    ].join("\n"),
};

/**
 * Whether a value reaches a program unharmed in every PowerShell without help: 5.1 drops quotes inside of arguments
 * and takes a backslash at the end of one with blanks for the escape of its own closing quote.
 */
function needsLegacy({ value, isPassword }: CommandWord): boolean {
  return value === undefined
    ? isPassword === true
    : !isKnown(value) || value.includes('"') || (/\s/.test(value) && value.endsWith("\\"));
}

/** Legacy passing hands over what is quoted already as it is, in 5.1 as in 7; the block keeps the setting to itself. */
function invocation(words: CommandWord[], command: string): string {
  return words.some(needsLegacy) ? `& { $PSNativeCommandArgumentPassing = 'Legacy'; ${command} }` : command;
}

function powershellWord(word: CommandWord): string {
  if (word.environment !== undefined) {
    return plainText(
      word.isPassword ? passwordWord(word.prefix, word.environment) : tokenWord(word.prefix, word.environment),
    );
  }
  if (word.value === undefined) {
    return word.prefix.startsWith("--") ? `'${word.prefix}'` : word.prefix;
  }
  return needsLegacy(word) ? selfQuoted(word.prefix, word.value) : powershellQuote(word.prefix + word.value);
}

/**
 * An unset variable is an empty string here, and an empty token would install the agent standalone. Quotes, blanks and
 * backslashes, which PowerShell 5.1 would not hand over, are in no token of Elastic's.
 */
function tokenWord(prefix: string, name: string): string {
  return (
    `('${prefix}' + $(if ($env:${name} -match '^[!#-\\[\\]-~]+\\z') { $env:${name} } ` +
    `else { throw 'set ${name} to the token before running this command' }))`
  );
}

/** Any text, in quotes of its own as {@link selfQuoted} has them. */
function passwordWord(prefix: string, name: string): string {
  const escaped = `$env:${name} -replace '(\\\\*)"', '$1$1\\"' -replace '(\\\\+)\\z', '$1$1'`;
  const missing = `throw 'set ${name} to the password before running this command'`;
  return `('${prefix}"' + $(if ($env:${name}) { ${escaped} } else { ${missing} }) + '"')`;
}

/** A value as a word of an executable, which is made safe for Terraform as a whole. */
export function powershellExecutableWord(value: string): string {
  return isKnown(value) ? quotedLiteral(value) : powershellQuote(value);
}

/** A value as a PowerShell string. */
export function powershellQuote(value: string): string {
  if (isKnown(value)) {
    return plainText(quotedLiteral(value));
  }
  return Fn.join("", ["'", doubledQuotes(expression(value)), "'"]) as string;
}

function quotedLiteral(value: string): string {
  return `'${value.replace(new RegExp(QUOTES, "g"), "$&$&")}'`;
}

/** An argument as CommandLineToArgvW reads it, in a PowerShell string. */
function selfQuoted(prefix: string, value: string): string {
  if (isKnown(value)) {
    const escaped = value.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1");
    return powershellQuote(`"${prefix}${escaped}"`);
  }
  const inner = regexReplace(expression(value), '(\\\\*)"', '$1$1\\"');
  const escaped = regexReplace(inner, "(\\\\+)$", "$1$1");
  return Fn.join("", [literalArgument(`'"${prefix}`), doubledQuotes(escaped), literalArgument(`"'`)]) as string;
}

function doubledQuotes(text: string): string {
  return regexReplace(text, QUOTES, "$0$0");
}

/** Terraform takes a pattern between slashes for a regular expression. */
function regexReplace(text: string, pattern: string, by: string): string {
  return Fn.replace(text, literalArgument(`/${pattern}/`), literalArgument(by)) as string;
}

/** The ACL that stands for 0600: nothing inherited, the system and the administrators, and who runs the agent. */
function handOver({ directory, publicPaths, secretPaths, user, group }: Handover): string[] {
  const account = group ?? user;
  const grants = (rights: string): string => OWNERS.map((owner) => `'${owner}:${rights}'`).join(" ");
  const reads = (rights: string): string => (account === undefined ? "" : ` ($account + ':${rights}')`);
  // The account reads the agent's files, and no other file of the folder.
  const files = account === undefined ? secretPaths : [...publicPaths, ...secretPaths];
  return [
    "function Check { if ($LASTEXITCODE -ne 0) { throw 'icacls could not protect the files' } }",
    ...(account === undefined ? [] : [`$account = ${powershellQuote(account)}`]),
    `$directory = ${powershellQuote(directory)}.TrimEnd('\\/')`,
    `icacls $directory /inheritance:r /grant:r ${grants("(OI)(CI)F")}${reads("(RX)")} | Out-Null; Check`,
    ...(files.length === 0
      ? []
      : [
          `foreach ($file in ${files.map(powershellQuote).join(", ")}) {`,
          `  icacls $file /inheritance:r /grant:r ${grants("F")}${reads("(R)")} | Out-Null; Check`,
          "}",
        ]),
  ];
}
