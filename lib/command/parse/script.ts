import { withAssignments } from "./assignments";
import { cmdCommands } from "./cmd-commands";
import { posixCommands } from "./posix-commands";
import { powershellCommands } from "./powershell-commands";
import type { Reference, Shell, ShellWord } from "./shell-word";
import { windowsArguments } from "./windows-arguments";

export type { Shell } from "./shell-word";

const READERS: Readonly<Record<Shell, (script: string) => ShellWord[][]>> = {
  posix: posixCommands,
  powershell: powershellCommands,
  cmd: cmdCommands,
};

/** Shell of a script, by its name; a text of another name is of Windows if it names a program of Windows. */
export function shellOf(name: string, text: string): Shell {
  if (/\.ps1$/i.test(name)) {
    return "powershell";
  }
  if (/\.(cmd|bat)$/i.test(name)) {
    return "cmd";
  }
  if (/\.(sh|bash|env)$/i.test(name) || !/\.msi\b|\belastic-agent\.exe\b|\bmsiexec\b/i.test(text)) {
    return "posix";
  }
  return /\^[ \t]*\r?$|%[A-Za-z_]\w*%|\bmsiexec\b|^[^\n]*\.msi (?!--%)/im.test(text) && !/\$env:|`[ \t]*$/im.test(text)
    ? "cmd"
    : "powershell";
}

/**
 * Commands of a script, those among them that a command hands to another shell or to an installer.
 *
 * @throws CommandError when a quote or a bracket is not closed, and nothing but that
 */
export function scriptCommands(shell: Shell, script: string): ShellWord[][] {
  return withAssignments(shell, READERS[shell](script)).flatMap((words) => unwrapped(words, DEEPEST));
}

/** Shells within shells that are looked into. */
const DEEPEST = 4;

/** Options of PowerShell that have a value. */
const VALUED = /^-(ex\w*|ep|version|w\w*|configurationname|in\w*|out\w*|psconsolefile|settingsfile)$/i;

/** Parameters of Start-Process, which end the list of arguments. */
const START_PARAMETER =
  /^-(wait|nonewwindow|passthru|verb|workingdirectory|windowstyle|redirect\w+|filepath|credential|erroraction)$/i;

function unwrapped(words: readonly ShellWord[], depth: number): ShellWord[][] {
  const inner = depth === 0 ? undefined : (installer(words) ?? inShell(words) ?? started(words));
  return inner === undefined ? [[...words]] : inner.flatMap((command) => unwrapped(command, depth - 1));
}

/** The MSI package runs `elastic-agent install -f` with the words of INSTALLARGS (elastic-stack-installers). */
function installer(words: readonly ShellWord[]): ShellWord[][] | undefined {
  const at = words.findIndex(({ text }) => /(^|\s)"?INSTALLARGS=/i.test(text));
  if (at < 0) {
    return undefined;
  }
  // `INSTALLARGS=\"…\"`, as some pages write it, is several words.
  const text = words
    .slice(at)
    .map((word) => word.text)
    .join(" ")
    .replace(/^.*?"?INSTALLARGS=/i, "");
  const [, quoted] = /^\s*"((?:[^"]|"")*)"/.exec(text) ?? [];
  const line = quoted?.replaceAll('""', '"') ?? (words[at]!.text.includes(" ") ? words[at]!.text.slice(12) : text);
  const args = line.replace(/\s+\/(q\w*|l\S*|norestart)\b.*$/i, "").replace(/"$/, "");
  return [[word("elastic-agent"), word("install"), word("--force"), ...joined(args, referencesOf(words))]];
}

/** Options of ssh that have a value. */
const SSH_VALUED = /^-[BbcDEeFIiJLlmOoPpQRSWw]$/;

/** The command of `ssh HOST …`, which the shell of that host reads. */
function remote(words: readonly ShellWord[]): ShellWord[][] | undefined {
  let at = 0;
  while (words[at]?.text.startsWith("-") === true) {
    at += SSH_VALUED.test(words[at]!.text) ? 2 : 1;
  }
  return words.length > at + 1 ? reread("posix", words.slice(at + 1)) : undefined;
}

function inShell(words: readonly ShellWord[]): ShellWord[][] | undefined {
  for (const [i, { text }] of words.entries()) {
    if (/^(.*\/)?ssh$/.test(text)) {
      return remote(words.slice(i + 1));
    }
    const [, name = ""] = /^(?:.*[\\/])?(powershell|pwsh|cmd|sh|bash|dash|ash|zsh|ksh)(?:\.exe)?$/i.exec(text) ?? [];
    const rest = words.slice(i + 1);
    if (/^(powershell|pwsh)$/i.test(name)) {
      return powershellArgument(rest);
    }
    if (/^cmd$/i.test(name)) {
      const at = rest.findIndex((one) => /^\/[ck]$/i.test(one.text));
      return at < 0 ? undefined : reread("cmd", rest.slice(at + 1));
    }
    if (name !== "") {
      const at = rest.findIndex((one) => /^-[a-z]*c[a-z]*$/.test(one.text));
      return at < 0 || rest[at + 1] === undefined ? undefined : reread("posix", [rest[at + 1]!]);
    }
  }
  return undefined;
}

/** The argument of -Command, which is PowerShell's default, or of -EncodedCommand. */
function powershellArgument(words: readonly ShellWord[]): ShellWord[][] | undefined {
  for (let i = 0; i < words.length; i += 1) {
    const { text } = words[i]!;
    if (/^[-/]f(i(l(e)?)?)?$/i.test(text)) {
      return undefined;
    }
    if (/^[-/](e|ec|en\w*)$/i.test(text)) {
      const script = Buffer.from(words[i + 1]?.text ?? "", "base64").toString("utf16le");
      return powershellCommands(script);
    }
    if (/^[-/]c(o\w*)?$/i.test(text)) {
      return reread("powershell", words.slice(i + 1));
    }
    if (VALUED.test(text)) {
      i += 1;
    } else if (!text.startsWith("-")) {
      return reread("powershell", words.slice(i));
    }
  }
  return undefined;
}

/** `Start-Process FILE -ArgumentList …`, which joins its arguments with blanks and adds no quotes. */
function started(words: readonly ShellWord[]): ShellWord[][] | undefined {
  const at = words.findIndex(({ text }) => /^(Start-Process|saps)$/i.test(text));
  if (at < 0) {
    return undefined;
  }
  const list = words.findIndex(({ text }) => /^-(arg\w*)$/i.test(text));
  const file = words.findIndex(({ text }) => /^-FilePath$/i.test(text));
  const program = words[file < 0 ? at + 1 : file + 1];
  const rest = list < 0 ? words.slice(at + 2) : words.slice(list + 1);
  const end = rest.findIndex(({ text }) => START_PARAMETER.test(text));
  const args = end < 0 ? rest : rest.slice(0, end);
  const line = args.map(({ text }) => text).join(" ");
  return program === undefined ? undefined : [[program, ...joined(line, referencesOf(args))]];
}

/** Words of one text for a program of Windows; what its variables contain is not known to be split. */
function joined(line: string, references: readonly Reference[]): ShellWord[] {
  return windowsArguments(line, references).map((one) => ({ ...one, splits: false }));
}

function reread(shell: Shell, words: readonly ShellWord[]): ShellWord[][] {
  const script = words.map(({ text }) => text).join(" ");
  const known = referencesOf(words);
  return READERS[shell](script).map((command) =>
    command.map((one) => ({
      ...one,
      // The first shell has put the value in, and whether it has blanks is not known.
      splits: one.splits && one.references.some(({ name }) => !known.some((other) => other.name === name)),
      references: [
        ...one.references,
        ...known.filter(
          ({ name }) => one.text.includes(`\${${name}}`) && !one.references.some((other) => other.name === name),
        ),
      ],
    })),
  );
}

function referencesOf(words: readonly ShellWord[]): Reference[] {
  return words.flatMap(({ references }) => references);
}

function word(text: string): ShellWord {
  return { text, references: [], splits: false };
}
