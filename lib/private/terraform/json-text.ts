import { Fn, Token } from "cdktf";

import { expression, isKnown, plainText } from "./text";

/**
 * A value as JSON, of which Terraform encodes the tokens alone: cdktf resolves each text of an argument of `jsonencode`
 * by itself, which is slow for the many texts of many agents.
 */
export function jsonText(value: unknown): string {
  if (typeof value === "string") return isKnown(value) ? plainText(JSON.stringify(value)) : encoded(expression(value));
  if (Token.isUnresolved(value)) return encoded(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, each]) => [key, each === undefined ? undefined : jsonText(each)]);
  return jsonObject(Object.fromEntries(fields) as Record<string, string | undefined>);
}

/** An object as JSON, of fields that are JSON already; `undefined` leaves a field out. */
export function jsonObject(fields: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(fields).filter(([, text]) => text !== undefined);
  return `{${given.map(([key, text]) => `${plainText(JSON.stringify(key))}:${text}`).join(",")}}`;
}

function encoded(value: unknown): string {
  return Token.asString(Fn.jsonencode(value));
}
