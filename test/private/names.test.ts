import { TerraformVariable } from "cdktf";

import { Problems } from "../../lib/private/problems";
import { alternativeNames, checkName, isDnsName } from "../../lib/private/names";
import { resolved, withStack } from "../support/apps";

test.each(["a", "fleet", "fleet.example.com", "*.example.com", "xn--bcher-kva.example", "1a", "a".repeat(63), "A-1.B"])(
  "%s is a DNS name",
  (name) => {
    expect(isDnsName(name)).toBe(true);
  },
);

test.each([
  "",
  ".",
  "a.",
  ".a",
  "a..b",
  "-a",
  "a-",
  "a_b",
  "a b",
  "*",
  "*a.example.com",
  "a.*.example.com",
  "bücher",
  "10.0.0.1",
  "999",
  "10.0-0.1",
  "es.1",
  "fleet.0x1f",
  "xn--bcher-va.example",
  "a".repeat(64),
  `${"a.".repeat(127)}ab`,
  "a\n",
])("%p is no DNS name", (name) => {
  expect(isDnsName(name)).toBe(false);
});

test("a name of 253 characters is a DNS name", () => {
  expect(isDnsName(`${"a.".repeat(126)}a`)).toBe(true);
});

test.each(["fleet.example.com", "10.0.0.1", "fd00::1", "::1", "*.example.com"])("the name %s is usable", (name) => {
  const problems = new Problems("stack/fleet");
  checkName(problems, "names[0]", name);
  expect(() => problems.throwIfAny()).not.toThrow();
});

test("an empty name is refused, with what is allowed and what to do", () => {
  const problems = new Problems("stack/fleet");
  checkName(problems, "names[0]", "");
  expect(() => problems.throwIfAny()).toThrow(
    'stack/fleet: names[0] is empty, got ""; allowed: names such as "fleet.example.com" or "*.example.com", ' +
      'addresses such as "10.0.0.1" or "fd00::1"; write one name or address an entry',
  );
});

test.each([
  ["fe80::1%eth0", "has a zone"],
  ["::%.", "has a zone"],
  ["::", "is the unspecified address"],
  ["0:0:0:0:0:0:0.0.0.0", "is the unspecified address"],
])("the address %s is refused: it %s", (name, what) => {
  const problems = new Problems("host");
  checkName(problems, "names[0]", name);
  expect(() => problems.throwIfAny()).toThrow(`host: names[0] ${what}`);
});

test.each(["fleet.example.com:8220", "[fd00::1]", "10.0.0.256", "10.0.0.0/8", "a,b", " a", "https://a", "bücher"])(
  "the name %p is refused",
  (name) => {
    const problems = new Problems("stack/fleet");
    checkName(problems, "names[3]", name);
    expect(() => problems.throwIfAny()).toThrow(
      `names[3] is no DNS name and no IP address, got ${JSON.stringify(name)}; allowed: `,
    );
  },
);

test("a token is Terraform's to check", () => {
  withStack((stack) => {
    const problems = new Problems("stack/fleet");
    checkName(problems, "names[0]", new TerraformVariable(stack, "name", {}).stringValue);
    expect(() => problems.throwIfAny()).not.toThrow();
  });
});

test("names become DNS names and addresses IP addresses, each once", () => {
  expect(alternativeNames(["a.example", "10.0.0.1", "localhost", "::1", "a.example", "10.0.0.1"])).toEqual({
    dnsNames: ["a.example", "localhost"],
    ipAddresses: ["10.0.0.1", "::1"],
  });
});

test("no names make no lists", () => {
  expect(alternativeNames([])).toEqual({ dnsNames: [], ipAddresses: [] });
});

test("a token is in both lists, and Terraform empties one of them", () => {
  withStack((stack) => {
    const name = new TerraformVariable(stack, "name", {}).stringValue;
    const isIp = 'can(cidrhost(join("", [var.name, "/32"]), 0))';
    expect(resolved(stack, alternativeNames(["a.example", name, "10.0.0.1"]))).toEqual({
      dnsNames: `\${distinct(concat(["a.example"], ${isIp} ? [] : [var.name]))}`,
      ipAddresses: `\${distinct(concat(["10.0.0.1"], ${isIp} ? [var.name] : []))}`,
    });
  });
});
