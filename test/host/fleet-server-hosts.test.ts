import type { FleetTlsProps, MutualFleetTlsProps } from "../../lib";
import { ExternalFleetTls, MutualFleetTls, OneWayFleetTls, StackVersion } from "../../lib";
import { refusalOf, withStack } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

const BERLIN = ["https://fleet.berlin.example.com:8220", "https://fleet.munich.example.com:8220"];
const MUNICH = [...BERLIN].reverse();

/** Two sites, each with the other's URL as its second one. */
function sites(more: Partial<MutualFleetTlsProps> = {}): SynthesizedStack {
  return synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps({ ...more, operatorPage: true }));
    const berlin = fleet.addFleetServerHosts("berlin", { urls: BERLIN });
    const munich = fleet.addFleetServerHosts("munich", { urls: MUNICH });
    fleet.addFleetServer("berlin-1", { fleetServerHosts: berlin, names: ["berlin-1.example.com"] });
    fleet.addFleetServer("munich-1", { fleetServerHosts: munich });
    fleet.addAgent("web-b", { fleetServerHosts: berlin });
    fleet.addAgent("web-m", { fleetServerHosts: munich });
    fleet.addAgent("web-d");
    fleet.addKibana("kibana");
  });
}

const namesOf = (stack: SynthesizedStack, server: string): string[] => {
  const { attributes } = stack.resource(`fleet/${server}/fleet-cert/request`);
  return (attributes["dns_names"] as string[]).filter((name) => name !== "localhost");
};
const urlOf = (stack: SynthesizedStack, host: string): string =>
  /--url=(\S+)/.exec(String(stack.local(`fleet_${host}_command`)))![1]!;
const declared = (stack: SynthesizedStack): string =>
  /"xpack.fleet.fleetServerHosts" = (\[.*?\}\])/.exec(String(stack.local("fleet_kibana_settings")))![1]!;

const listsIn = (text: string): string[][] =>
  [...text.matchAll(/"name" = "([^"]+)".*?rls" = \[([^\]]*)\]/g)].map(([, name, urls]) => [name!, urls!]);

describe("two sites", () => {
  const stack = sites();

  test("agents enroll through the first URL of theirs", () => {
    expect(["web-b", "web-m", "web-d"].map((id) => urlOf(stack, `agents_${id}`))).toEqual([
      BERLIN[0],
      MUNICH[0],
      "https://fleet.example.com:8220",
    ]);
  });

  test("Fleet Servers have every name by which agents of their site dial, and none of another list", () => {
    expect(namesOf(stack, "fleet-server")).toEqual(["fleet.example.com"]);
    expect(namesOf(stack, "fleet-servers/berlin-1")).toEqual([
      ...["fleet.berlin.example.com", "fleet.munich.example.com"],
      "berlin-1.example.com",
    ]);
    expect(namesOf(stack, "fleet-servers/munich-1")).toEqual(["fleet.munich.example.com", "fleet.berlin.example.com"]);
  });

  test("a Fleet Server's own command has the first URL of its site", () => {
    expect(String(stack.local("fleet_fleet-servers_berlin-1_command"))).toContain(`--url=${BERLIN[0]}`);
  });

  test("Kibana has every list with all URLs, and one default", () => {
    expect(declared(stack)).toBe(
      '[{"id" = "stack-fleet-fleet-server", "name" = "stack-fleet Fleet Server", "is_default" = true, ' +
        '"host_urls" = ["https://fleet.example.com:8220"]}, ' +
        `{"id" = "stack-fleet-berlin", "name" = "stack-fleet berlin", "host_urls" = ["${BERLIN.join('", "')}"]}, ` +
        `{"id" = "stack-fleet-munich", "name" = "stack-fleet munich", "host_urls" = ["${MUNICH.join('", "')}"]}]`,
    );
  });

  test("the page has the lists of Kibana, in its order", () => {
    const page = String(stack.dataSource("fleet/operator-page/render").attributes["stdin"]);
    const onPage = /"fleetServerHosts" = (\[.*?\}\]), "elasticsearchUrl"/.exec(page)![1]!;
    expect(listsIn(onPage)).toEqual(listsIn(declared(stack)));
    expect(listsIn(onPage)).toHaveLength(3);
  });
});

test("further URLs of the default list are in Kibana and in every certificate of it, after the first one", () => {
  const stack = sites({ furtherFleetServerUrls: ["https://fleet-2.example.com:8220"] });
  expect(declared(stack)).toContain(
    '"host_urls" = ["https://fleet.example.com:8220", "https://fleet-2.example.com:8220"]',
  );
  expect(namesOf(stack, "fleet-server")).toEqual(["fleet.example.com", "fleet-2.example.com"]);
  expect(urlOf(stack, "agents_web-d")).toBe("https://fleet.example.com:8220");
});

test("former URLs of a site stay in its certificates and come last in Kibana", () => {
  const stack = synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    const urls = ["https://new.example.com:8220"];
    const fleetServerHosts = fleet.addFleetServerHosts("site", { urls, formerUrls: ["https://old.example.com:8220"] });
    fleet.addFleetServer("site-1", { fleetServerHosts });
    fleet.addKibana("kibana");
  });
  expect(namesOf(stack, "fleet-servers/site-1")).toEqual(["new.example.com", "old.example.com"]);
  expect(declared(stack)).toContain('"host_urls" = ["https://new.example.com:8220", "https://old.example.com:8220"]');
});

test("before agents enroll locally, a Fleet Server of a site dials its own name, with the site's names as a last resort", () => {
  const stackVersion = StackVersion.of("9.0.0");
  const refusal = refusalOf((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps({ stackVersion }));
    const fleetServerHosts = fleet.addFleetServerHosts("site", { urls: BERLIN });
    fleet.addFleetServer("site-1", { fleetServerHosts });
  });
  expect(refusal).toContain("site-1: names has no name of this host alone");
});

test("URLs may be tokens, which are checked at plan", () => {
  const stack = synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    const fleetServerHosts = fleet.addFleetServerHosts("site", { urls: [variable(stack, "url")] });
    fleet.addFleetServer("site-1", { fleetServerHosts });
    fleet.addAgent("web-1", { fleetServerHosts });
  });
  expect(JSON.stringify(stack.resource("fleet/agents/web-1/files/install-command.sh").attributes)).toContain(
    "stack/fleet/fleet-server-hosts/site: a URL is not usable",
  );
});

test("agents of a Fleet Server elsewhere may have several lists", () => {
  const stack = synthStack((stack) => {
    const { fleetServerUrl, elasticsearchUrl, agentEnrollmentToken } = fleetProps();
    const fleet = new ExternalFleetTls(stack, "fleet", { fleetServerUrl, elasticsearchUrl, agentEnrollmentToken });
    fleet.addAgent("web-b", { fleetServerHosts: fleet.addFleetServerHosts("berlin", { urls: BERLIN }) });
  });
  expect(urlOf(stack, "agents_web-b")).toBe(BERLIN[0]);
});

test("a list without a Fleet Server of its own may have URLs of others", () => {
  withStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    const fleetServerHosts = fleet.addFleetServerHosts("remote", { urls: ["https://fleet.example.com:443"] });
    fleet.addAgent("web-1", { fleetServerHosts });
    expect(fleetServerHosts.node.validate()).toEqual([]);
  });
});

describe("is refused", () => {
  const refused = (build: (fleet: OneWayFleetTls) => void, more: Partial<FleetTlsProps> = {}): string =>
    refusalOf((stack) => build(new OneWayFleetTls(stack, "fleet", fleetProps(more))));

  test("a list that no Fleet Server serves, and one with a Fleet Server is accepted", () => {
    const refusal = refused((fleet) => fleet.addFleetServerHosts("berlin", { urls: BERLIN }));
    expect(refusal).toContain(
      "stack/fleet/fleet-server-hosts/berlin: urls lead to no Fleet Server of the fleet: no certificate has their names, " +
        'got "fleet.berlin.example.com", "fleet.munich.example.com"',
    );
    synthStack((stack) => {
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
      fleet.addFleetServer("berlin-1", { fleetServerHosts: fleet.addFleetServerHosts("berlin", { urls: BERLIN }) });
    });
  });

  test.each([
    [[], "urls is empty"],
    [["http://fleet.example.com:8220"], "urls[0] is not an https URL"],
    [[BERLIN[0]!, "https://fleet.example.com"], "urls[1] has no port"],
  ])("urls %j", (urls, message) => {
    expect(refused((fleet) => fleet.addFleetServerHosts("berlin", { urls }))).toContain(message);
  });

  test("a further URL that is none", () => {
    expect(refused(() => undefined, { furtherFleetServerUrls: ["fleet-2"] })).toContain(
      "stack/fleet: furtherFleetServerUrls[0] is no URL",
    );
  });

  test("the id of the default list", () => {
    expect(refused((fleet) => fleet.addFleetServerHosts("fleet-server", { urls: BERLIN }))).toContain(
      "is already in use",
    );
  });

  test("a list of another fleet, of agents and of Fleet Servers", () => {
    const refusal = refusalOf((stack) => {
      const other = new OneWayFleetTls(stack, "other", fleetProps()).addFleetServerHosts("berlin", { urls: BERLIN });
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
      fleet.addAgent("web-1", { fleetServerHosts: other });
    });
    expect(refusal).toContain("stack/fleet/agents/web-1: fleetServerHosts are those of another fleet");
  });

  test("a list together with a proxy", () => {
    const refusal = refused((fleet) => {
      const fleetServerProxy = fleet.addProxy("edge", { url: "https://edge.example.com:8220" });
      const fleetServerHosts = fleet.fleetServerHosts[0]!;
      fleet.addAgent("web-1", { fleetServerProxy, fleetServerHosts });
    });
    expect(refusal).toContain("fleetServerHosts is given together with fleetServerProxy");
  });
});
