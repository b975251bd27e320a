import type { Construct } from "constructs";

import * as library from "../../lib";
import { checkProps } from "../../lib/private/check-props";
import { CLASSES, INTERFACES, METHODS, STRUCTS } from "../../lib/private/prop-types";
import { propTypes } from "../../scripts/prop-types";
import { refusalOf } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { fromJavaScript } from "../support/javascript";

type Untyped = { readonly [prop: string]: unknown };

const js = fromJavaScript<{ readonly [name: string]: new (scope: Construct, id: string, props: unknown) => unknown }>(
  library,
);

const fleetWith =
  (more: Untyped, mode = "OneWayFleetTls") =>
  (stack: Construct): void =>
    void new js[mode]!(stack, "fleet", { ...fleetProps(), ...more });

test("a misspelt prop is refused with the one that was meant, and a prop of the user's own is not", () => {
  expect(refusalOf(fleetWith({ fleetServerUri: "https://fleet.example.com:8220", fleetServerUrl: undefined }))).toMatch(
    /stack\/fleet: fleetServerUri is not a prop; allowed: fleetServerUrl; did you mean fleetServerUrl\?/,
  );
  expect(refusalOf(fleetWith({ fleetServer: { keyPasphrase: {} } }))).toContain(
    "stack/fleet: fleetServer.keyPasphrase is not a prop; allowed: keyPassphrase; did you mean keyPassphrase?",
  );
  const own = { region: "eu", name: "x", tag: "y", fleetServerUrlOfBerlin: "z", hostDirectoryOf: undefined };
  expect(() => checkProps("here", "FleetServerOptions", own)).not.toThrow();
});

test("an empty string is refused for every optional prop", () => {
  const optional = Object.entries(STRUCTS).flatMap(([struct, { props }]) =>
    Object.entries(props).flatMap(([prop, type]) => (type === "string?" ? [[struct, prop] as const] : [])),
  );
  expect(optional.length).toBeGreaterThan(50);
  for (const [struct, prop] of optional) {
    for (const empty of ["", " \n"]) {
      expect(() => checkProps("here", struct, { [prop]: empty })).toThrow(
        `here: ${prop} is an empty string, got ${JSON.stringify(empty)}; allowed: a string that is not empty, or a ` +
          "Terraform token; give it a value, or leave it out",
      );
    }
  }
});

describe("props of another type, as JavaScript can pass them", () => {
  test("the tables of types are those of the public interfaces and classes", () => {
    const tables = { structs: STRUCTS, classes: CLASSES, interfaces: INTERFACES, methods: METHODS };
    expect(tables).toEqual(propTypes());
  });

  test("all wrong props are reported at once", () => {
    const given = { fleetServerUrl: 7, serviceToken: undefined, validity: "1 year", fleetServer: { port: "8220" } };

    expect(
      [...refusalOf(fleetWith(given)).matchAll(/: (\S+) (?:has the wrong type|is missing)/g)].map(([, p]) => p),
    ).toEqual(["validity", "fleetServerUrl", "serviceToken", "fleetServer.port"]);
  });

  test.each<[Untyped, string]>([
    [
      { serviceToken: undefined },
      "stack/fleet: serviceToken is missing; allowed: a value of type ServiceToken; add serviceToken: use ServiceToken.onHost(…), ",
    ],
    [{ serviceToken: "secret-text" }, "serviceToken has the wrong type, got a string; allowed"],
    [
      { stackVersion: "9.2" },
      'stackVersion has the wrong type, got "9.2"; allowed: a value of type StackVersion; use StackVersion.LATEST, StackVersion.of(…)',
    ],
    [{ keyAlgorithm: "rsa" }, 'keyAlgorithm has the wrong type, got "rsa"; allowed'],
    [{ keyAlgorithm: library.Validity.days(1) }, "keyAlgorithm has the wrong type, got an instance of Validity"],
    [{ fleetServerUrl: ["https://a.example.com"] }, "fleetServerUrl has the wrong type, got a list; allowed: a string"],
    [{ fleetServerPolicy: "" }, 'fleetServerPolicy is an empty string, got ""; allowed'],
    [{ fleetServerPolicy: "  " }, "fleetServerPolicy is an empty string"],
    [{ outputs: "false" }, 'outputs has the wrong type, got "false"; allowed: true or false'],
    [{ fleetServer: { port: "8220" } }, 'fleetServer.port has the wrong type, got "8220"; allowed: a number'],
    [{ fleetServer: { names: "a.example.com" } }, "fleetServer.names has the wrong type"],
    [{ fleetServer: { names: [1] } }, "fleetServer.names[0] has the wrong type, got 1"],
    [{ fleetServer: { headers: { "X-A": 1 } } }, "fleetServer.headers.X-A has the wrong type"],
    [{ elasticsearch: "none" }, "elasticsearch has the wrong type"],
  ])("%j", (given, message) => {
    expect(refusalOf(fleetWith(given))).toContain(message);
    expect(refusalOf(fleetWith(given))).not.toContain("secret-text");
  });

  test("props that are missing as a whole", () => {
    expect(refusalOf((stack) => new js["OneWayFleetTls"]!(stack, "fleet", undefined))).toContain(
      "stack/fleet: props has the wrong type, got undefined",
    );
    expect(refusalOf(() => library.CertificateAuthoritySource.existing(fromJavaScript("ca")))).toMatch(
      /^CertificateAuthoritySource.existing: authority has the wrong type, got "ca"; allowed: an object that implements ICert/,
    );
  });

  test("an object that implements only a part of an interface", () => {
    const partial = { node: {}, canIssue: true };
    expect(refusalOf(() => library.CertificateAuthoritySource.existing(fromJavaScript(partial)))).toContain(
      "authority does not implement ICertificateAuthority, got an object without fingerprintSha256, spkiPinsSha256;",
    );
  });

  test("null is refused where a prop can be left out; jsii passes undefined for null of Java and Python", () => {
    expect(() => checkProps("x", "HostOptions", { platform: null })).toThrow(
      /^x: platform has the wrong type, got null; allowed: .*, or leave it out$/,
    );
  });

  test("an object of a subclass is a value of its class", () => {
    class Own extends fromJavaScript<new () => object>(library.Validity) {}
    const own: unknown = Object.create(Own.prototype);

    expect(() => checkProps("x", "HostOptions", { validity: own })).not.toThrow();
  });

  test("every class in the table is exported", () => {
    expect(Object.keys(CLASSES).filter((name) => js[name] === undefined)).toEqual([]);
  });
});
