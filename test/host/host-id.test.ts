import { Lazy, Token } from "cdktf";
import type { Construct } from "constructs";

import * as library from "../../lib";
import { AgentStacks, ClientAuthentication, MutualFleetTls, OneWayFleetTls, OperatorPage } from "../../lib";
import { METHODS, STRUCTS } from "../../lib/private/prop-types";
import type { TestStack } from "../support/apps";
import { refusalOf } from "../support/apps";
import { testAuthority, testCertificate } from "../support/certificates";
import { fleetProps } from "../support/fleets";
import { fromJavaScript } from "../support/javascript";

type Factory = (fleet: MutualFleetTls, stack: TestStack, id: string) => unknown;
type Callable = { readonly [method: string]: (id: string, options: object) => unknown };
type Constructor = new (scope: Construct, id: string, props: object) => unknown;

/** Props that some factories require, by the end of their names. */
const REQUIRED: Readonly<Record<string, (fleet: MutualFleetTls) => object>> = {
  AgentStacks: () => ({ stacks: 1 }),
  FleetServerHosts: (fleet) => ({ urls: [fleet.fleetServerUrl] }),
  Logstash: () => ({ hosts: ["logstash.example.com:5044"] }),
  KafkaBroker: () => ({ advertisedListener: "kafka.example.com:9093" }),
  DownloadSource: () => ({ url: "https://artifacts.example.com/downloads/" }),
  FleetProxy: () => ({ url: "http://proxy.example.com:3128" }),
  RemoteElasticsearch: () => ({ url: "https://remote.example.com:9200", serviceTokenVariable: "REMOTE_TOKEN" }),
  Proxy: () => ({ url: "https://proxy.example.com:8220" }),
  ReverseProxy: (fleet) => ({ ca: fleet.fleetCa, url: "https://proxy.example.com:8220" }),
};

const optionsOf = (name: string, fleet: MutualFleetTls): object => REQUIRED[name.replace(/^add/, "")]?.(fleet) ?? {};

/** Every method that adds something by an id, read from the API. */
const METHOD_FACTORIES = Object.entries(METHODS)
  .filter(([name, { id }]) => /\.add[A-Z]/.test(name) && id === "string")
  .map(([name]): [string, Factory] => {
    const [owner, method] = name.split(".") as [string, string];
    return [
      name,
      (fleet, stack, id) => {
        const receiver = owner === "AgentStacks" ? stacksOf(fleet, stack) : fleet;
        return fromJavaScript<Callable>(receiver)[method]!(id, optionsOf(method, fleet));
      },
    ];
  });

/** A fleet creates its operator page itself. */
const NO_HOST_ID = new Set(["OperatorPageProps"]);

/** Every construct of a fleet that users create by its class, read from the API. */
const CLASS_FACTORIES = Object.entries(STRUCTS)
  .filter(([name, { props }]) => name.endsWith("Props") && "fleet" in props && !NO_HOST_ID.has(name))
  .map(([struct]): [string, Factory] => {
    const name = struct.replace(/Props$/, "");
    return [
      `new ${name}`,
      (fleet, stack, id) => {
        const constructor = fromJavaScript<Record<string, Constructor>>(library)[name]!;
        return new constructor(stack, id, { fleet, ...optionsOf(name, fleet) });
      },
    ];
  });

const FACTORIES = [...METHOD_FACTORIES, ...CLASS_FACTORIES];

function stacksOf(fleet: MutualFleetTls, stack: TestStack): AgentStacks {
  const existing = stack.node.tryFindChild("stacks");
  return existing instanceof AgentStacks ? existing : new AgentStacks(stack, "stacks", { fleet, stacks: 1 });
}

const refusal = (create: Factory, ...ids: string[]): string =>
  refusalOf((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    for (const id of ids) create(fleet, stack, id);
  });

test("the API has factories of every kind", () => {
  expect(METHOD_FACTORIES.length).toBeGreaterThanOrEqual(13);
  expect(CLASS_FACTORIES.length).toBeGreaterThanOrEqual(12);
});

describe.each(FACTORIES)("%s", (_name, create) => {
  test.each(["a/b", "../../evil", "a b"])("refuses the id %j", (id) => {
    expect(refusal(create, id)).toMatch(/^stack[\w/-]*: id cannot be a (folder|part of the ids of stacks)/);
    expect(refusal(create, id)).toContain(`got ${JSON.stringify(id)}; allowed: 1 to 64 letters`);
  });

  test("refuses a Terraform token without showing it", () => {
    const message = refusal(create, Lazy.stringValue({ produce: () => "web-1" }));
    expect(message).toMatch(/: id is a Terraform token, and a construct needs its id at synthesis; allowed: 1 to 64/);
    expect(message).not.toMatch(/TfToken|TOKEN|\^\[/);
  });

  test.each(["__proto__", "constructor", "toString"])("refuses the id %j, which every object has", (id) => {
    expect(refusal(create, id)).toMatch(
      /: id is the name of something that every JavaScript object has, got "\w+"; allowed: 1 to 64 .*; choose another id$/,
    );
  });

  test.each(["con", "NUL.txt", "lpt1", "web-1.", "a.."])("refuses the id %j, which is no folder on Windows", (id) => {
    expect(refusal(create, id)).toMatch(
      /: id cannot be a folder on Windows, got ".*"; allowed: no dot at the end, and no device name/,
    );
  });

  test("refuses an id twice, also in other letters", () => {
    expect(refusal(create, "one", "one")).toMatch(/: id is already in use, got "one"; .*; choose another id/);
    expect(refusal(create, "one", "ONE")).toMatch(/: id differs from "one" in upper and lower case alone, got "ONE"/);
  });
});

/** Constructs that are no hosts, with ids of their own. */
const OTHERS: [name: string, create: Factory][] = [
  ["MutualFleetTls", (_, stack, id) => new MutualFleetTls(stack, id, fleetProps())],
  ["OneWayFleetTls", (_, stack, id) => new OneWayFleetTls(stack, id, fleetProps())],
  ["CertificateAuthority", (_, stack, id) => testAuthority(stack, id)],
  ["Certificate", (fleet, stack, id) => testCertificate(stack, fleet.fleetCa, {}, id)],
  ["OperatorPage", (fleet, stack, id) => new OperatorPage(stack, id, { fleet })],
];

describe.each(OTHERS)("%s", (_name, create) => {
  test.each(["a/b", "../../evil", "..", "a\\b", "a b", "a\n"])("refuses the id %j", (id) => {
    expect(refusal(create, id)).toBe(
      `stack: id cannot be a part of paths and Terraform names, got ${JSON.stringify(id)}; allowed: letters, digits, ` +
        "dots, hyphens and underscores, without slashes and blanks; choose such an id",
    );
  });

  test("refuses a Terraform token without showing it, also with other problems", () => {
    for (const token of [Lazy.stringValue({ produce: () => "a" }), fromJavaScript<string>(Token.asAny("a"))]) {
      const message = refusal(create, token);
      expect(message).toMatch(
        /^stack: id is a Terraform token, .* at synthesis; allowed: [^;]*; write the id as text$/,
      );
      expect(message).not.toMatch(/TfToken|Token.asString/);
    }
  });

  test.each(["__proto__", "constructor", "toString"])("refuses the id %j", (id) => {
    expect(refusal(create, id)).toMatch(/^stack: id is the name of something that every JavaScript object has, got/);
  });
});

test("names, URLs and directories that no host can use are refused by their prop", () => {
  const lines = refusalOf((stack) => {
    new MutualFleetTls(stack, "fleet", {
      ...fleetProps({ fleetServerUrl: "https://0.0.0.0:8220", elasticsearchUrl: "https://[::]:9200" }),
      clientAuthentication: ClientAuthentication.NONE,
      fleetServer: { names: ["fleet_1.example.com", "0.0.0.0", "::", "10.1.2.03"] },
    });
  }).split("\n");
  expect(lines.map((line) => line.replace(/,? got .*/, ""))).toEqual([
    "stack/fleet: fleetServerUrl has the unspecified address for a host, which no client can dial",
    "stack/fleet: elasticsearchUrl has the unspecified address for a host, which no client can dial",
    "stack/fleet: clientAuthentication asks agents for no certificate, and then no client certificate has an effect",
    "stack/fleet/fleet-server: names[0] contains an underscore, which the name of a host must not contain (RFC 1123)",
    "stack/fleet/fleet-server: names[1] is the unspecified address, which no client can dial",
    "stack/fleet/fleet-server: names[2] is the unspecified address, which no client can dial",
    "stack/fleet/fleet-server: names[3] is no DNS name and no IP address",
  ]);
});
