import { Fn } from "cdktf";

import type { CommandWord, Handover, Shell } from "./word";
import { expression, isKnown, literalArgument, plainText } from "../../../private/terraform/text";

/** Text that no POSIX shell changes. */
const SAFE = "^[A-Za-z0-9_@%+=:,./-]+$";

/** sh, dash, bash, zsh, busybox, mksh, ksh: they agree on single quotes. */
export const posixShell: Shell = {
  scriptExtension: "sh",

  oneLine: (executable, words) => [plainText(executable), ...words.map(posixWord)].join(" "),

  // The page's form: the subcommand and the first flag stand beside the executable.
  manyLines: (executable, words) => {
    const [subcommand = "", first = "", ...rest] = words.map(posixWord);
    return [`${plainText(executable)} ${subcommand} ${first}`.trimEnd(), ...rest].join(" \\\n");
  },

  script: (command, handover) => `#!/bin/sh\nset -eu\n${handOver(handover)}${command === "" ? "" : `${command}\n`}`,
};

function posixWord(word: CommandWord): string {
  if (word.environment !== undefined) {
    // An unset or empty variable stops the command: an empty token would install the agent standalone.
    const what = word.isPassword ? "password" : "token";
    return plainText(`${word.prefix}"\${${word.environment}:?set it to the ${what} before running this command}"`);
  }
  return word.value === undefined ? word.prefix : word.prefix + posixQuote(word.value);
}

/** A value as a word of an executable, which is made safe for Terraform as a whole. */
export function posixExecutableWord(value: string): string {
  return isKnown(value) ? quotedLiteral(value) : posixQuote(value);
}

/** A value as one shell word, quoted only where it must be. */
export function posixQuote(value: string): string {
  if (isKnown(value)) {
    return plainText(quotedLiteral(value));
  }
  const whole = expression(value);
  const escaped = Fn.replace(whole, "'", literalArgument("'\\''"));
  return Fn.conditional(Fn.can(Fn.regex(SAFE, whole)), whole, Fn.join("", ["'", escaped, "'"])) as string;
}

function quotedLiteral(value: string): string {
  return new RegExp(SAFE).test(value) ? value : `'${value.replace(/'/g, "'\\''")}'`;
}

/** Gives the folder and its files to one group, or else to one user. */
function handOver(handover: Handover | undefined): string {
  const account = handover?.group ?? handover?.user;
  if (!handover || account === undefined) {
    return "";
  }
  const [change, folderMode, secretMode] =
    handover.group === undefined ? ["chown", "0700", "0600"] : ["chgrp", "0750", "0640"];
  const folder = posixQuote(handover.directory);
  const [secrets, others] = [handover.secretPaths.map(posixQuote), handover.publicPaths.map(posixQuote)];
  const mode = (value: string, files: string[]): string[] =>
    files.length > 0 ? [["chmod", value, ...files].join(" ")] : [];
  const lines = [
    "# The enrolment runs as the agent's user, who has to read these.",
    [change, posixQuote(account), folder, ...secrets, ...others].join(" "),
    `chmod ${folderMode} ${folder}`,
    ...mode(secretMode, secrets),
    // A copy made under a narrow umask is closed to the agent's user.
    ...mode("0644", others),
  ];
  return `${lines.join("\n")}\n`;
}
