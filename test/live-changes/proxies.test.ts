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
