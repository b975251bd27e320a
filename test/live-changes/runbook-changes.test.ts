import { CertificateAuthoritySource, ClientAuthentication, KeyAlgorithm, Validity } from "../../lib";
import { contentsBelow } from "../support/files";
import type { FleetStep } from "./live-fleet";
import { FOLDER, LiveFleet } from "./live-fleet";

jest.setTimeout(600_000);

const fleet = new LiveFleet();
afterAll(() => fleet.dispose());

/** Files by which running hosts work; commands are for hosts that are new or enrol again. */
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

test("a host that comes has everything, and one that goes has its way of shutting it out", async () => {
  const step: FleetStep = { props: { fleetServer: { names: ["b.example.com"] } } };
  await fleet.deploy(step);
  const added = await changesOf({ ...step, agents: { "web-1": {}, "web-2": {} } });
  expect(added).toMatchObject({ real: [], listed: [] });
  expect(added.text).toContain("**New host** agents/web-2: copy its whole folder, then `install-command.sh`");
  const removed = await changesOf({ ...step, agents: { "web-2": {} } });
  expect(removed.text).toMatch(/at the latest on \d{4}-\d\d-\d\d\. Unenroll it .* rotate the CA/);
  expect(removed.text).not.toContain("New host");
});

test("client authentication, URLs and paths have their steps in the runbook of their deploy alone", async () => {
  const optional = { clientAuthentication: ClientAuthentication.OPTIONAL, fleetServer: { names: ["b.example.com"] } };
  expect((await changesOf({ props: optional })).text).toContain("Client certificates are optional now");
  const moved: FleetStep = { props: optional, agents: { "web-1": { hostDirectory: "/opt/certs" } } };
  const confirmedChanges = LiveFleet.confirmation(await fleet.refusal(moved));
  const { text } = await changesOf({ ...moved, props: { ...optional, confirmedChanges } });
  expect(text).toMatch(/\*\*(Told anew|New host)\*\* agents\/web-1/);
  expect(text).not.toContain("optional now");
  const fresh = {
    ...optional,
    fleetServerUrl: "https://new.example.com:8220",
    formerUrls: { fleetServer: ["https://fleet.example.com:8220"] },
  };
  const urls = await changesOf({ ...moved, props: fresh });
  expect(urls.text).toContain("Nobody has to enrol again");
  expect(urls.text).not.toContain("Told anew");
  expect(urls.listed).toEqual(urls.real);
});
