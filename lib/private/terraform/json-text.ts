import { Fn, Token } from "cdktf";

import { expression, isKnown, plainText } from "./text";

/**
 * A value as JSON, of which Terraform encodes the tokens alone: cdktf resolves each text of an argument of `jsonencode`
 * by itself, which takes a third of a synth with a thousand agents (`npm run bench`).
 */
export function jsonText(value: unknown): string {
  if (typeof value === "string") return isKnown(value) ? plainText(JSON.stringify(value)) : encoded(expression(value));
  if (Token.isUnresolved(value)) return encoded(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return jsonObject(Object.fromEntries(fields.map(([key, each]) => [key, jsonText(each)])));
}

/** An object as JSON, of fields that are JSON already; `undefined` leaves a field out. */
export function jsonObject(fields: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(fields).filter(([, text]) => text !== undefined);
  return `{${given.map(([key, text]) => `${plainText(JSON.stringify(key))}:${text}`).join(",")}}`;
}

function encoded(value: unknown): string {
  return Token.asString(Fn.jsonencode(value));
}
