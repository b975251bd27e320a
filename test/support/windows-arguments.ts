/**
 * What Windows makes of a command that PowerShell hands over: small re-implementations, from the sources, of what
 * cannot run here. They stand in for `pwsh` and for Windows where those are missing.
 */

const QUOTES = /['‘’‚‛]/;

const LEGACY = "& { $PSNativeCommandArgumentPassing = 'Legacy'; ";

/**
 * What the program gets of a command after its subcommand, in each PowerShell: 5.1, 7 up to 7.2, and 7 since 7.3.
 *
 * @param command in either of its forms, as Terraform hands it over
 * @param environment the variables that it reads
 * @throws what the command throws
 */
export function receivedArguments(command: string, environment: Readonly<Record<string, string>> = {}): string[][] {
  const isLegacy = command.startsWith(LEGACY);
  const args = argumentSources(command).map((source) =>
    source.startsWith("(") ? environmentArgument(source, environment) : singleQuoted(source),
  );
  return [
    legacyCommandLine(args, false),
    legacyCommandLine(args, true),
    isLegacy ? legacyCommandLine(args, true) : standardCommandLine(args),
  ].map(windowsArguments);
}

/** The arguments of a command as its text has them, after the subcommand. */
function argumentSources(command: string): string[] {
  const body = command.startsWith(LEGACY) ? command.slice(LEGACY.length, -" }".length) : command;
  const sources: string[] = [];
  let rest = body.slice((/^(?:& '[^']*'|\S+) \S+/.exec(body)?.[0] ?? "").length);
  while ((rest = rest.replace(/^(?: |`\n)+/, "")) !== "") {
    const source = rest.startsWith("(") ? bracketedSource(rest) : quotedSource(rest);
    if (source === "") {
      throw new Error(`no argument: ${rest}`);
    }
    sources.push(source);
    rest = rest.slice(source.length);
  }
  return sources;
}

/** An expression in brackets at the start of a text; brackets in strings do not count. */
function bracketedSource(text: string): string {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/'[^']*'|[()]/g)) {
    depth += token === "(" ? 1 : token === ")" ? -1 : 0;
    if (depth === 0) {
      return text.slice(0, index + 1);
    }
  }
  return "";
}

/** A single-quoted string at the start of a text, up to the quote that no other one follows. */
function quotedSource(text: string): string {
  for (let at = 1; at < text.length; at++) {
    if (QUOTES.test(text[at] as string)) {
      if (!QUOTES.test(text[at + 1] ?? "")) {
        return text.slice(0, at + 1);
      }
      at++;
    }
  }
  return "";
}

/** The value of `('PREFIX' + $(if (…) { $env:NAME … } else { throw '…' }) + 'SUFFIX')`. */
function environmentArgument(source: string, environment: Readonly<Record<string, string>>): string {
  const whole =
    /^\('([^']*)' \+ \$\(if \(\$env:(\w+)(?: -match '([^']*)')?\) \{ \$env:\2(.*) \} else \{ throw '([^']*)' \}\)(?: \+ '([^']*)')?\)$/;
  const [, prefix, name, pattern, replacements, message, suffix = ""] = whole.exec(source) as string[];
  const value = environment[name as string] ?? "";
  if (value === "" || (pattern !== undefined && !dotNetRegExp(pattern).test(value))) {
    throw new Error(message);
  }
  const replaced = [...(replacements as string).matchAll(/ -replace '([^']*)', '([^']*)'/g)].reduce(
    (text, [, from, to]) => text.replace(dotNetRegExp(from as string), to as string),
    value,
  );
  return `${prefix as string}${replaced}${suffix}`;
}

function dotNetRegExp(pattern: string): RegExp {
  return new RegExp(pattern.replace("\\z", "$"), "g");
}

/** The text of a PowerShell single-quoted string: a doubled quote of any kind stands for one. */
export function singleQuoted(source: string): string {
  if (!QUOTES.test(source[0] ?? "") || !QUOTES.test(source.at(-1) ?? "")) {
    throw new Error(`no single-quoted string: ${source}`);
  }
  let text = "";
  for (let at = 1; at < source.length - 1; at++) {
    const character = source[at] as string;
    if (QUOTES.test(character)) {
      if (at + 1 >= source.length - 1 || !QUOTES.test(source[at + 1] as string)) {
        throw new Error(`the string ends in its middle: ${source}`);
      }
      at++;
    }
    text += character;
  }
  return text;
}

/** PowerShell's legacy passing (NativeCommandParameterBinder): quotes around what has a blank outside of quotes. */
export function legacyCommandLine(args: string[], doublesTrailingBackslashes: boolean): string {
  return args
    .map((arg) => {
      const trailing = doublesTrailingBackslashes ? (/\\*$/.exec(arg)?.[0] ?? "") : "";
      return needsQuotes(arg) ? `"${arg}${trailing}"` : arg;
    })
    .join(" ");
}

function needsQuotes(arg: string): boolean {
  let quotes = 0;
  let afterBackslash = false;
  for (const character of arg) {
    if (character === '"' && !afterBackslash) {
      quotes++;
    } else if (/\s/.test(character) && quotes % 2 === 0) {
      return true;
    }
    afterBackslash = character === "\\";
  }
  return false;
}

/** PowerShell 7.3's standard passing (.NET PasteArguments): escapes for CommandLineToArgvW. */
export function standardCommandLine(args: string[]): string {
  return args
    .map((arg) =>
      arg !== "" && !/[\s"]/.test(arg) ? arg : `"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`,
    )
    .join(" ");
}

/** What a Go program gets (os/exec_windows.go, readNextArg), which reads as CommandLineToArgvW does. */
export function windowsArguments(line: string): string[] {
  const args: string[] = [];
  let rest = line;
  while ((rest = rest.replace(/^[ \t]+/, "")) !== "") {
    let text = "";
    let inQuotes = false;
    let at = 0;
    for (; at < rest.length; at++) {
      const character = rest[at] as string;
      if (character === "\\") {
        const run = (/^\\+/.exec(rest.slice(at)) as RegExpExecArray)[0].length;
        const isBeforeQuote = rest[at + run] === '"';
        text += "\\".repeat(isBeforeQuote ? Math.floor(run / 2) : run);
        at += run - 1;
        if (isBeforeQuote && run % 2 === 1) {
          text += '"';
          at++;
        }
      } else if (character === '"') {
        if (inQuotes && rest[at + 1] === '"') {
          text += '"';
          at++;
        }
        inQuotes = !inQuotes;
      } else if (!inQuotes && (character === " " || character === "\t")) {
        break;
      } else {
        text += character;
      }
    }
    args.push(text);
    rest = rest.slice(at);
  }
  return args;
}
