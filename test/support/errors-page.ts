import * as fs from "node:fs";
import * as path from "node:path";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "errors.md"), "utf8");

/** The errors of docs/errors.md, as patterns for the end of what a message says. */
const PATTERNS = [...PAGE.matchAll(/^(?:\| |- )`([^`]+)`/gm)].map(([, text]) =>
  patternOf(text!.replaceAll("\\|", "|")),
);

function patternOf(text: string): RegExp {
  const escaped = text.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`(?:^|[: ])${escaped.join(".*")}$`, "s");
}

/** The part of a message that is an error's text: without what was got, what is allowed and the fix. */
function whatOf(message: string): string {
  return message.replace(/(?:, got .*)?; allowed: .*$/s, "").replace(/(?<!\{[^}]*); .*$/s, "");
}

/** The lines of messages that docs/errors.md does not have. */
export function notOnErrorsPage(messages: readonly string[]): string[] {
  const lines = messages.flatMap((message) => message.split("\n"));
  return lines.filter((line) => !PATTERNS.some((pattern) => pattern.test(whatOf(line))));
}
