import { Lazy } from "cdktf";

import {
  Agent,
  ClientAuthentication,
  Elasticsearch,
  FleetOutput,
  FleetServer,
  Kibana,
  MutualFleetTls,
} from "../../lib";
import type { TestStack } from "../support/apps";
import { refusalOf } from "../support/apps";
import { fleetProps } from "../support/fleets";

type Factory = (fleet: MutualFleetTls, stack: TestStack, id: string) => unknown;

const FACTORIES: [string, Factory][] = [
  ["addAgent", (fleet, _, id) => fleet.addAgent(id)],
  ["addFleetServer", (fleet, _, id) => fleet.addFleetServer(id)],
  ["addElasticsearchNode", (fleet, _, id) => fleet.addElasticsearchNode(id)],
  ["addKibana", (fleet, _, id) => fleet.addKibana(id)],
  ["addOutput", (fleet, _, id) => fleet.addOutput(id)],
  ["addAgentCertificate", (fleet, _, id) => fleet.addAgentCertificate(id)],
  ["new Agent", (fleet, stack, id) => new Agent(stack, id, { fleet })],
  ["new FleetServer", (fleet, stack, id) => new FleetServer(stack, id, { fleet })],
  ["new Elasticsearch", (fleet, stack, id) => new Elasticsearch(stack, id, { fleet })],
  ["new Kibana", (fleet, stack, id) => new Kibana(stack, id, { fleet })],
  ["new FleetOutput", (fleet, stack, id) => new FleetOutput(stack, id, { fleet })],
];

const refusal = (create: Factory, ...ids: string[]): string =>
  refusalOf((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    for (const id of ids) create(fleet, stack, id);
  });

describe.each(FACTORIES)("%s", (_name, create) => {
  test.each([
    ["a/b", "id cannot be a folder"],
    ["../../evil", "id cannot be a folder"],
    ["a b", "id cannot be a folder"],
  ])("refuses the id %j", (id, what) => {
    expect(refusal(create, id)).toMatch(new RegExp(`^stack[\\w/-]*: ${what}`));
    expect(refusal(create, id)).toContain(`got ${JSON.stringify(id)}; allowed: 1 to 64 letters`);
  });

  test("refuses a Terraform token without showing it", () => {
    const message = refusal(create, Lazy.stringValue({ produce: () => "web-1" }));
    expect(message).toMatch(/: id is a Terraform token, and a construct needs its id at synthesis; allowed: 1 to 64/);
    expect(message).not.toMatch(/TfToken|TOKEN|\^\[/);
  });

  test("refuses an id twice, also in other letters", () => {
    expect(refusal(create, "one", "one")).toMatch(/: id is already in use, got "one"; .*; choose another id/);
    expect(refusal(create, "one", "ONE")).toMatch(/: id differs from "one" in upper and lower case alone, got "ONE"/);
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
