/** Text that is HTML already. */
export class Html {
  constructor(private readonly text: string) {}

  public toString(): string {
    return this.text;
  }
}

export type Content = Html | string | number | undefined | false | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML shows it, in elements and in quoted attributes alike. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
}

/** HTML whose every value is escaped, unless it is HTML itself. Its own indentation is left out, because the state contains it. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Html {
  const texts = parts.map((part) => part.replace(/\s*\n\s*/g, "\n"));
  return new Html(texts.map((text, index) => `${text}${index < values.length ? render(values[index]) : ""}`).join(""));
}

function render(content: Content): string {
  if (content instanceof Html) {
    return content.toString();
  }
  if (typeof content === "object") {
    return content.map(render).join("");
  }
  return content === undefined || content === false ? "" : escape(String(content));
}
