import { parse } from "yaml";

import { certificatesOf, Server } from "../support/openssl";
import type { JsonReport } from "../verify/fleet-fixture";
import { findingLines, fleetTls } from "../verify/fleet-fixture";
import type { FleetStep } from "./live-fleet";
import { FOLDER, LiveFleet } from "./live-fleet";

const BERLIN = "https://berlin.example.com:8220";
const MUNICH = "https://munich.example.com:8220";

/** Two sites, each with the other's URL as its second one. */
const sites = (berlinUrls: string[], formerUrls: string[] = [], confirmedChanges: string[] = []): FleetStep => ({
  agents: {},
  props: { confirmedChanges },
  more: (fleet) => {
    const berlin = fleet.addFleetServerHosts("berlin", { urls: berlinUrls, formerUrls });
    const munich = fleet.addFleetServerHosts("munich", { urls: [MUNICH, BERLIN] });
    fleet.addFleetServer("berlin-1", { fleetServerHosts: berlin });
    fleet.addFleetServer("munich-1", { fleetServerHosts: munich });
    fleet.addAgent("web-1", { policy: fleet.addAgentPolicy("berlin", { fleetServerHosts: berlin }) });
    fleet.addKibana("kibana");
  },
});

const fleet = new LiveFleet();
const path = (file: string): string => fleet.project.path(FOLDER, file);

beforeAll(() => fleet.deploy(sites([BERLIN, MUNICH])));
afterAll(() => fleet.dispose());

const serve = (server: string): Promise<Server> =>
  Server.start(
    {
      certificate: path(`fleet-servers/${server}/fleet-cert.pem`),
      key: path(`fleet-servers/${server}/fleet-cert-key.pem`),
    },
    path(`fleet-servers/${server}/agent-ca.pem`),
  );

/** URLs of Kibana's Fleet Server hosts, as its settings declare them. */
function urlsOf(name: string): string[] {
  const settings = parse(fleet.project.read(FOLDER, "kibana/kibana/kibana.tls.yml")) as Record<string, unknown>;
  const lists = settings["xpack.fleet.fleetServerHosts"] as { id: string; host_urls: string[] }[];
  return lists.find(({ id }) => id === `stack-fleet-${name}`)!.host_urls;
}

/** A stand-in for an agent: dials its list's URLs in turn, as elastic-agent does, and returns the one that answers. */
async function walk(urls: string[], servers: Record<string, Server | undefined>): Promise<string | undefined> {
  const pair = { certificate: path("agents/web-1/agent-cert.pem"), key: path("agents/web-1/agent-cert-key.pem") };
  for (const url of urls) {
    const name = new URL(url).hostname;
    const answer = await servers[url]?.dial({ trust: path("agents/web-1/fleet-ca.pem"), name, pair });
    if (answer?.accepted) return url;
  }
  return undefined;
}

test("a stub agent falls back to the other site's Fleet Server when its own stops", async () => {
  const [berlin, munich] = [await serve("berlin-1"), await serve("munich-1")];
  try {
    expect(urlsOf("berlin")).toEqual([BERLIN, MUNICH]);
    expect(await walk(urlsOf("berlin"), { [BERLIN]: berlin, [MUNICH]: munich })).toBe(BERLIN);
    expect(await walk(urlsOf("berlin"), { [MUNICH]: munich })).toBe(MUNICH);
    // A Fleet Server of neither list has neither name.
    expect(await walk(urlsOf("fleet-server"), { [urlsOf("fleet-server")[0]!]: munich })).toBeUndefined();
  } finally {
    await berlin.close();
    await munich.close();
  }
});

test("verify finds nothing wrong with the folders and Kibana's settings", async () => {
  const { code, out } = await fleetTls(["verify", "--json", path(".")]);
  expect([findingLines(JSON.parse(out) as JsonReport, path(".")), code]).toEqual([[], 0]);
});

test("a URL of a site changes over its formerUrls, and goes once that is confirmed", async () => {
  const fresh = "https://new.example.com:8220";
  expect(await fleet.refusal(sites([fresh, MUNICH]))).toContain("list a former URL in formerUrls");

  await fleet.deploy(sites([fresh, MUNICH], [BERLIN]));
  expect(urlsOf("berlin")).toEqual([fresh, MUNICH, BERLIN]);
  const [certificate] = certificatesOf(path("fleet-servers/berlin-1/fleet-cert.pem"));
  expect(certificate!.subjectAltName).toMatch(/new\.example\.com.*berlin\.example\.com/);
  expect(fleet.runbook).toContain("URL");

  const refusal = await fleet.refusal(sites([fresh, MUNICH]));
  const confirmed = LiveFleet.confirmation(refusal);
  expect(confirmed).toContain(`fleetServerHosts berlin: ${MUNICH} ${fresh}`);
  await fleet.deploy(sites([fresh, MUNICH], [], confirmed));
});
