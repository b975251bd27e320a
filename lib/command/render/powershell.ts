import type { Text } from "../data/text";
import { concat, isKnown, joined } from "../data/text";
import type { CommandWord, Handover, Shell } from "./word";

/** PowerShell takes every one of these for a single quote (about_Quoting_Rules). */
const QUOTES = "['‘’‚‛]";

/** Windows PowerShell 5.1 reads a script without this mark in the code page of the machine. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** The SIDs of the system and of the administrators: their names differ between languages. */
const OWNERS = ["*S-1-5-18", "*S-1-5-32-544"];

/** Windows PowerShell 5.1 and PowerShell 7. */
export const powershell: Shell = {
  scriptExtension: "ps1",

  quote: (value) =>
    isKnown(value)
      ? `'${value.replace(new RegExp(QUOTES, "g"), "$&$&")}'`
      : value.replace(`/${QUOTES}/`, "$0$0").wrap("'", "'"),

  oneLine: (executable, words) => invocation(words, joined([executable, ...words.map(powershellWord)], " ")),

  manyLines: (executable, words) => {
    const written = words.map(powershellWord);
    const lines = [joined([executable, ...written.slice(0, 2)], " "), ...written.slice(2)];
    return invocation(words, joined(lines, " `\n"));
  },

  script: (command, handover) =>
    joined(
      [
        // Without it, an executable that is not found would leave the exit code of icacls.
        `${BYTE_ORDER_MARK}trap { Write-Host $_; exit 1 }`,
        ...(handover ? handOver(handover) : []),
        ...(command === "" ? [] : [command]),
        "exit $LASTEXITCODE",
        "",
      ],
      "\n",
    ),
};

/**
 * Whether PowerShell 5.1 would change the value on its way to a program: it drops quotes inside of arguments and takes a
 * backslash at the end of one with blanks for the escape of its own closing quote.
 */
function needsLegacy({ value, isPassword }: CommandWord): boolean {
  return value === undefined
    ? isPassword === true
    : !isKnown(value) || value.includes('"') || (/\s/.test(value) && value.endsWith("\\"));
}

/** Legacy passing leaves quoted arguments as they are, in 5.1 and in 7; the block limits the setting to the command. */
function invocation(words: readonly CommandWord[], command: Text): Text {
  return words.some(needsLegacy) ? concat("& { $PSNativeCommandArgumentPassing = 'Legacy'; ", command, " }") : command;
}

function powershellWord(word: CommandWord): Text {
  if (word.environment !== undefined) {
    return word.isPassword ? passwordWord(word.prefix, word.environment) : tokenWord(word.prefix, word.environment);
  }
  if (word.value === undefined) {
    return word.prefix.startsWith("--") ? `'${word.prefix}'` : word.prefix;
  }
  return needsLegacy(word) ? selfQuoted(word.prefix, word.value) : powershell.quote(concat(word.prefix, word.value));
}

/**
 * An unset variable is an empty string here, and an empty token would install the agent standalone. Elastic's tokens
 * contain no quotes, blanks and backslashes, which PowerShell 5.1 would not pass on.
 */
function tokenWord(prefix: string, name: string): string {
  return (
    `('${prefix}' + $(if ($env:${name} -match '^[!#-\\[\\]-~]+\\z') { $env:${name} } ` +
    `else { throw 'set ${name} to the token before running this command' }))`
  );
}

/** Any text, quoted as {@link selfQuoted} quotes it. */
function passwordWord(prefix: string, name: string): string {
  const escaped = `$env:${name} -replace '(\\\\*)"', '$1$1\\"' -replace '(\\\\+)\\z', '$1$1'`;
  const missing = `throw 'set ${name} to the password before running this command'`;
  return `('${prefix}"' + $(if ($env:${name}) { ${escaped} } else { ${missing} }) + '"')`;
}

/** An argument as CommandLineToArgvW reads it, in a PowerShell string. */
function selfQuoted(prefix: string, value: Text): Text {
  if (isKnown(value)) {
    const escaped = value.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1");
    return powershell.quote(`"${prefix}${escaped}"`);
  }
  return value
    .replace('/(\\\\*)"/', '$1$1\\"')
    .replace("/(\\\\+)$/", "$1$1")
    .replace(`/${QUOTES}/`, "$0$0")
    .wrap(`'"${prefix}`, `"'`);
}

/** The ACL that corresponds to 0600: nothing inherited, the system and the administrators, and the agent's account. */
function handOver({ directory, publicPaths, secretPaths, user, group }: Handover): Text[] {
  const account = group ?? user;
  const grants = (rights: string): string => OWNERS.map((owner) => `'${owner}:${rights}'`).join(" ");
  const reads = (rights: string): string => (account === undefined ? "" : ` ($account + ':${rights}')`);
  // The account reads the agent's files, and no other file of the folder.
  const files = account === undefined ? secretPaths : [...publicPaths, ...secretPaths];
  return [
    "function Check { if ($LASTEXITCODE -ne 0) { throw 'icacls could not protect the files' } }",
    ...(account === undefined ? [] : [concat("$account = ", powershell.quote(account))]),
    concat("$directory = ", powershell.quote(directory), ".TrimEnd('\\/')"),
    `icacls $directory /inheritance:r /grant:r ${grants("(OI)(CI)F")}${reads("(RX)")} | Out-Null; Check`,
    ...(files.length === 0
      ? []
      : [
          concat("foreach ($file in ", joined(files.map(powershell.quote), ", "), ") {"),
          `  icacls $file /inheritance:r /grant:r ${grants("F")}${reads("(R)")} | Out-Null; Check`,
          "}",
        ]),
  ];
}
