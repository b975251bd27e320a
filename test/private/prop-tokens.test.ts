import { Fn, Lazy, TerraformVariable, Token } from "cdktf";
import type { Construct } from "constructs";

import { DownloadSource, MutualFleetTls } from "../../lib";
import { checkProps } from "../../lib/private/check-props";
import { STRUCTS } from "../../lib/private/prop-types";
import { quoted } from "../../lib/private/problems";
import { refusalOf, withStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { fromJavaScript } from "../support/javascript";

type Untyped = { readonly [prop: string]: unknown };

const fleetWith = (more: Untyped): string =>
  refusalOf((stack) => void new MutualFleetTls(stack, "fleet", fromJavaScript({ ...fleetProps(), ...more })));

/** Every form of a value that only Terraform knows. */
const TOKENS: readonly [name: string, value: unknown][] = [
  ["a function", Fn.can("a")],
  ["a condition", Fn.conditional(true, "a", "b")],
  ["any value", Token.asAny("${var.any}")],
  ["a lazy value", Lazy.anyValue({ produce: () => false })],
  ["a string", Lazy.stringValue({ produce: () => "a" })],
  ["a number", Lazy.numberValue({ produce: () => 1 })],
  ["a list", Fn.split(",", "a,b")],
  ["a map", Token.asStringMap({ a: "b" })],
];

const propsOf = (wanted: RegExp): [struct: string, prop: string, type: string][] =>
  Object.entries(STRUCTS).flatMap(([struct, { props }]) =>
    Object.entries(props).flatMap(([prop, type]): [string, string, string][] =>
      wanted.test(type) ? [[struct, prop, type]] : [],
    ),
  );

const refusal = (struct: string, prop: string, value: unknown): string =>
  refusalOf(() => void checkProps("here", struct, { [prop]: value }))
    .split("\n")
    .filter((line) => line.startsWith(`here: ${prop} `))
    .join("\n");

describe.each(TOKENS)("%s", (_name, token) => {
  test("is refused by every prop that is true or false", () => {
    const booleans = propsOf(/^boolean/);
    expect(booleans.length).toBeGreaterThan(35);
    for (const [struct, prop] of booleans) {
      expect(refusal(struct, prop, token)).toBe(
        `here: ${prop} is a Terraform token, and must be known at synthesis; allowed: true or false; decide it in ` +
          "the program, e.g. by cdktf's context, or in two stacks with other props, or leave it out",
      );
    }
  });

  test("is refused by every list, map, class and struct", () => {
    const others = propsOf(/^[A-Z]|\]|\}/);
    expect(others.length).toBeGreaterThan(150);
    for (const [struct, prop] of others) {
      expect(refusal(struct, prop, token)).toMatch(/ is a Terraform token, and must be known at synthesis; allowed: /);
    }
  });
});

test("the tokens that cdktf encodes are taken for strings, numbers and entries", () => {
  const text = Lazy.stringValue({ produce: () => "a" });
  const number = Lazy.numberValue({ produce: () => 1 });
  const given = { proxyUrl: text, tags: ["a", text], headers: { a: text } };
  expect(() => checkProps("here", "SharedFlags", given)).not.toThrow();
  expect(() => checkProps("here", "FleetServerFlags", { port: number })).not.toThrow();
});

test("those that it does not encode are refused with the function that does", () => {
  expect(fleetWith({ fleetServerUrl: Fn.conditional(true, "https://a:1", "https://b:1") })).toBe(
    "stack/fleet: fleetServerUrl is a Terraform token, but not one that cdktf encodes as a string; allowed: a string " +
      "that is not empty, or a Terraform token; write Token.asString(…) around it",
  );
  expect(fleetWith({ fleetServer: { port: Fn.conditional(true, 1, 2) } })).toContain(
    "fleetServer.port is a Terraform token, but not one that cdktf encodes as a number; allowed: a number, or a " +
      "Terraform token; write Token.asNumber(…) around it, or leave it out",
  );
});

test("a list of names or URLs is refused as a list, not for its first entry", () => {
  const list = Fn.split(",", "a,b");
  const lines = fleetWith({ furtherFleetServerUrls: list, fleetServer: { names: list } }).split("\n");
  expect(lines).toEqual(
    ["furtherFleetServerUrls", "fleetServer.names"].map(
      (prop) =>
        `stack/fleet: ${prop} is a Terraform token, and must be known at synthesis; allowed: a list, each entry a ` +
        "string that is not empty, or a Terraform token; write each entry, which may be a token of its own: " +
        "[Fn.element(list, 0), Fn.element(list, 1)], or leave it out",
    ),
  );
  const entries = [Fn.element(list, 0), Fn.element(list, 1)] as string[];
  withStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", { ...fleetProps(), fleetServer: { names: entries } });
    expect(fleet.fleetServer.certificates).not.toEqual([]);
  });
});

test("a variable for each of two props, and for the default of a Fleet setting", () => {
  const message = refusalOf((stack: Construct) => {
    const is = new TerraformVariable(stack, "is", { type: "bool" });
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    const props = { fleet, url: "https://artifacts.example.com/", isDefault: is.booleanValue };
    new DownloadSource(stack, "source", fromJavaScript(props));
  });
  expect(message).toMatch(/^stack\/source: isDefault is a Terraform token, and must be known at synthesis;/);
  expect(fleetWith({ fips: Fn.can("a"), fleetServer: { container: Fn.can("a") } }).split("\n")).toHaveLength(2);
});

test("no error shows what cdktf writes for a token", () => {
  for (const [, token] of TOKENS) {
    expect(quoted(token)).not.toMatch(/TfToken|unresolved|e\+/);
    expect(quoted([token])).not.toMatch(/TfToken|unresolved/);
  }
});
