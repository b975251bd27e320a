import { TerraformVariable } from "cdktf";

import { ClientAuthentication, KeyPassphrase, StackVersion, TargetPlatform } from "../../lib";
import { certificatesOf } from "../support/openssl";
import type { FleetStep } from "./live-fleet";
import { FOLDER, LiveFleet } from "./live-fleet";

const fleets: LiveFleet[] = [];
afterAll(() => fleets.forEach((fleet) => fleet.dispose()));

async function deployed(...steps: FleetStep[]): Promise<LiveFleet> {
  const fleet = new LiveFleet();
  fleets.push(fleet);
  for (const step of steps) await fleet.deploy(step);
  return fleet;
}

/** Takes the way out that a refusal names, and sees that its entry opens nothing afterwards. */
async function confirmAndDeploy(fleet: LiveFleet, step: FleetStep, refusal: string): Promise<string[]> {
  const confirmedChanges = LiveFleet.confirmation(refusal);
  await fleet.deploy({ ...step, props: { ...step.props, confirmedChanges } });
  expect(await fleet.pending()).toEqual([]);
  await fleet.deploy(step);
  expect(await fleet.pending()).toEqual([]);
  return confirmedChanges;
}

const names = (fleet: LiveFleet, file: string): string =>
  certificatesOf(fleet.project.path(FOLDER, file))[0]!.subjectAltName!;

test("paths, platform and encryption of a running host are refused, host by host, and confirmed by name", async () => {
  const base: FleetStep = { agents: { "web-1": {}, "web-2": {} } };
  const fleet = await deployed(base);
  const moved: FleetStep = { agents: { "web-1": { hostDirectory: "/opt/certs" }, "web-2": {} } };
  const refusal = await fleet.refusal(moved);
  expect(refusal).toContain("still have their former platform, hostDirectory, key");
  expect(LiveFleet.confirmation(refusal)).toEqual(["agents/web-1: platform=linux hostDirectory=/opt/certs"]);
  const confirmedChanges = await confirmAndDeploy(fleet, moved, refusal);

  // The entry that opened it opens nothing else: no other host, and no other value.
  const others = { "web-1": { hostDirectory: "/srv/certs" }, "web-2": { hostDirectory: "/opt/certs" } };
  expect(LiveFleet.confirmation(await fleet.refusal({ agents: others, props: { confirmedChanges } }))).toEqual([
    "agents/web-1: platform=linux hostDirectory=/srv/certs",
    "agents/web-2: platform=linux hostDirectory=/opt/certs",
  ]);
  expect(await fleet.refusal({ agents: { ...moved.agents, "web-2": { platform: TargetPlatform.WINDOWS } } })).toContain(
    "agents/web-2: platform=windows",
  );

  const encrypted: FleetStep = { ...moved, props: { agentKeyPassphrase: KeyPassphrase.generated() } };
  const ofKeys = await fleet.refusal(encrypted);
  expect(LiveFleet.confirmation(ofKeys)).toEqual([
    "fleet-server: platform=linux hostDirectory=/etc/elastic-agent/certs encrypted=agent-cert-key.pem",
    "agents/web-1: platform=linux hostDirectory=/opt/certs encrypted=agent-cert-key.pem",
    "agents/web-2: platform=linux hostDirectory=/etc/elastic-agent/certs encrypted=agent-cert-key.pem",
  ]);
  await confirmAndDeploy(fleet, encrypted, ofKeys);
  await confirmAndDeploy(fleet, moved, await fleet.refusal(moved));
});

test("adding and removing hosts is not refused and changes nothing of the others", async () => {
  const fleet = await deployed({});
  fleet.synth({ agents: { "web-1": {}, "web-2": { hostDirectory: "/opt/certs" } } });
  const added = await fleet.pending();
  expect(added.filter((address) => !/web-2|runbook/.test(address))).toEqual([]);
  await fleet.deploy({ agents: { "web-1": {}, "web-2": { hostDirectory: "/opt/certs" } } });
  await fleet.deploy({ agents: { "web-2": { hostDirectory: "/opt/certs" } } });
  expect(await fleet.pending()).toEqual([]);
  expect(await fleet.refusal({ agents: { "web-2": {} } })).toContain("agents/web-2: platform=linux");
});

test("a URL changes over formerUrls: both names, then the new one alone once that is confirmed", async () => {
  const fleet = await deployed({});
  const fresh = { fleetServerUrl: "https://new.example.com:8220", elasticsearchUrl: "https://new-es.example.com:9200" };
  const refusal = await fleet.refusal({ props: fresh });
  expect(refusal).toContain("list a former URL in formerUrls");
  const formerUrls = {
    fleetServer: ["https://fleet.example.com:8220"],
    elasticsearch: ["https://es.example.com:9200"],
  };
  // A wrong entry keeps the wrong name.
  expect(
    await fleet.refusal({
      props: { ...fresh, formerUrls: { ...formerUrls, fleetServer: ["https://flet.example.com:8220"] } },
    }),
  ).toContain("list a former URL in formerUrls");
  await fleet.deploy({ props: { ...fresh, formerUrls } });
  expect(await fleet.pending()).toEqual([]);
  expect(names(fleet, "fleet-server/fleet-cert.pem")).toMatch(/new\.example\.com.*fleet\.example\.com/);
  expect(names(fleet, "elasticsearch/es-cert.pem")).toMatch(/new-es\.example\.com.*[^-]es\.example\.com/);

  const ending = await fleet.refusal({ props: fresh });
  expect(LiveFleet.confirmation(ending)).toEqual([
    "elasticsearch names: new-es.example.com",
    "elasticsearchUrl: https://new-es.example.com:9200",
    "fleet-server names: localhost new.example.com",
    "fleetServerUrl: https://new.example.com:8220",
  ]);
  const confirmedChanges = await confirmAndDeploy(fleet, { props: fresh }, ending);
  expect(names(fleet, "fleet-server/fleet-cert.pem")).not.toContain("DNS:fleet.example.com");
  expect(await fleet.refusal({ props: { confirmedChanges } })).toContain("list a former URL in formerUrls");
});

test("a port alone is another URL, and a name of a server is kept until it is confirmed to be unused", async () => {
  const named = (list: string[]): FleetStep => ({ props: { fleetServer: { names: list } } });
  const fleet = await deployed(named(["a.example.com", "b.example.com"]));
  expect(await fleet.refusal({ props: { fleetServerUrl: "https://fleet.example.com:443" } })).toContain("formerUrls");
  await fleet.deploy(named(["b.example.com", "c.example.com", "a.example.com"]));
  const refusal = await fleet.refusal(named(["a.example.com", "d.example.com"]));
  expect(LiveFleet.confirmation(refusal)).toEqual([
    "fleet-server names: a.example.com d.example.com fleet.example.com localhost",
  ]);
  await confirmAndDeploy(fleet, named(["a.example.com", "d.example.com"]), refusal);
  const none = await fleet.refusal(named([]));
  expect(LiveFleet.confirmation(none)).toEqual(["fleet-server names: fleet.example.com localhost"]);
  await confirmAndDeploy(fleet, named([]), none);
});

test("a name that moves between props and lists is kept as long as the certificate has it", async () => {
  const [fleetUrl, otherUrl] = ["https://fleet.example.com:8220", "https://b.example.com:8220"];
  const urls = (fleetServerUrl: string, more: FleetStep["props"] = {}): FleetStep => ({
    props: { fleetServerUrl, stackVersion: StackVersion.of("9.5.2"), ...more },
    more: (each) => {
      const berlin = each.addFleetServerHosts("berlin", { urls: [otherUrl] });
      each.addFleetServer("berlin-1", { fleetServerHosts: berlin, names: ["fleet.example.com"] });
    },
  });
  const fleet = await deployed(
    urls(fleetUrl, { fleetServer: { names: ["b.example.com"] } }),
    // From a name of the Fleet Server into the list, as another list has it too, then first in the list.
    urls(fleetUrl, { furtherFleetServerUrls: [otherUrl] }),
    urls(otherUrl, { furtherFleetServerUrls: [fleetUrl] }),
  );
  expect(await fleet.pending()).toEqual([]);
  const kept = names(fleet, "fleet-server/fleet-cert.pem");
  expect(kept).toMatch(/b\.example\.com/);
  expect(kept).toMatch(/fleet\.example\.com/);

  // It really leaves: from one certificate, although another one and another list have it, and with the names of the host.
  const gone = await fleet.refusal(urls(fleetUrl));
  expect(LiveFleet.confirmation(gone)).toEqual([
    "fleet-server names: fleet.example.com localhost",
    `fleetServerUrl: ${fleetUrl}`,
  ]);
  const local = { furtherFleetServerUrls: [fleetUrl], fleetServer: { localNames: false } };
  expect(LiveFleet.confirmation(await fleet.refusal(urls(otherUrl, local)))).toEqual([
    "fleet-server names: b.example.com fleet.example.com",
  ]);
  await confirmAndDeploy(fleet, urls(fleetUrl), gone);
});

test("URLs by variables change as literals do, and one that is a secret is never a key in the state", async () => {
  const byVariable = (sensitive: boolean): FleetStep => ({
    inStack: (stack) => ({
      outputs: !sensitive,
      fleetServerUrl: new TerraformVariable(stack, "url", { type: "string", sensitive }).stringValue,
    }),
  });
  const fleet = new LiveFleet();
  fleets.push(fleet);
  await fleet.deploy(byVariable(false), { url: "https://one.example.com:8220" });
  expect(await fleet.refusal(byVariable(false), { url: "https://two.example.com:8220" })).toContain("formerUrls");
  const hidden = new LiveFleet();
  fleets.push(hidden);
  await hidden.deploy(byVariable(true), { url: "https://hidden.example.com:8220" });
  const keys = hidden.project
    .state("stack")
    .flatMap(({ type, instances }) =>
      type === "terraform_data" ? instances.map((each) => String((each as { index_key?: unknown }).index_key)) : [],
    );
  expect(keys.filter((key) => key.includes("hidden.example.com"))).toEqual([]);
});

test("client certificates are asked for before they are required, and back in reverse", async () => {
  const oneWay: FleetStep = { isOneWay: true };
  const optional: FleetStep = { props: { clientAuthentication: ClientAuthentication.OPTIONAL } };
  const fleet = await deployed(oneWay);
  expect(await fleet.refusal({})).toMatch(/would require client certificates in one step.*OPTIONAL first/);
  await fleet.deploy(optional);
  await fleet.deploy({});
  expect(await fleet.pending()).toEqual([]);
  expect(await fleet.refusal(oneWay)).toMatch(/from required client certificates to none in one step.*OPTIONAL first/);
  await fleet.deploy(optional);
  await fleet.deploy(oneWay);
  expect(await fleet.pending()).toEqual([]);

  const elasticsearch = (clientAuthentication: ClientAuthentication): FleetStep => ({
    props: { ...optional.props, elasticsearch: { clientAuthentication } },
  });
  expect(await fleet.refusal(elasticsearch(ClientAuthentication.REQUIRED))).toMatch(/elasticsearch would require/);
  await fleet.deploy(optional);
  await fleet.deploy(elasticsearch(ClientAuthentication.REQUIRED));
});

test("receivers and proxies require client certificates in the same two steps", async () => {
  const servers = (clientAuthentication: ClientAuthentication): FleetStep => ({
    more: (each) => {
      each.addKafkaBroker("k1", { advertisedListener: "k1.example.com:9094", clientAuthentication });
      each.addProxy("edge", { url: "https://edge.example.com:8220", clientAuthentication });
    },
  });
  const fleet = await deployed(servers(ClientAuthentication.NONE));
  const refusal = await fleet.refusal(servers(ClientAuthentication.REQUIRED));
  expect(refusal).toMatch(/kafka-brokers\/k1 would require client certificates in one step/);
  expect(refusal).toMatch(/proxies\/edge would require client certificates in one step/);
  await fleet.deploy(servers(ClientAuthentication.OPTIONAL));
  expect(fleet.runbook).toMatch(/- `server\.tls\.properties`: kafka-brokers\/k1\n/);
  await fleet.deploy(servers(ClientAuthentication.REQUIRED));
  expect(await fleet.refusal(servers(ClientAuthentication.NONE))).toMatch(/from required client certificates to none/);
});

test("an address of a receiver or a proxy that goes is refused, its port alone too, and one that is added is not", async () => {
  const servers = (kafka: string, logstash: string[], edge: string): FleetStep => ({
    more: (each) => {
      each.addKafkaBroker("k1", { advertisedListener: kafka });
      each.addLogstash("l1", { hosts: logstash });
      each.addProxy("edge", { url: edge });
    },
  });
  const [kafka, logstash, edge] = ["k1.example.com:9094", "l1.example.com:5044", "https://edge.example.com:8220"];
  const fleet = await deployed(servers(kafka, [logstash], edge));
  const moved = servers("k1.example.com:9095", ["l1.example.com:5055"], "https://edge.example.com:443");
  const refusal = await fleet.refusal(moved);
  expect(LiveFleet.confirmation(refusal)).toEqual([
    "kafka-brokers/k1 address: k1.example.com:9095",
    "logstash/l1 address: l1.example.com:5055",
    "proxies/edge url: https://edge.example.com:443",
  ]);
  await fleet.deploy(servers(kafka, [logstash, "l1.example.com:5055"], edge));
  await confirmAndDeploy(fleet, moved, refusal);
  // Another server is not a change of one that runs.
  await fleet.deploy({
    more: (each, stack) => {
      moved.more?.(each, stack);
      each.addKafkaBroker("k2", { advertisedListener: "k2.example.com:9094" });
    },
  });
});

test("pins are not removed while running hosts have them, unless every host enrolls again", async () => {
  const pinned: FleetStep = { props: { pinFleetCa: true } };
  const fleet = await deployed({}, pinned);
  expect(await fleet.pending()).toEqual([]);
  const refusal = await fleet.refusal({});
  expect(refusal).toContain("running hosts keep the pins that they enrolled with");
  expect(await confirmAndDeploy(fleet, {}, refusal)).toEqual(["pins: none"]);
  expect(fleet.runbook).toMatch(/`install-command\.sh`: agents\/web-1; run `enrollCommand` there/);
});
