import type { FlagSpec } from "./install-flags";
import { FLAGS, longName } from "./install-flags";
import type { Reference, ShellWord } from "./shell-word";

/** One flag as it was written. */
export interface FlagUse {
  readonly name: string;
  /** Undefined for a switch that stands alone, and for a flag at the end whose value is missing. */
  readonly value?: FlagValue;
}

/** A flag's value. */
export interface FlagValue {
  readonly text: string;
  /** Variables of the shell; with any, the text is not the value. */
  readonly references: readonly Reference[];
  readonly splits: boolean;
}

/** An `elastic-agent install` or `enroll`, read as pflag reads it. */
export class InstallArguments {
  constructor(
    public readonly subcommand: "install" | "enroll",
    public readonly uses: readonly FlagUse[],
    /** Words that belong to no flag, by the name of the flag that they follow; the agent ignores them. */
    public readonly strays: readonly string[],
    /** Flags that the agent does not know. */
    public readonly unknown: readonly string[],
    /** Flags at the end without their value. */
    public readonly incomplete: readonly string[],
    /** Words before the subcommand. */
    public readonly executable = "elastic-agent",
    /** Whether it gets more arguments when the script runs, as from `"$@"`. */
    public readonly hasMore = false,
  ) {}

  /** A flag as it was written. */
  public nameOf(flag: string): string {
    return `--${flag}`;
  }

  /** Name to write the flag with. */
  public ownNameOf(flag: string): string {
    return this.nameOf(flag);
  }

  public has(name: string): boolean {
    return this.uses.some((use) => use.name === name);
  }

  /** Of a repeated flag the last one wins. */
  public value(name: string): FlagValue | undefined {
    return this.last(name)?.value;
  }

  /** The value, if the command alone shows it. */
  public known(name: string): string | undefined {
    const value = this.value(name);
    return value === undefined || value.references.length > 0 ? undefined : value.text;
  }

  /** Whether a switch is on: alone, or `=true` in any of pflag's spellings. */
  public isOn(name: string): boolean {
    const use = this.last(name);
    return use !== undefined && (use.value === undefined || /^(1|t|true)$/i.test(use.value.text));
  }

  /** The paths of a comma list, as the agent splits and trims them (internal/pkg/cli/flags.go). */
  public list(name: string): string[] | undefined {
    return this.known(name)
      ?.split(",")
      .map((item) => item.trim());
  }

  /** The paths of a comma list whose file names the command shows, even if not their folders; undefined otherwise. */
  public paths(name: string): string[] | undefined {
    const items = this.value(name)
      ?.text.split(",")
      .map((item) => item.trim());
    return items?.some((item) => /\$\{[^}]*\}[^/\\]*$/.test(item)) === true ? undefined : items;
  }

  /** Fleet Server mode is what `--fleet-server-es` turns on. */
  public get isFleetServer(): boolean {
    return this.has("fleet-server-es");
  }

  /** Any flag of a Fleet Server, right or not. */
  public get hasFleetServerFlags(): boolean {
    return this.uses.some(({ name }) => name.startsWith("fleet-server-"));
  }

  public get clientAuthentication(): string {
    return this.known("fleet-server-client-auth") ?? "none";
  }

  private last(name: string): FlagUse | undefined {
    return [...this.uses].reverse().find((use) => use.name === name);
  }
}

/** The commands of a script that install or enroll an agent. */
export function installCommands(commands: readonly (readonly ShellWord[])[]): InstallArguments[] {
  return commands.flatMap((words) => {
    const at = words.findIndex(
      (word, i) =>
        isSubcommand(word) && i > 0 && (isAgent(words[i - 1]!) || words[i + 1]?.text.startsWith("-") === true),
    );
    if (at < 0) {
      return [];
    }
    const executable = words.slice(0, at).map(({ text }) => text);
    return [readArguments(words[at]!.text as "install" | "enroll", words.slice(at + 1), executable.join(" "))];
  });
}

function isSubcommand(word: ShellWord): boolean {
  return word.text === "install" || word.text === "enroll";
}

function isAgent(word: ShellWord): boolean {
  return word.references.length > 0 || /(^|[/\\])elastic-agent(\.exe)?$/i.test(word.text);
}

function readArguments(
  subcommand: "install" | "enroll",
  words: readonly ShellWord[],
  executable: string,
): InstallArguments {
  const uses: FlagUse[] = [];
  const strays: string[] = [];
  const unknown: string[] = [];
  const incomplete: string[] = [];
  let last: string = subcommand;
  let hasMore = false;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    if (word.text === "--") {
      strays.push(...words.slice(i + 1).map(() => "--"));
      break;
    }
    const flags = readFlags(word);
    if (flags.length === 0 && isReference(word)) {
      hasMore = true;
    } else if (flags.length === 0) {
      strays.push(last);
    }
    for (const flag of flags) {
      last = `--${flag.name}`;
      const spec = specOf(flag.name);
      if (spec === undefined || (spec.installOnly === true && subcommand !== "install")) {
        unknown.push(flag.name);
      }
      if (flag.value !== undefined || spec === undefined || spec.kind === "switch") {
        uses.push(flag);
      } else if (i + 1 < words.length) {
        uses.push({ name: flag.name, value: words[(i += 1)]! });
      } else {
        incomplete.push(flag.name);
      }
    }
  }
  return new InstallArguments(subcommand, uses, strays, unknown, incomplete, executable, hasMore);
}

/** A word that is one variable, such as `"$@"` or `$OPTIONS`, may be any number of flags. */
function isReference({ text, references }: ShellWord): boolean {
  return references.length === 1 && text === `\${${references[0]!.name}}`;
}

/** `--name=value`, `--name`, `-n`, `-nvalue`, and grouped switches such as `-fn`. */
function readFlags(word: ShellWord): FlagUse[] {
  const [, long, assigned] = /^--([^=\s]+)(=?)/.exec(word.text) ?? [];
  if (long !== undefined) {
    const text = word.text.slice(long.length + 3);
    return [{ name: long, value: assigned === "=" ? { ...word, text } : undefined }];
  }
  const uses: FlagUse[] = [];
  for (let rest = /^-([A-Za-z].*)$/s.exec(word.text)?.[1] ?? ""; rest !== "";) {
    const name = longName(rest[0]!) ?? rest[0]!;
    const isSwitch = specOf(name)?.kind === "switch";
    const text = rest.slice(1).replace(/^=/, "");
    uses.push({ name, value: isSwitch || text === "" ? undefined : { ...word, text } });
    rest = isSwitch ? rest.slice(1) : "";
  }
  return uses;
}

function specOf(name: string): FlagSpec | undefined {
  return Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
}
