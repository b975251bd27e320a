import type { Construct } from "constructs";

import * as library from "../../lib";
import { checkProps } from "../../lib/private/check-props";
import { CLASSES, STRUCTS } from "../../lib/private/prop-types";
import { propTypes } from "../../scripts/prop-types";
import { refusalOf } from "../support/apps";
import { fleetProps } from "../support/fleets";

/** Calls as JavaScript makes them: nothing checks their types. */
type Untyped = { readonly [prop: string]: unknown };
const js = library as unknown as {
  readonly [name: string]: (new (scope: Construct, id: string, props: unknown) => unknown) & {
    readonly [factory: string]: (options: unknown) => unknown;
  };
};

const fleetWith =
  (more: Untyped, mode = "OneWayFleetTls") =>
  (stack: Construct): void =>
    void new js[mode]!(stack, "fleet", { ...fleetProps(), ...more });

function typesOf(struct: string): { readonly [prop: string]: string } {
  const { extends: parent, props } = STRUCTS[struct]!;
  return { ...(parent !== undefined && typesOf(parent)), ...props };
}

/** A value of another type than the prop's. */
const wrongFor = (type: string): unknown =>
  /^string\??$/.test(type) ? ["a"] : type.startsWith("boolean") ? 1 : "text";

/** Each entry point, with the struct that it takes. */
const ENTRIES: readonly (readonly [struct: string, build: (given: Untyped) => (stack: Construct) => void])[] = [
  ["FleetTlsProps", (given) => fleetWith(given)],
  ["MutualFleetTlsProps", (given) => fleetWith(given, "MutualFleetTls")],
  ...(["Agent", "FleetServer", "Elasticsearch", "Kibana", "FleetOutput"] as const).map(
    (name) =>
      [
        `${name}Props`,
        (given: Untyped) => (stack: Construct) => {
          const fleet = new library.OneWayFleetTls(stack, "fleet", fleetProps());
          void new js[name]!(stack, "extra", { fleet, ...given });
        },
      ] as const,
  ),
  ["CertificateAuthorityProps", (given) => (stack) => void new js["CertificateAuthority"]!(stack, "ca", given)],
  ["CertificateProps", (given) => (stack) => void new js["Certificate"]!(stack, "certificate", given)],
  ...(
    [
      ["generated", "Generated"],
      ["intermediate", "Intermediate"],
      ["fromPem", "Pem"],
      ["fromFiles", "File"],
      ["rotating", "Rotating"],
    ] as const
  ).map(
    ([factory, kind]) =>
      [
        `${kind}CertificateAuthorityOptions`,
        (given: Untyped) => () => void js["CertificateAuthoritySource"]![factory]!(given),
      ] as const,
  ),
  ["TrustOnlyOptions", (given) => () => void js["CertificateAuthoritySource"]!["trustOnly"]!(given)],
  ["OnHostCertificateOptions", (given) => () => void js["CertificateSource"]!["onHost"]!(given)],
  ["CertificateRequestOptions", (given) => () => void js["CertificateSource"]!["fromCertificateRequest"]!(given)],
];

describe("props of another type, as JavaScript can pass them", () => {
  test("the table of types is that of the interfaces", () => {
    expect({ structs: STRUCTS, classes: CLASSES }).toEqual(propTypes());
  });

  test.each(ENTRIES)("%s: every prop is named, all at once", (struct, build) => {
    const types = typesOf(struct);
    const given = Object.fromEntries(Object.entries(types).map(([prop, type]) => [prop, wrongFor(type)]));

    const lines = refusalOf(build(given)).split("\n");

    expect(lines.map((line) => /: (\w+) has the wrong type, got .+; allowed: .+; .+/.exec(line)?.[1])).toEqual(
      Object.keys(types),
    );
  });

  test.each(ENTRIES)("%s: every required prop that is missing is named", (struct, build) => {
    const required = Object.entries(typesOf(struct)).filter(([, type]) => !type.endsWith("?"));
    const given = Object.fromEntries(required.map(([prop]) => [prop, undefined]));

    if (required.length > 0) {
      expect([...refusalOf(build(given)).matchAll(/: (\w+) is missing; allowed/g)].map(([, prop]) => prop)).toEqual(
        required.map(([prop]) => prop),
      );
    }
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
    expect(() => js["CertificateAuthoritySource"]!["existing"]!("ca")).toThrow(
      /authority has the wrong type, got "ca"/,
    );
  });

  test("null is no value, as from Java and Python; a subclass is a value of its class", () => {
    class Own extends (library.Validity as unknown as new () => object) {}
    const own: unknown = Object.create(Own.prototype);

    expect(() => checkProps("x", "HostOptions", { platform: null, validity: own })).not.toThrow();
  });

  test("every class in the table is exported", () => {
    expect(Object.keys(CLASSES).filter((name) => js[name] === undefined)).toEqual([]);
  });
});
