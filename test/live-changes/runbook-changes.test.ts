import type { AgentOptions } from "../../lib";
import { CertificateAuthoritySource, ClientAuthentication, KeyAlgorithm, Validity } from "../../lib";
import { contentsBelow } from "../support/files";
import type { FleetStep } from "./live-fleet";
import { FOLDER, LiveFleet } from "./live-fleet";

const fleet = new LiveFleet();
afterAll(() => fleet.dispose());

/** Files by which running hosts work; commands are for hosts that are new or enroll again. */
const WATCHED = /\.(pem|yml)$/;

/** The files that a deploy really changed on hosts that were there before, against those that its runbook lists. */
async function changesOf(step: FleetStep): Promise<{ real: string[]; listed: string[]; text: string }> {
  const before = contentsBelow(fleet.project.path(FOLDER));
  await fleet.deploy(step);
  const after = contentsBelow(fleet.project.path(FOLDER));
  const text = /## What this deploy changed\n([^]*?)\n## /.exec(fleet.runbook)![1]!;
  const listed = [...text.matchAll(/^- `([^`]+)`: ([^;\n]*)/gm)].flatMap(([, name, folders]) =>
    folders!.split(", ").map((folder) => `${folder}/${name}`),
  );
  const real = Object.keys(after).filter(
    (file) => WATCHED.test(file) && file in before && after[file] !== before[file],
  );
  return { real: real.sort(), listed: listed.sort(), text };
}

const EC = CertificateAuthoritySource.generated({ keyAlgorithm: KeyAlgorithm.ECDSA_P256 });

const rotating = (generations: string[], issuing: string): CertificateAuthoritySource =>
  CertificateAuthoritySource.rotating({
    generations: Object.fromEntries(generations.map((id) => [id, EC])),
    issuing,
  });

test("the runbook lists the very files that its deploy changed, by host, and stays as it is without a change", async () => {
  expect((await changesOf({})).text).toContain("Everything: this is the first deploy");
  expect(fleet.runbook).toContain("No rotation is under way");
  expect(fleet.runbook).not.toMatch(/instead, what changed/);
  expect(await fleet.pending()).toEqual([]);
  // The CAs have the fleet's algorithm unless they have one of their own.
  expect(await fleet.refusal({ props: { keyAlgorithm: KeyAlgorithm.RSA_2048 } })).toContain(
    "generation 1 would become another CA",
  );

  const steps: FleetStep[] = [
    { props: { agentCa: rotating(["1", "2"], "1") } },
    { props: { agentCa: rotating(["1", "2"], "2") } },
    { props: { agentCa: rotating(["1", "2"], "1") } },
    { props: { agentCa: rotating(["1", "2"], "1"), validity: Validity.days(100) } },
    {
      props: {
        agentCa: rotating(["1", "2"], "1"),
        keyAlgorithm: KeyAlgorithm.RSA_2048,
        fleetCa: EC,
        elasticsearchCa: EC,
      },
    },
    { props: { agentCa: rotating(["1"], "1"), fleetServer: { names: ["b.example.com"] } } },
  ];
  for (const step of steps) {
    const { real, listed } = await changesOf(step);
    expect(listed).toEqual(real);
    const written = fleet.runbook;
    expect(await fleet.pending()).toEqual([]);
    expect(fleet.runbook).toBe(written);
  }
});

/** A day that many hours after the deploy of a runbook, by the deploy's own clock. */
function inHours(runbook: string, hours: number): string {
  const [, planned] = /^Deploy planned on (\S+),/m.exec(runbook)!;
  return new Date(Date.parse(planned!) + hours * 3_600_000).toISOString().slice(0, 10);
}

test("a host that comes has everything, and one that goes is named with its own date and its way of shutting it out", async () => {
  const props = { fleetServer: { names: ["b.example.com"] } };
  const long = { "web-9": { validity: Validity.days(800) } };
  const added = await changesOf({ props, agents: { "web-1": {}, "web-2": {}, "web-3": {}, ...long } });
  expect(added).toMatchObject({ real: [], listed: [] });
  expect(added.text).toContain("**New host** agents/web-2: copy its whole folder, then `install-command.sh`");
  const removed = await changesOf({ props, agents: { "web-1": {}, "web-3": {}, ...long } });
  expect(removed.text).toMatch(
    new RegExp(
      `\\*\\*Removed host\\*\\* agents/web-2: .* at the latest on ${inHours(removed.text, 397 * 24)}\\. Unenroll it .* rotate the CA`,
    ),
  );
  expect(removed.text).not.toMatch(/New host|Removed host\*\* (?!agents\/web-2)/);
  expect(await fleet.pending()).toEqual([]);
  const next = await changesOf({ props, agents: { "web-1": {}, "web-3": {} } });
  expect(next.text).toMatch(new RegExp(`agents/web-9: .* at the latest on ${inHours(next.text, 800 * 24)}\\.`));
  // A server: whoever dials it goes first.
  const broker = (isThere: boolean): FleetStep => ({
    props,
    agents: { "web-1": {}, "web-3": {}, ...(!isThere && { "web-4": {} }) },
    more: (each) => {
      if (isThere) each.addKafkaBroker("k1", { advertisedListener: "k1.example.com:9094" });
    },
  });
  await changesOf(broker(true));
  await changesOf({ ...broker(true), agents: { "web-1": {}, "web-3": {}, "web-4": {} } });
  const server = await changesOf(broker(false));
  expect(server.text).toMatch(
    new RegExp(
      `kafka-brokers/k1: before you stop it, move its clients away.* at the latest on ${inHours(server.text, 397 * 24)}`,
    ),
  );
  expect(server.text).not.toContain("Unenroll");
  // The host that was added last: nothing that is left remembers it.
  await changesOf({ props, agents: { "web-1": {}, "web-3": {}, "web-4": {} } });
  const last = await changesOf({ props, agents: { "web-1": {}, "web-3": {} } });
  expect(last.text).toMatch(
    /\*\*Removed hosts\.\*\* If this deploy removed a host .* or later if it had a longer validity/,
  );
});

test("other options of a running host are named, and nothing that it does not have to hear of", async () => {
  const props = { fleetServer: { names: ["b.example.com"] } };
  const agents = { "web-1": {}, "web-3": {} };
  await fleet.deploy({ props, agents });
  const named = async (options: AgentOptions): Promise<string> =>
    (await changesOf({ props, agents: { ...agents, "web-1": options } })).text;
  const line = /^- `install-command\.sh`: agents\/web-1; run `enrollCommand` there/m;
  for (const options of [{ tags: ["a"] }, { caSha256: ["pin"] }, {}, { proxyUrl: "http://proxy.example.com:3128" }]) {
    const text = await named(options.caSha256 ? { caSha256: [`${"A".repeat(43)}=`] } : options);
    expect(text).toMatch(line);
    expect(text).not.toMatch(/agents\/web-3/);
  }
  // A value that may be a secret is in no record: of a proxy that there is one, of headers the names.
  const unnamed = async (options: AgentOptions): Promise<void> => {
    const before = fleet.runbook;
    await named(options);
    expect(fleet.runbook).toBe(before);
  };
  const proxyUrl = "http://other.example.com:3128";
  await unnamed({ proxyUrl });
  await fleet.deploy({ props, agents });
  expect(await named({ proxyUrl, proxyHeaders: { "x-site": "a" } })).toMatch(line);
  await unnamed({ proxyUrl, proxyHeaders: { "x-site": "b" } });
  expect(await named({ unprivileged: true, user: "fleet" })).toMatch(line);
  expect(fleet.runbook).toMatch(
    /`enrollCommand` does not change `--unprivileged`.* run `elastic-agent uninstall`, then/,
  );
  await fleet.deploy({ props, agents });
  const written = fleet.runbook;
  await named({ executable: "sudo ./elastic-agent" });
  expect(fleet.runbook).toBe(written);
});

test("client authentication, URLs and paths have their steps in the runbook of their deploy alone", async () => {
  const optional = { clientAuthentication: ClientAuthentication.OPTIONAL, fleetServer: { names: ["b.example.com"] } };
  expect((await changesOf({ props: optional })).text).toContain("Client certificates are optional now");
  const moved: FleetStep = { props: optional, agents: { "web-1": { hostDirectory: "/opt/certs" } } };
  const confirmedChanges = LiveFleet.confirmation(await fleet.refusal(moved));
  const { text } = await changesOf({ ...moved, props: { ...optional, confirmedChanges } });
  expect(text).toMatch(/\*\*(Settings changed|New host)\*\* agents\/web-1/);
  expect(text).not.toContain("optional now");
  const fresh = {
    ...optional,
    fleetServerUrl: "https://new.example.com:8220",
    formerUrls: { fleetServer: ["https://fleet.example.com:8220"] },
  };
  const urls = await changesOf({ ...moved, props: fresh });
  expect(urls.text).toContain("No host has to enroll again");
  expect(urls.text).not.toContain("Settings changed");
  expect(urls.listed).toEqual(urls.real);
});
