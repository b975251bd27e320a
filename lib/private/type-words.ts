import { quoted } from "./problems";
import { CLASSES, INTERFACES } from "./prop-types";

/** Props whose values are never printed. */
const SECRET = /passphrase|privateKey|token|secret|password/i;

export const MOST_EXAMPLES = 3;

export const OR_TOKEN = ", or a Terraform token";

const ALLOWED: { readonly [type: string]: string } = {
  string: `a string that is not empty${OR_TOKEN}`,
  number: `a number${OR_TOKEN}`,
  boolean: "true or false",
  object: "an object",
};

const FIXES: { readonly [type: string]: string } = {
  string: "write one string",
  number: "write the number without quotes",
  boolean: "write true or false without quotes",
  object: "pass the object itself, not its name",
};

/** A value as errors show it. */
export function shown(prop: string, value: unknown): string {
  if (value === undefined || value === null) {
    return String(value);
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  if (typeof value === "object") {
    const name = value.constructor?.name;
    return name === undefined || name === "Object" ? "an object" : `an instance of ${name}`;
  }
  if (typeof value === "function") {
    return "a function";
  }
  if (typeof value === "bigint") {
    return `${value}n`;
  }
  return SECRET.test(prop) ? `a ${typeof value}` : quoted(value);
}

/** Values that a type allows, in words. */
export function allowedFor(type: string): string {
  const plain = type.replace(/\?$/, "");
  if (plain.endsWith("[]")) {
    return `a list, each entry ${allowedFor(plain.slice(0, -2))}`;
  }
  if (plain.endsWith("{}")) {
    return `a map, each value ${allowedFor(plain.slice(0, -2))}`;
  }
  if (INTERFACES[plain] !== undefined) {
    return plain === "IConstruct" ? "a construct" : `an object that implements ${plain}`;
  }
  return ALLOWED[plain] ?? `a value of type ${plain}`;
}

/** How to get a value of a type. */
export function fixFor(type: string): string {
  const plain = type.replace(/\?$/, "");
  const examples = CLASSES[plain.replace(/\[\]$|\{\}$/, "")];
  if (examples === undefined) {
    return FIXES[plain] ?? "pass such a value";
  }
  return `use ${examples.slice(0, MOST_EXAMPLES).join(", ")}${examples.length > MOST_EXAMPLES ? " or another value" : ""}`;
}
