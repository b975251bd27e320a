import type { ICertificateAuthority, ProxyOptions } from "../../lib";
import { CertificateAuthoritySource } from "../../lib";
import { certificatesOf } from "../support/openssl";
import { Pki } from "../support/pki";
import type { FleetStep } from "./live-fleet";
import { FOLDER, LiveFleet } from "./live-fleet";

const { existing, generated, rotating, trustOnly } = CertificateAuthoritySource;
let fleet: LiveFleet;
const pki = new Pki();
beforeEach(() => {
  fleet = new LiveFleet();
});
afterEach(() => fleet.dispose());
afterAll(() => pki.dispose());

/** A fleet with a proxy and an agent behind it. */
const withProxy = (options: (fleetCa: ICertificateAuthority) => Partial<ProxyOptions>): FleetStep => ({
  agents: {},
  more: (each) => {
    const url = "https://edge.example.com:8220";
    const fleetServerProxy = each.addProxy("edge", { url, ...options(each.fleetCa) });
    each.addAgent("web-1", { fleetServerProxy });
  },
});
const anchors = (file: string): number => certificatesOf(fleet.project.path(FOLDER, file)).length;

/** Takes every step of the way that the refusal names, and the ones that it leaves out. */
async function walk(
  prop: "ca" | "upstreamCa",
  next: CertificateAuthoritySource,
  file: string,
  refused: RegExp,
): Promise<void> {
  const step = (source: (fleetCa: ICertificateAuthority) => CertificateAuthoritySource): FleetStep =>
    withProxy((fleetCa) => ({ [prop]: source(fleetCa) }));
  const both = (issuing: string): FleetStep =>
    step((fleetCa) => rotating({ generations: { "1": existing(fleetCa), "2": next }, issuing }));
  await fleet.deploy(withProxy(() => ({})));
  expect(await fleet.refusal(step(() => next))).toMatch(refused);
  await fleet.deploy(step(existing));
  expect(await fleet.pending()).toEqual([]);
  expect(await fleet.refusal(step(() => rotating({ generations: { "2": next }, issuing: "2" })))).toMatch(refused);
  await fleet.deploy(both("1"));
  expect(anchors(file)).toBe(2);
  await fleet.deploy(both("2"));
  await fleet.deploy(step(() => rotating({ generations: { "2": next }, issuing: "2" })));
  expect(anchors(file)).toBe(1);
  expect(await fleet.pending()).toEqual([]);
  expect(await fleet.refusal(withProxy(() => ({})))).toMatch(refused);
}

test("a CA of a proxy's own comes step by step in the place of the fleet's", () =>
  walk(
    "ca",
    generated(),
    "agents/web-1/fleet-ca.pem",
    /ca of this proxy may become another CA only while its clients/,
  ));

test("so does another CA of the server behind a proxy", async () => {
  const next = trustOnly({ file: pki.authority("Other").certificate, dedicated: true });
  await walk("upstreamCa", next, "proxies/edge/upstream-ca.pem", /upstreamCa of this proxy may become another CA/);
});

/** Where agents dial Fleet Server; the last one says it in their policy. */
type Way = "direct" | "edge" | "other" | "policy";

/** A fleet with two proxies, and two agents on their way; a third one stays where it is. */
const onWay = (way: Way, { confirmedChanges = [] as string[], isOfFleet = false } = {}): FleetStep => ({
  props: { confirmedChanges },
  agents: { "web-0": {} },
  more: (each) => {
    const ca = (): ProxyOptions["ca"] => (isOfFleet ? undefined : generated());
    const edge = each.addProxy("edge", { url: "https://edge.example.com:8220", ca: ca() });
    const other = each.addProxy("other", { url: "https://other.example.com:8220", ca: ca() });
    const policy = each.addAgentPolicy("behind", { fleetServerProxy: edge });
    const options = {
      direct: {},
      edge: { fleetServerProxy: edge },
      other: { fleetServerProxy: other },
      policy: { policy },
    };
    each.addAgent("web-1", options[way]);
    each.addAgent("box-1", { ...options[way], container: true });
  },
});
const SETTINGS = "platform=linux hostDirectory=/etc/elastic-agent/certs";
const entries = (proxy: string): string[] =>
  ["agents/box-1", "agents/web-1"].map((each) => `${each}: ${SETTINGS}${proxy}`);
const REFUSED = /settings of running hosts still have .* or proxy, and those hosts are cut off/;
const changed = (): string => /## What this deploy changed\n([^]*?)\n## /.exec(fleet.runbook)![1]!;

test("agents that go behind a proxy, to another one or away from one have to be confirmed, and enroll again", async () => {
  await fleet.deploy(onWay("direct"));
  const moves: [Way, string][] = [
    ["edge", " proxy=proxies/edge"],
    ["other", " proxy=proxies/other"],
    ["policy", " proxy=proxies/edge"],
    ["direct", ""],
  ];
  for (const [way, proxy] of moves) {
    const former = fleet.project.read(FOLDER, "agents/web-1/fleet-ca.pem");
    const refusal = await fleet.refusal(onWay(way));
    expect(refusal).toMatch(REFUSED);
    const confirmedChanges = LiveFleet.confirmation(refusal);
    expect(confirmedChanges.sort()).toEqual(entries(proxy));
    await fleet.deploy(onWay(way, { confirmedChanges }));
    expect(fleet.project.read(FOLDER, "agents/web-1/fleet-ca.pem")).not.toBe(former);
    expect(changed()).toMatch(/\*\*Settings changed\*\* agents\/web-1: .* run its `enrollCommand` at once/);
    expect(changed()).toMatch(/\*\*Settings changed\*\* agents\/box-1: .* recreate the container/);
    expect(changed()).toContain("**Another proxy.** If an agent above now goes through a proxy");
    expect(changed()).not.toContain("agents/web-0");
    expect(await fleet.pending()).toEqual([]);
    // A confirmation that is no longer needed goes without a change.
    fleet.synth(onWay(way));
    expect(await fleet.pending()).toEqual([]);
  }
});

/** A fleet whose agents go through a Fleet proxy, or through none. */
const throughProxy = (id: string | undefined, confirmedChanges: string[] = []): FleetStep => ({
  props: { confirmedChanges },
  agents: { "web-0": {} },
  more: (each) => {
    const proxies = ["corp", "site"].map((name) =>
      each.addFleetProxy(name, { url: `https://${name}.example.com:3128`, ca: generated() }),
    );
    const fleetProxy = proxies.find(({ node }) => node.id === id);
    const urls = ["https://fleet-2.example.com:8220"];
    const fleetServerHosts = each.addFleetServerHosts("far", { urls, ...(fleetProxy && { fleetProxy }) });
    each.addFleetServer("far-1", { fleetServerHosts });
    each.addAgent("web-1", { fleetServerHosts });
  },
});

test("so do agents whose Fleet Server hosts get a Fleet proxy with a CA, another one, or none any more", async () => {
  await fleet.deploy(throughProxy(undefined));
  for (const id of ["corp", "site", undefined]) {
    const refusal = await fleet.refusal(throughProxy(id));
    expect(refusal).toMatch(REFUSED);
    const confirmedChanges = LiveFleet.confirmation(refusal);
    expect(confirmedChanges).toEqual([`agents/web-1: ${SETTINGS}${id ? ` proxy=fleet-proxies/${id}` : ""}`]);
    await fleet.deploy(throughProxy(id, confirmedChanges));
    expect(changed()).toMatch(/\*\*Settings changed\*\* agents\/web-1: .* run its `enrollCommand` at once/);
    expect(changed()).toContain("**Another proxy.**");
    expect(await fleet.pending()).toEqual([]);
  }
});

test("a move between servers with certificates of the same CA changes no file of the agents", async () => {
  await fleet.deploy(onWay("direct", { isOfFleet: true }));
  const former = fleet.project.read(FOLDER, "agents/web-1/fleet-ca.pem");
  const confirmedChanges = entries(" proxy=proxies/edge");
  await fleet.deploy(onWay("edge", { isOfFleet: true, confirmedChanges }));
  expect(fleet.project.read(FOLDER, "agents/web-1/fleet-ca.pem")).toBe(former);
});

test("an agent that is added behind a proxy, and one of a state that has no proxies, is not refused", async () => {
  const addBehind = (step: FleetStep): FleetStep => ({
    ...step,
    more: (each, stack) => {
      step.more!(each, stack);
      const fleetServerProxy = each.addProxy("third", { url: "https://third.example.com:8220", ca: generated() });
      each.addAgent("web-2", { fleetServerProxy });
    },
  });
  await fleet.deploy(onWay("edge"));
  await fleet.project.changeState("stack", ({ resources }) => {
    for (const { name, instances } of resources) {
      for (const { attributes } of /^fleet_live_settings/.test(name) ? instances : []) {
        const trigger = attributes.triggers_replace as { value: string };
        trigger.value = trigger.value.replace(/ proxy=.*/, "");
      }
    }
  });
  const known = fleet.project.state("stack").find(({ name }) => /^fleet_live_mode/.test(name))!;
  await fleet.project.terraform("stack", ["state", "rm", `${known.type}.${known.name}["proxies|known"]`]);
  await fleet.deploy(addBehind(onWay("edge")));
  expect(changed()).toContain("**New host** agents/web-2");
  expect(changed()).not.toMatch(/Settings changed|Another proxy/);
  expect(await fleet.pending()).toEqual([]);
  expect(await fleet.refusal(onWay("direct"))).toMatch(REFUSED);
});
