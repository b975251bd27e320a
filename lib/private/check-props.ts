import { Token } from "cdktf";
import type { IConstruct } from "constructs";

import type { Problem } from "./problems";
import { InputError, quoted } from "./problems";
import { CLASSES, STRUCTS } from "./prop-types";

/** Props whose values are never printed. */
const SECRET = /passphrase|privateKey|token|secret|password/i;

/** Whether class names survived: a minifier that renames them leaves only "is an object" to check. */
const HAS_CLASS_NAMES = InputError.name === "InputError";

const MOST_EXAMPLES = 3;

const ALLOWED: { readonly [type: string]: string } = {
  string: "a string that is not empty, or a Terraform token",
  number: "a number, or a Terraform token",
  boolean: "true or false",
  object: "a construct or an object of this library",
};

const FIXES: { readonly [type: string]: string } = {
  string: "write one string",
  number: "write the number without quotes",
  boolean: "write true or false without quotes",
  object: "pass the object itself, not its name",
};

/**
 * Checks the types of props, which the TypeScript compiler does not do for JavaScript.
 *
 * @param where the construct's path, or the name of the factory
 * @param struct the name of the props' interface
 * @returns the props
 * @throws with every prop that is missing, empty or of another type
 */
export function checkProps<T>(where: string, struct: string, props: T): T {
  const problems = structProblems(where, "", struct, props);
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  return props;
}

/** Checks the type of one argument. */
export function checkProp(where: string, prop: string, type: string, value: unknown): void {
  const problems = value === undefined ? [wrong(where, prop, value, type)] : valueProblems(where, prop, type, value);
  if (problems.length > 0) {
    throw new InputError(problems);
  }
}

/** Path of a construct that does not exist yet. */
export function pathOf(scope: IConstruct, id: string): string {
  return [scope.node.path, id].filter((part) => part !== "").join("/");
}

function structProblems(where: string, prefix: string, struct: string, props: unknown): Problem[] {
  if (typeof props !== "object" || props === null || Array.isArray(props)) {
    return [wrong(where, prefix.replace(/\.$/, "") || "props", props, struct)];
  }
  const given = props as { readonly [prop: string]: unknown };
  return Object.entries(propsOf(struct)).flatMap(([prop, type]) => {
    const isOptional = type.endsWith("?");
    const value = given[prop];
    if (value === undefined || value === null) {
      const fix = `add ${prop}: ${fixFor(type)}`;
      return isOptional
        ? []
        : [{ where: `${where}: ${prefix}${prop}`, what: "is missing", allowed: allowedFor(type), fix }];
    }
    // Optional props have checks of their own, which name what is allowed.
    if (type === "string" && typeof value === "string" && value.trim() === "") {
      const what = "is an empty string";
      return [
        {
          where: `${where}: ${prefix}${prop}`,
          what,
          got: quoted(value),
          allowed: allowedFor(type),
          fix: "give it a value",
        },
      ];
    }
    return valueProblems(where, `${prefix}${prop}`, type.replace(/\?$/, ""), value);
  });
}

function propsOf(struct: string): { readonly [prop: string]: string } {
  const { extends: parent, props } = STRUCTS[struct] ?? { props: {} };
  return { ...(parent !== undefined && propsOf(parent)), ...props };
}

function valueProblems(where: string, prop: string, type: string, value: unknown): Problem[] {
  if (type.endsWith("{}")) {
    if (Token.isUnresolved(value)) {
      return [];
    }
    return typeof value === "object" && !Array.isArray(value)
      ? Object.entries(value as object).flatMap(([key, each]) =>
          valueProblems(where, `${prop}.${key}`, type.slice(0, -2), each),
        )
      : [wrong(where, prop, value, type)];
  }
  if (type.endsWith("[]")) {
    if (Token.isUnresolved(value)) {
      return [];
    }
    return Array.isArray(value)
      ? value.flatMap((each: unknown, index) => valueProblems(where, `${prop}[${index}]`, type.slice(0, -2), each))
      : [wrong(where, prop, value, type)];
  }
  if (STRUCTS[type] !== undefined) {
    return structProblems(where, `${prop}.`, type, value);
  }
  return isOfType(type, value) ? [] : [wrong(where, prop, value, type)];
}

function isOfType(type: string, value: unknown): boolean {
  if (type === "object") {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
  if (CLASSES[type] !== undefined) {
    return isInstance(type, value);
  }
  // Terraform's functions return resolvable objects for every type.
  if (typeof value === "object" && value !== null && !Array.isArray(value) && Token.isUnresolved(value)) {
    return true;
  }
  return typeof value === type;
}

/** By the class's name, because two copies of the library have two classes. */
function isInstance(name: string, value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return false;
  }
  const chain: unknown[] = [];
  for (let up: unknown = Object.getPrototypeOf(value); up !== null; up = Object.getPrototypeOf(up)) {
    chain.push((up as { readonly constructor?: { readonly name?: string } }).constructor?.name);
  }
  return HAS_CLASS_NAMES ? chain.includes(name) : chain.length > 1;
}

function wrong(where: string, prop: string, value: unknown, type: string): Problem {
  const allowed = allowedFor(type);
  return {
    where: `${where}: ${prop}`,
    what: "has the wrong type",
    got: shown(prop, value),
    allowed,
    fix: fixFor(type),
  };
}

function shown(prop: string, value: unknown): string {
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
  return SECRET.test(prop) ? `a ${typeof value}` : quoted(value);
}

function allowedFor(type: string): string {
  const plain = type.replace(/\?$/, "");
  if (plain.endsWith("[]")) {
    return `a list, each entry ${allowedFor(plain.slice(0, -2))}`;
  }
  if (plain.endsWith("{}")) {
    return `a map, each value ${allowedFor(plain.slice(0, -2))}`;
  }
  return ALLOWED[plain] ?? `a value of type ${plain}`;
}

function fixFor(type: string): string {
  const plain = type.replace(/\?$/, "");
  const examples = CLASSES[plain.replace(/\[\]$|\{\}$/, "")];
  if (examples === undefined) {
    return FIXES[plain] ?? "pass such a value";
  }
  return `use ${examples.slice(0, MOST_EXAMPLES).join(", ")}${examples.length > MOST_EXAMPLES ? " or another value" : ""}`;
}
