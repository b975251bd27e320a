import type { Text } from "../data/text";
import { concat, isKnown, joined } from "../data/text";
import type { CommandWord, Handover, Shell } from "./word";

/** Text that no POSIX shell changes. */
const SAFE = "^[A-Za-z0-9_@%+=:,./-]+$";

/** sh, dash, bash, zsh, busybox, mksh, ksh: they agree on single quotes. */
export const posixShell: Shell = {
  scriptExtension: "sh",

  // Quoted only where it must be.
  quote: (value) => {
    if (isKnown(value)) {
      return new RegExp(SAFE).test(value) ? value : `'${value.replace(/'/g, "'\\''")}'`;
    }
    return value.ifMatches(SAFE, value.replace("'", "'\\''").wrap("'", "'"));
  },

  oneLine: (executable, words) => joined([executable, ...words.map(posixWord)], " "),

  // The page's form: the subcommand and the first flag follow the executable.
  manyLines: (executable, words) => {
    const written = words.map(posixWord);
    return joined([joined([executable, ...written.slice(0, 2)], " "), ...written.slice(2)], " \\\n");
  },

  script: (command, handover) =>
    joined(["#!/bin/sh", "set -eu", ...handOver(handover), ...(command === "" ? [] : [command]), ""], "\n"),
};

function posixWord(word: CommandWord): Text {
  if (word.environment !== undefined) {
    // An unset or empty variable stops the command: an empty token would install the agent standalone.
    const what = word.isPassword ? "password" : "token";
    return `${word.prefix}"\${${word.environment}:?set it to the ${what} before running this command}"`;
  }
  return word.value === undefined ? word.prefix : concat(word.prefix, posixShell.quote(word.value));
}

/** Gives the folder and its files to one group, or else to one user. */
function handOver(handover: Handover | undefined): Text[] {
  const account = handover?.group ?? handover?.user;
  if (!handover || account === undefined) {
    return [];
  }
  const { quote } = posixShell;
  const [change, folderMode, secretMode] =
    handover.group === undefined ? ["chown", "0700", "0600"] : ["chgrp", "0750", "0640"];
  const folder = quote(handover.directory);
  const [secrets, others] = [handover.secretPaths.map(quote), handover.publicPaths.map(quote)];
  const line = (...words: Text[]): Text => joined(words, " ");
  return [
    "# Enrollment runs as the agent's user, who has to read these files.",
    line(change, quote(account), folder, ...secrets, ...others),
    line("chmod", folderMode, folder),
    ...(secrets.length > 0 ? [line("chmod", secretMode, ...secrets)] : []),
    // The agent's user cannot read a copy that was made under a narrow umask.
    ...(others.length > 0 ? [line("chmod", "0644", ...others)] : []),
  ];
}
