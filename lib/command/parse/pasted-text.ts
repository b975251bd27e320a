import type { Finding } from "../../private/x509/finding";
import { error } from "../../private/x509/finding";
import type { Shell } from "./script";

/** A script as it was meant, and the characters that a page, a chat or another shell left in it. */
export interface PastedText {
  readonly text: string;
  readonly findings: readonly Finding[];
}

interface Mark {
  readonly pattern: RegExp;
  readonly what: string;
  readonly fix: string;
  /** A line as it was meant. */
  readonly meant: (line: string) => string;
}

const DASHES =
  /(^|[\s"'])(?:[\u2010-\u2015\u2212][-\u2010-\u2015\u2212]?|-[\u2010-\u2015\u2212])(?=([A-Za-z])([\w-]*))/g;
/** No-break spaces, and characters that no one sees. */
const NO_BREAK = /[\u00a0\u2007\u202f]/;
const UNSEEN = /[\u00ad\u200b-\u200f\u2060\ufeff]/;
const FLAG_BEFORE_QUOTE = /(?:^|\s)--?[A-Za-z][\w.-]*[= ][\u2018-\u201f]/;
const CALLOUT = /[ \t]*(?:#[ \t]*)?(?:<\d{1,2}>|[\u2460-\u2473])[ \t]*$/;

/** Marks of every shell. */
const DASH: Mark = {
  pattern: new RegExp(DASHES.source),
  what: "has a typographic dash in front of a flag, so the agent does not read it as one",
  fix: "write two hyphens: --",
  meant: (line) =>
    line.replace(DASHES, (_, before: string, __: string, more: string) => `${before}${more === "" ? "-" : "--"}`),
};
const NO_BREAK_SPACE: Mark = {
  pattern: NO_BREAK,
  what: "has a no-break space, which the shell takes for a letter",
  fix: "type the blank again",
  meant: (line) => line.replace(new RegExp(NO_BREAK.source, "g"), " "),
};
const UNSEEN_CHARACTER: Mark = {
  pattern: UNSEEN,
  what: "has a character that cannot be seen, which the shell passes on as a part of the word",
  fix: "type the words again, or remove everything that is not ASCII",
  meant: (line) => line.replace(new RegExp(UNSEEN.source, "g"), ""),
};
const CALLOUT_MARK: Mark = {
  pattern: CALLOUT,
  what: "ends with a callout of a documentation page, which the shell takes for a part of the command",
  fix: "remove the number and its brackets",
  meant: (line) => line.replace(CALLOUT, ""),
};

/** PowerShell takes typographic quotes for quotes; a POSIX shell does not. */
const QUOTE: Mark = {
  pattern: FLAG_BEFORE_QUOTE,
  what: "has typographic quotes, which the shell passes on as a part of the value",
  fix: "write straight quotes: ' or \"",
  meant: (line) => line.replace(/[\u2018-\u201b]/g, "'").replace(/[\u201c-\u201f]/g, '"'),
};

function continuation(sign: string, shell: string, own: string): Mark {
  const pattern = new RegExp(`[ \\t]\\${sign}[ \\t]*$`);
  return {
    pattern,
    what: `continues a line with ${sign}, which only ${shell} does, so the command ends there`,
    fix: `write ${own} at the end of the line`,
    meant: (line) => line.replace(pattern, () => ` ${own}`),
  };
}

const BLANK_AFTER: Readonly<Record<string, Mark>> = Object.fromEntries(
  ["\\", "`", "^"].map((own) => [
    own,
    {
      pattern: new RegExp(`[ \\t]\\${own}[ \\t]+$`),
      what: `has a blank after the ${own} at the end of a line, so the command ends there`,
      fix: "remove the blank",
      meant: (line: string) => line.trimEnd(),
    },
  ]),
);

/** cmd.exe takes single quotes for a part of the value. */
const SINGLE_QUOTE: Mark = {
  pattern: /(?:^|\s)--?[A-Za-z][\w.-]*[= ]'/,
  what: "has single quotes, which cmd.exe passes on as a part of the value",
  fix: 'write double quotes: "',
  meant: (line) => line.replace(/(--?[A-Za-z][\w.-]*[= ])'([^']*)'/g, '$1"$2"'),
};

/** PowerShell quotes an argument with blanks as a whole, which the installer does not read (ingest-docs#1547). */
const INSTALLER: Mark = {
  pattern: /^(?!.*--%)(?!.*\b(?:Start-Process|saps|cmd)\b).*(?:\.msi\b|\bmsiexec\b).*\sINSTALLARGS=/i,
  what: "hands INSTALLARGS to the installer with quotes of PowerShell's own, so the installer does not read it",
  fix: "write --% in front of INSTALLARGS",
  meant: (line) => line,
};

const MARKS: Readonly<Record<Shell, readonly Mark[]>> = {
  posix: [
    CALLOUT_MARK,
    continuation("^", "cmd.exe", "\\"),
    continuation("`", "PowerShell", "\\"),
    BLANK_AFTER["\\"]!,
    NO_BREAK_SPACE,
    UNSEEN_CHARACTER,
    DASH,
    QUOTE,
  ],
  powershell: [
    CALLOUT_MARK,
    continuation("^", "cmd.exe", "`"),
    continuation("\\", "a POSIX shell", "`"),
    BLANK_AFTER["`"]!,
    UNSEEN_CHARACTER,
    DASH,
    INSTALLER,
  ],
  cmd: [
    CALLOUT_MARK,
    continuation("`", "PowerShell", "^"),
    continuation("\\", "a POSIX shell", "^"),
    BLANK_AFTER["^"]!,
    NO_BREAK_SPACE,
    UNSEEN_CHARACTER,
    DASH,
    QUOTE,
    SINGLE_QUOTE,
  ],
};

/**
 * Finds text that was pasted with the script, names it by its line, and returns the intended text, so that the command is
 * still read as a whole. Comments are left alone.
 */
export function readPastedText(script: string, shell: Shell): PastedText {
  const findings: Finding[] = [];
  const lines = script.split("\n").map((line, i) =>
    /^\s*(#|::|rem\s)/i.test(line)
      ? line
      : MARKS[shell].reduce((text, { pattern, what, fix, meant }) => {
          if (!pattern.test(text)) {
            return text;
          }
          findings.push(error(34, `line ${i + 1} ${what}`, fix));
          return meant(text);
        }, line),
  );
  return { text: lines.join("\n"), findings };
}
