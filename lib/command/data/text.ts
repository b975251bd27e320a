/** Text that is not known when a command is judged or rendered; everything derived from it is unknown too. */
export abstract class Unknown {
  /** Texts in a row, of which this one is the first that is unknown. */
  public abstract concat(parts: readonly Text[]): Unknown;

  /** The text between two others, as one value. */
  public abstract wrap(before: string, after: string): Unknown;

  /** The text with every match replaced; a pattern between slashes is a regular expression. */
  public abstract replace(pattern: string, by: string): Unknown;

  /** The text itself if it matches a regular expression, otherwise another one. */
  public abstract ifMatches(pattern: string, otherwise: Unknown): Unknown;

  /** The text in an error. */
  public abstract toJSON(): string;
}

/** Text with a variable of the shell that runs the command. */
export class ShellText extends Unknown {
  public override concat(): Unknown {
    return this;
  }

  public override wrap(): Unknown {
    return this;
  }

  public override replace(): Unknown {
    return this;
  }

  public override ifMatches(): Unknown {
    return this;
  }

  public override toJSON(): string {
    return "(a shell variable)";
  }
}

/** Text that may be unknown. */
export type Text = string | Unknown;

/** Whether a value is known now. */
export function isKnown<T>(value: T | Unknown): value is T {
  return !(value instanceof Unknown);
}

/** Texts in a row. */
export function concat(...parts: readonly Text[]): Text {
  const unknown = parts.find((part) => part instanceof Unknown);
  return unknown === undefined ? parts.join("") : unknown.concat(parts);
}

/** Texts with a separator between them. */
export function joined(parts: readonly Text[], separator: string): Text {
  return concat(...parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part])));
}
