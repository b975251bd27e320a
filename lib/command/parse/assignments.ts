import type { Reference, Shell, ShellWord } from "./shell-word";
import { ARRAY } from "./shell-word";

/** Values of a variable: one word, or those of an array; undefined if the script alone does not show them. */
type Value = readonly ShellWord[] | undefined;

/** An assignment that a command makes. */
interface Assignment {
  readonly name: string;
  readonly value: Value;
  readonly isAppended: boolean;
  readonly isArray: boolean;
}

/**
 * Puts the values that a script assigns by itself into its commands: texts, and arrays whose words become arguments.
 * A variable that is assigned different texts, as in the branches of an `if`, stays a reference.
 */
export function withAssignments(shell: Shell, commands: readonly ShellWord[][]): ShellWord[][] {
  const isSame = (name: string): string => (shell === "posix" ? name : name.toLowerCase());
  const variables = new Map<string, { readonly value: Value; readonly isArray: boolean }>();
  const spread = new Set<string>();
  const result: { readonly words: ShellWord[]; readonly array?: string }[] = [];
  for (const command of commands) {
    // PowerShell writes the variable itself in front of the `=`.
    const isTarget = shell === "powershell" && ofPowershell(command) !== undefined;
    const words = command.flatMap((word, i) => (i === 0 && isTarget ? [word] : put(word)));
    const assignments = assignmentsOf(shell, words);
    result.push({ words, array: assignments.filter(({ isArray }) => isArray).map(({ name }) => isSame(name))[0] });
    assignments.forEach(assign);
  }
  // An array that became a command's arguments is that command, and not another one.
  return result.filter(({ array }) => array === undefined || !spread.has(array)).map(({ words }) => words);

  function assign({ name, value, isAppended, isArray }: Assignment): void {
    const known = variables.get(isSame(name));
    const isOther = known !== undefined && !isAppended && textOf(known.value) !== textOf(value);
    const whole = isAppended ? value && known?.value && [...known.value, ...value] : value;
    variables.set(isSame(name), { value: isOther ? undefined : whole, isArray: isArray || known?.isArray === true });
  }

  function put(word: ShellWord): ShellWord[] {
    const [first] = word.references;
    const whole =
      first !== undefined && word.text === `\${${first.name}}` ? variables.get(isSame(first.name)) : undefined;
    if (whole?.isArray === true && whole.value !== undefined) {
      spread.add(isSame(first!.name));
      return [...whole.value];
    }
    if (word.splits && whole?.value?.length === 1 && first?.isAltered !== true && /\s/.test(whole.value[0]!.text)) {
      const [{ text, references }] = whole.value as [ShellWord];
      return text
        .split(/\s+/)
        .filter((part) => part !== "")
        .map((part) => ({
          text: part,
          references: references.filter(({ name }) => part.includes(name)),
          splits: false,
        }));
    }
    return [resolved(word)];
  }

  function resolved(word: ShellWord): ShellWord {
    let { text, splits } = word;
    const references: Reference[] = [];
    for (const reference of word.references) {
      const value = reference.isAltered === true ? undefined : variables.get(isSame(reference.name));
      const [one] = value?.isArray === true ? [] : (value?.value ?? []);
      if (one === undefined) {
        references.push(reference);
      } else {
        text = text.replace(`\${${reference.name}}`, () => one.text);
        references.push(...one.references);
      }
    }
    if (shell !== "powershell" && references.length === 0 && word.references.length > 0) {
      splits = /[\s*?[]/.test(text) && splits;
    }
    return { text, references, splits };
  }
}

function textOf(value: Value): string | undefined {
  return value?.map(({ text }) => text).join("\0");
}

function assignmentsOf(shell: Shell, words: readonly ShellWord[]): Assignment[] {
  if (shell === "posix") {
    return ofPosix(words);
  }
  const assignment = shell === "powershell" ? ofPowershell(words) : ofCmd(words);
  return assignment === undefined ? [] : [assignment];
}

function ofPosix(words: readonly ShellWord[]): Assignment[] {
  const rest = /^(export|readonly|local|declare|typeset)$/.test(words[0]?.text ?? "")
    ? words.slice(1).filter(({ text }) => !/^-\w+$/.test(text))
    : words;
  const found = rest.flatMap((word, i): Assignment[] => {
    const [, name, plus, array, text = ""] = /^([A-Za-z_]\w*)(\+?)=(\(?)([^]*)$/.exec(word.text) ?? [];
    if (name === undefined || (array === "(" && i > 0)) {
      return [];
    }
    const isArray = array === "(";
    return [
      {
        name,
        value: isArray ? rest.slice(1) : [{ ...word, text, splits: false }],
        isAppended: plus === "+" && isArray,
        isArray,
      },
    ];
  });
  // With another word behind them they are the environment of one command.
  return found[0]?.isArray === true ? found.slice(0, 1) : found.length === rest.length ? found : [];
}

function ofPowershell(words: readonly ShellWord[]): Assignment | undefined {
  const [, name] = /^(?:\[[\w.[\]]+\])?\$\{(\w+)\}$/.exec(words[0]?.text ?? "") ?? [];
  const operator = words[1]?.text;
  if (name === undefined || (operator !== "=" && operator !== "+=")) {
    return undefined;
  }
  const rest = words.slice(2);
  const isArray = rest.some(({ text }) => text === ARRAY);
  const items = rest.filter(({ text }) => text !== ARRAY);
  const isAppended = operator === "+=";
  if (isArray || (isAppended && items.length === 1)) {
    return { name, value: items, isAppended, isArray };
  }
  // `'a' + $b` is one text; anything else with several words is a command, and so is Verb-Noun.
  const isSum = items.length % 2 === 1 && items.every(({ text }, i) => i % 2 === 0 || text === "+");
  const isText = isSum && !/^[A-Z][a-z]+-[A-Z]\w+$/.test(items[0]?.text ?? "");
  const parts = items.filter((_, i) => i % 2 === 0);
  const sum: ShellWord = {
    text: parts.map(({ text }) => text).join(""),
    references: parts.flatMap(({ references }) => references),
    splits: false,
  };
  return { name, value: isText ? [sum] : undefined, isAppended, isArray: false };
}

function ofCmd(words: readonly ShellWord[]): Assignment | undefined {
  const [first, second, ...more] = words;
  const [, name, text = ""] = /^([A-Za-z_]\w*)=([^]*)$/.exec(second?.text ?? "") ?? [];
  if (!/^set$/i.test(first?.text ?? "") || name === undefined) {
    return undefined;
  }
  const all = [{ ...second!, text }, ...more];
  const value: ShellWord = {
    text: all.map((word) => word.text).join(" "),
    references: all.flatMap(({ references }) => references),
    splits: false,
  };
  return { name, value: [value], isAppended: false, isArray: false };
}
