import { ALLOWED_ID, unusableId, unusablePart } from "./construct-id";
import { nearest } from "./nearest";
import type { Problem } from "./problems";
import { InputError, quoted } from "./problems";
import { tokenProblem } from "./prop-tokens";
import { CLASSES, INTERFACES, METHODS, STRUCTS } from "./prop-types";
import { allowedFor, fixFor, MOST_EXAMPLES, OR_TOKEN, shown } from "./type-words";

/** Whether class names survived: a minifier that renames them leaves only "is an object" to check. */
const HAS_CLASS_NAMES = InputError.name === "InputError";

/**
 * Checks the types of props, which the TypeScript compiler does not do for JavaScript.
 *
 * @param where the construct's path, or the name of the class
 * @param struct the name of the props' interface
 * @returns the props
 * @throws with every prop that is missing, empty or of another type
 */
export function checkProps<T>(where: string, struct: string, props: T): T {
  throwIfAny(structProblems(where, "", struct, props));
  return props;
}

/**
 * Checks the types of a method's arguments.
 *
 * @param method the class and the method, e.g. `Validity.days`
 * @param given the arguments by their names
 * @param where what an error starts with
 * @throws with every argument that is missing, empty or of another type
 */
export function checkArguments(method: string, given: { readonly [name: string]: unknown }, where = method): void {
  throwIfAny(
    Object.entries(METHODS[method] ?? {}).flatMap(([name, type]) => {
      const struct = type.replace(/\?$/, "");
      const value = given[name];
      // Errors about options name the option alone, which is what the user wrote.
      return STRUCTS[struct] !== undefined && typeof value === "object" && value !== null
        ? structProblems(where, "", struct, value, name)
        : argumentProblems(where, name, type, value);
    }),
  );
}

/**
 * Path of a construct that does not exist yet.
 *
 * @throws if the scope is not a construct, or the id not a string that a construct can have
 */
export function pathOf(scope: { readonly node: { readonly path: string } }, id: string): string {
  if (!isOfType("IConstruct", scope)) {
    throwIfAny([wrong(typeof id === "string" ? quoted(id) : "new construct", "scope", scope, "IConstruct")]);
  }
  const where = scope.node.path || "app";
  const unusable = unusableId(id);
  throwIfAny(
    unusable
      ? [{ ...unusable, where: `${where}: id`, allowed: ALLOWED_ID }]
      : argumentProblems(where, "id", "string", id),
  );
  return [scope.node.path, id].filter((part) => part !== "").join("/");
}

/**
 * Id of a construct that is no host, and may be longer than a host's.
 *
 * @throws if it cannot be a part of a path
 */
export function partId(scope: { readonly node: { readonly path: string } }, id: string): string {
  const unusable = unusablePart(id);
  const allowed = "letters, digits, dots, hyphens and underscores, without slashes and blanks";
  throwIfAny(unusable ? [{ ...unusable, where: `${scope.node.path || "app"}: id`, allowed }] : []);
  return id;
}

function throwIfAny(problems: Problem[]): void {
  if (problems.length > 0) {
    throw new InputError(problems);
  }
}

function structProblems(where: string, prefix: string, struct: string, props: unknown, name = "props"): Problem[] {
  const prop = prefix.replace(/\.$/, "") || name;
  const token = tokenProblem(where, prop, struct, props);
  if (token !== undefined) {
    return [token];
  }
  if (typeof props !== "object" || props === null || Array.isArray(props)) {
    return [wrong(where, prop, props, struct)];
  }
  const given = props as { readonly [prop: string]: unknown };
  const types = propTypesOf(struct);
  return [
    ...Object.entries(types).flatMap(([each, type]) => propProblems(where, `${prefix}${each}`, type, given[each])),
    ...misspelt(where, prefix, Object.keys(types), given),
  ];
}

/** Shorter names are near to words of the user's own. */
const SHORTEST_MISSPELT = 6;

/** Props that are near to one that is not given. Others can be the user's, in an object that is not for the fleet alone. */
function misspelt(
  where: string,
  prefix: string,
  names: readonly string[],
  given: { readonly [prop: string]: unknown },
): Problem[] {
  const free = names.filter((name) => name.length >= SHORTEST_MISSPELT && given[name] === undefined);
  const unknown = Object.keys(given).filter((key) => !names.includes(key) && given[key] !== undefined);
  return unknown.flatMap((key) => {
    const near = nearest(key, free);
    return near === undefined
      ? []
      : [{ where: `${where}: ${prefix}${key}`, what: "is not a prop", allowed: near, fix: `did you mean ${near}?` }];
  });
}

function propProblems(where: string, prop: string, type: string, value: unknown): Problem[] {
  if (type.endsWith("?")) {
    if (value === undefined) return [];
    if (type === "string?" && isBlank(value)) {
      return [blank(where, prop, type, value, "give it a value, or leave it out")];
    }
    const optional = valueProblems(where, prop, type.slice(0, -1), value);
    // A problem inside of it names its own fix.
    return optional.map((problem) =>
      problem.where === `${where}: ${prop}` ? { ...problem, fix: `${problem.fix}, or leave it out` } : problem,
    );
  }
  if (value === undefined || value === null) {
    const fix = `add ${prop.replace(/^.*\./, "")}: ${fixFor(type)}`;
    return [{ where: `${where}: ${prop}`, what: "is missing", allowed: allowedFor(type), fix }];
  }
  // Entries of lists have checks of their own, which name what is allowed.
  return type === "string" && isBlank(value)
    ? [blank(where, prop, type, value, "give it a value")]
    : valueProblems(where, prop, type, value);
}

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}

function blank(where: string, prop: string, type: string, value: unknown, fix: string): Problem {
  return { where: `${where}: ${prop}`, what: "is an empty string", got: quoted(value), allowed: allowedFor(type), fix };
}

/** The same of an argument, which a token need not fit. */
function argumentProblems(where: string, name: string, type: string, value: unknown): Problem[] {
  const problems = propProblems(where, name, type, value);
  return problems.map((problem) => ({ ...problem, allowed: problem.allowed.replace(OR_TOKEN, "") }));
}

type PropTypes = { readonly [prop: string]: string };

const PROP_TYPES = new Map<string, PropTypes>();

/** Types of the props of a struct, inherited ones included. */
export function propTypesOf(struct: string): PropTypes {
  const known = PROP_TYPES.get(struct);
  if (known) return known;
  const { extends: parents = [], props } = STRUCTS[struct] ?? { props: {} };
  const types = Object.assign({}, ...parents.map(propTypesOf), props) as PropTypes;
  PROP_TYPES.set(struct, types);
  return types;
}

function valueProblems(where: string, prop: string, type: string, value: unknown): Problem[] {
  const token = tokenProblem(where, prop, type, value);
  if (token !== undefined) {
    return [token];
  }
  if (type.endsWith("{}")) {
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value as object).flatMap(([key, each]) =>
          valueProblems(where, `${prop}.${key}`, type.slice(0, -2), each),
        )
      : [wrong(where, prop, value, type)];
  }
  if (type.endsWith("[]")) {
    return Array.isArray(value)
      ? value.flatMap((each: unknown, index) => valueProblems(where, `${prop}[${index}]`, type.slice(0, -2), each))
      : [wrong(where, prop, value, type)];
  }
  if (STRUCTS[type] !== undefined) {
    return structProblems(where, `${prop}.`, type, value);
  }
  if (isOfType(type, value)) {
    return [];
  }
  const lacking = isObject(value) ? lackingMembers(type, value) : [];
  return [
    lacking.length > 0 && HAS_CLASS_NAMES
      ? {
          where: `${where}: ${prop}`,
          what: `does not implement ${type}`,
          got: `an object without ${lacking.slice(0, MOST_EXAMPLES).join(", ")}`,
          allowed: allowedFor(type),
          fix: fixFor(type),
        }
      : wrong(where, prop, value, type),
  ];
}

function isOfType(type: string, value: unknown): boolean {
  if (type === "object") {
    return isObject(value);
  }
  if (INTERFACES[type] !== undefined) {
    return isObject(value) && lackingMembers(type, value).length === 0;
  }
  if (CLASSES[type] !== undefined) {
    return isInstance(type, value);
  }
  return typeof value === type;
}

/** Required members of an interface that an object does not have. */
function lackingMembers(type: string, value: object): string[] {
  return (INTERFACES[type] ?? []).filter((member) => !(member in value));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** By the class's name, because two copies of the library have two classes. */
function isInstance(name: string, value: unknown): boolean {
  if (!isObject(value)) {
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
