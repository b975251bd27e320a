/** Settings that are not in the part of YAML that is read here; what is in them is then not checked. */
export class SettingsError extends Error {
  public override readonly name = "SettingsError";
}

/** A value; scalars stay text, since `true` and `8220` mean here what they say. */
export type Setting = string | readonly Setting[] | { readonly [key: string]: Setting };

const DEEPEST = 40;

/** What begins a plain scalar in no YAML, or something that is not read here: anchors, aliases, tags, folded text. */
const INDICATOR = /^(?:[&*!>%@`,\]}{[|"'#]|[-?:](?:\s|$)|---|\.\.\.)/;

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ "0": "\0", a: "\x07", b: "\b", t: "\t", n: "\n", v: "\v", f: "\f", r: "\r", e: "\x1b" },
  ...{ " ": " ", '"': '"', "/": "/", "\\": "\\" },
};

/**
 * Reads settings as people and Terraform write them: block maps and lists, plain, quoted and literal (`|`) text, lists in
 * brackets, comments. What else YAML has is refused rather than misread.
 *
 * @throws SettingsError, and nothing but that
 */
export function readSettings(text: string): Setting {
  return new SettingsReader(text).read();
}

class SettingsReader {
  private readonly lines: string[];
  private at = 0;

  constructor(text: string) {
    this.lines = text
      .replace(/^\ufeff/, "")
      .replace(/\r\n/g, "\n")
      .split("\n");
  }

  public read(): Setting {
    // YAML's rules on tabs are not worth having.
    this.at = this.lines.findIndex((line) => /\p{Cc}/u.test(line));
    if (this.at >= 0) {
      this.refuse("has a tab or a control character");
    }
    this.at = 0;
    this.skipBlank();
    if (this.lines[this.at]?.trimEnd() === "---") {
      this.at += 1;
      this.skipBlank();
    }
    const settings = this.at < this.lines.length ? this.block(this.indent(), 0) : {};
    if (this.at < this.lines.length) {
      this.refuse("is indented in another way than what is before it");
    }
    return settings;
  }

  private block(indent: number, depth: number): Setting {
    if (depth > DEEPEST) {
      this.refuse("is nested too deep");
    }
    return /^-(\s|$)/.test(this.lines[this.at]!.slice(indent)) ? this.list(indent, depth) : this.map(indent, depth);
  }

  private map(indent: number, depth: number): Setting {
    const map = new Map<string, Setting>();
    while (this.at < this.lines.length && this.indent() === indent) {
      const line = this.lines[this.at]!.slice(indent);
      if (/^-(\s|$)/.test(line)) {
        break;
      }
      const [key, rest] = this.key(line);
      if (map.has(key)) {
        this.refuse("repeats a key");
      }
      map.set(key, this.value(rest, indent, depth, true));
    }
    return Object.fromEntries(map);
  }

  private list(indent: number, depth: number): Setting {
    const list: Setting[] = [];
    while (this.at < this.lines.length && this.indent() === indent) {
      const line = this.lines[this.at]!.slice(indent);
      const [dash] = /^-(?: +|$)/.exec(line) ?? [];
      if (dash === undefined) {
        break;
      }
      const rest = line.slice(dash.length);
      if (dash !== "-" && (/^-(\s|$)/.test(rest) || this.isKey(rest))) {
        // What stands beside the dash is a block of its own, indented by it.
        const inner = indent + dash.length;
        this.lines[this.at] = " ".repeat(inner) + rest;
        list.push(this.block(inner, depth + 1));
      } else {
        list.push(this.value(rest, indent, depth, false));
      }
    }
    return list;
  }

  /** What comes after a key or a dash: on its line, or in the lines below it. */
  private value(rest: string, indent: number, depth: number, ofKey: boolean): Setting {
    if (rest.startsWith("|")) {
      return this.literal(rest, indent);
    }
    if (rest !== "" && !/^#/.test(rest)) {
      const value = this.inline(rest);
      this.at += 1;
      this.skipBlank();
      return value;
    }
    this.at += 1;
    this.skipBlank();
    if (this.at >= this.lines.length) {
      return "";
    }
    const next = this.indent();
    const isListOfKey = ofKey && next === indent && /^-(\s|$)/.test(this.lines[this.at]!.slice(next));
    return next > indent || isListOfKey ? this.block(next, depth + 1) : "";
  }

  private key(line: string): readonly [string, string] {
    const [whole, text] = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ ]*:(?:[ ]+|$)/.exec(line) ?? [];
    if (whole !== undefined) {
      return [this.scalar(text!), line.slice(whole.length)];
    }
    const end = /:(?: +|$)/.exec(line);
    const plain = end === null ? "" : line.slice(0, end.index).trimEnd();
    if (plain === "" || INDICATOR.test(plain) || / #/.test(plain)) {
      this.refuse("is neither a setting nor part of one");
    }
    return [plain, line.slice(end!.index + end![0].length)];
  }

  private isKey(text: string): boolean {
    return /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^"'[{&*!|>%@`#][^#]*?) *:( |$)/.test(text);
  }

  private inline(rest: string): Setting {
    if (rest.startsWith("[")) {
      const [, inner] = /^\[(.*)\](?: *$| +#)/.exec(rest) ?? this.refuse("has a list that does not end on its line");
      const items = inner!.match(/ *("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,"'[\]{}#]+) *(?:,|$)/gy) ?? [];
      if (items.join("") !== inner!.trimEnd() && items.join("") !== inner) {
        this.refuse("has a list of more than text");
      }
      return items.map((item) => this.scalar(item.replace(/,$/, "").trim()));
    }
    if (/^\{ *\}(?: *$| +#)/.test(rest)) {
      return {};
    }
    const [quoted] = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?= *$| +#)/.exec(rest) ?? [];
    return this.scalar(quoted ?? rest.replace(/ +#.*$/, "").trimEnd());
  }

  private scalar(text: string): string {
    if (/^'(?:[^']|'')*'$/.test(text)) {
      return text.slice(1, -1).replace(/''/g, "'");
    }
    if (/^"(?:[^"\\]|\\.)*"$/.test(text)) {
      return text.slice(1, -1).replace(/\\(?:x(..)|u(.{4})|U(.{8})|(.))/g, (_, x, u, long, one: string) => {
        const code = parseInt(x ?? u ?? long ?? "", 16);
        const hex = /^[0-9a-f]+$/i.test(x ?? u ?? long ?? "") && code <= 0x10ffff;
        return (hex ? String.fromCodePoint(code) : ESCAPES[one]) ?? this.refuse("has an escape that is none");
      });
    }
    if (text === "" || INDICATOR.test(text) || /: |:$/.test(text)) {
      this.refuse("has a value that has to be quoted");
    }
    return text;
  }

  /** `|`, `|-`, `|+`, and `|2-` for text that begins with blanks. */
  private literal(rest: string, indent: number): string {
    const [, digit, chomping = ""] =
      /^\|([1-9]?)([-+]?)(?: *$| +#)/.exec(rest) ?? this.refuse("has a text block of another kind");
    this.at += 1;
    const body: string[] = [];
    let width = digit === "" ? undefined : indent + Number(digit);
    for (; this.at < this.lines.length; this.at += 1) {
      const line = this.lines[this.at]!;
      if (line.trim() !== "") {
        width ??= this.indent();
        if (this.indent() < width || width <= indent) {
          break;
        }
      } else if (line !== "") {
        this.refuse("has blanks on an empty line");
      }
      body.push(line.slice(width ?? line.length));
    }
    if (this.at === this.lines.length && body.at(-1) === "") {
      body.pop();
    }
    this.skipBlank();
    const text = body.map((line) => `${line}\n`).join("");
    const content = text.replace(/\n+$/, "");
    return chomping === "+" ? text : chomping === "-" || content === "" ? content : `${content}\n`;
  }

  private indent(): number {
    return /^ */.exec(this.lines[this.at]!)![0].length;
  }

  private skipBlank(): void {
    while (this.at < this.lines.length && /^ *(#.*)?$/.test(this.lines[this.at]!)) this.at += 1;
  }

  private refuse(what: string): never {
    throw new SettingsError(`line ${Math.min(this.at + 1, this.lines.length)} ${what}`);
  }
}
