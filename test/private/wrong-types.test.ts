import { App, Token } from "cdktf";
import type { Construct } from "constructs";

import * as library from "../../lib";
import { METHODS, STRUCTS } from "../../lib/private/prop-types";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { fromJavaScript } from "../support/javascript";

type Untyped = (...given: unknown[]) => unknown;
type UntypedClass = new (...given: unknown[]) => object;

const js = fromJavaScript<{ readonly [name: string]: UntypedClass }>(library);

const stack = new TestStack(new App({ outdir: "unused", stackTraces: false }));
const fleet = new library.MutualFleetTls(stack, "fleet", fleetProps());
const INSTANCES: { readonly [name: string]: object } = {
  CertificateAuthority: fleet.fleetCa,
  AgentStacks: new library.AgentStacks(stack, "agents", { fleet, stacks: 1 }),
  FleetBase: fleet,
  FleetTls: fleet,
  MutualFleetTls: fleet,
  HostFile: fleet.fleetServer.files.file("fleet-cert-key.pem"),
  HostFiles: fleet.fleetServer.files,
  StackVersion: library.StackVersion.LATEST,
  TargetPlatform: library.TargetPlatform.LINUX,
};

/** What Terraform's functions and variables are in cdktf, where it does not encode them. */
const TOKEN = Token.asAny("${var.any}");

const EVERYWHERE = [
  ...[undefined, null, true, 7, 7n, "text", [], ["text"], {}, () => "text", Symbol("text"), new Date(0)],
  TOKEN,
];

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && value !== TOKEN && !Array.isArray(value);

/** Values that are of another type than a parameter or prop. */
function wrongFor(type: string): unknown[] {
  const plain = type.replace(/\?$/, "");
  const isRight = (value: unknown): boolean =>
    (value === TOKEN ? plain === "object" : typeof value === plain) ||
    (plain.endsWith("[]") && Array.isArray(value) && (value.length === 0 || plain === "string[]")) ||
    (plain.endsWith("{}") && isObject(value)) ||
    (plain === "object" && isObject(value)) ||
    (STRUCTS[plain] !== undefined && isObject(value)) ||
    (type.endsWith("?") && value === undefined);
  const inside = plain.slice(0, -2);
  const elements = /(\[\]|\{\})$/.test(plain) ? wrongFor(inside).filter((value) => !isEmptyText(value)) : [];
  return [
    ...EVERYWHERE.filter((value) => !isRight(value)),
    ...(type === "string" ? ["", "  "] : []),
    ...elements.map((value) => (plain.endsWith("[]") ? [value] : { a: value })),
  ];
}

const isEmptyText = (value: unknown): boolean => typeof value === "string" && value.trim() === "";

function propsOf(struct: string): [prop: string, type: string][] {
  const { extends: parents = [], props } = STRUCTS[struct]!;
  return [...parents.flatMap(propsOf), ...Object.entries(props)];
}

/** Every wrong value of one parameter, those of the props of a struct included, with the name that errors have to say. */
function cases(name: string, type: string, prefix = ""): [name: string, value: unknown][] {
  const struct = type.replace(/\?$/, "");
  const own = wrongFor(type).map((value): [string, unknown] => [`${prefix}${name}`, value]);
  if (STRUCTS[struct] === undefined) {
    return own;
  }
  const isOutermost = prefix === "" && /^(props|options|request|paths)$/.test(name);
  const inside = propsOf(struct).flatMap(([prop, propType]) =>
    cases(prop, propType, isOutermost ? "" : `${prefix}${name}.`).map(([full, value]): [string, unknown] => [
      full,
      { [prop]: value },
    ]),
  );
  return [...own, ...inside];
}

let count = 0;

function call(method: string, given: { readonly [name: string]: unknown }): void {
  const [className, member] = method.split(".") as [string, string?];
  const list = Object.keys(METHODS[method]!).map((name) => given[name]);
  const owner = js[className]!;
  if (member === undefined) {
    const concrete = className === "HostBase" ? class extends owner {} : owner;
    new concrete(...list);
  } else {
    const receiver = member in owner ? owner : INSTANCES[className];
    fromJavaScript<{ readonly [name: string]: Untyped }>(receiver)[member]!(...list);
  }
}

/** What is wrong with the answer to a wrong value; nothing if it is refused as it should be. */
function complaint(method: string, name: string, given: { readonly [name: string]: unknown }): string | undefined {
  try {
    call(method, { scope: stack as Construct, id: `id-${count++}`, ...given });
  } catch (error) {
    const { message, constructor } = error as Error;
    const lines = message.split("\n");
    const isNamed = lines.some((line) => [" ", "[", "."].some((next) => line.includes(`: ${name}${next}`)));
    const isWhole = lines.every((line) => /: \S+ (has|is|does) [^;]+; allowed: [^;]+; ./.test(line));
    return isNamed && isWhole && constructor.name === "InputError" ? undefined : message;
  }
  return "was accepted";
}

const isNamedElsewhere = (method: string, value: unknown): boolean =>
  // An empty path is simply not absolute.
  method === "TargetPlatform.isAbsolute" && value === "";

// Only classes of this library call the constructors of FleetBase and FleetTls.
test.each(Object.entries(METHODS).filter(([method]) => !["FleetBase", "FleetTls"].includes(method)))(
  "%s refuses every value of a wrong type, naming the parameter or prop",
  (method, parameters) => {
    const all = Object.entries(parameters).flatMap(([parameter, type]) =>
      cases(parameter, type).map(([name, value]) => ({ name, value, given: { [parameter]: value } })),
    );

    expect(all.length).toBeGreaterThan(3);
    expect(
      all
        .filter(({ value }) => !isNamedElsewhere(method, value))
        .map(({ name, value, given }) => [name, value, complaint(method, name, given)])
        .filter(([, , found]) => found !== undefined),
    ).toEqual([]);
  },
);
