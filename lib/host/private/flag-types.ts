import { Token } from "cdktf";

import type { Flag } from "../../command/data/flags";
import { givenFlags } from "../../command/data/command";
import type { CommandProblem } from "../../command/rules/rules";
import type { InstallFlags } from "../install-flags";
import { quoted } from "../../private/problems";

/** Flags as JavaScript may pass them. */
type Given = { readonly [Prop in keyof InstallFlags]: unknown };

/** Values of another type than the flag's, which JavaScript lets through: no rule could read them. */
export function typeProblems(flags: Given): CommandProblem[] {
  return givenFlags(flags)
    .filter((flag) => !hasType(flag, flags[flag.prop]))
    .map(({ prop, kind }) => ({
      prop,
      what: "has the wrong type",
      got: quoted(flags[prop]),
      allowed: TYPES[kind],
      fix: "pass a value of that type",
    }));
}

const TYPES: Readonly<Record<Flag["kind"], string>> = {
  text: "a string",
  url: "a string",
  path: "a string",
  "secret path": "a string",
  duration: "a string",
  "path list": "a list of at least one string, no Terraform token as a whole",
  list: "a list of at least one string, which may be a Terraform token",
  repeated: "a list of strings, no Terraform token as a whole",
  headers: "a map of strings, no Terraform token as a whole",
  number: "a number",
  switch: "true or false",
  "client authentication": "a ClientAuthentication",
  secret: "a source of a secret, such as EnrollmentToken.fromEnvironment(NAME)",
};

function hasType({ kind }: Flag, value: unknown): boolean {
  switch (kind) {
    case "repeated":
      return isStrings(value) && !Token.isUnresolved(value);
    case "path list":
      return isStrings(value) && !Token.isUnresolved(value) && value.length > 0;
    case "list":
      return isStrings(value) && value.length > 0;
    case "headers":
      return isPlainObject(value) && Object.values(value).every((text) => typeof text === "string");
    case "number":
      return typeof value === "number";
    case "switch":
      return typeof value === "boolean";
    case "client authentication":
      return isObject(value) && typeof (value as { mode?: unknown }).mode === "string";
    case "secret":
      return isObject(value) && isObject((value as { _source?: unknown })._source);
    default:
      return typeof value === "string";
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A token stands in a map under a name of its own. */
function isPlainObject(value: unknown): value is object {
  return isObject(value) && !Array.isArray(value) && !Token.isUnresolved(value);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}
