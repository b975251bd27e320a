import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { writeVolume } from "../support/projected-volume";
import type { Topology } from "./fleet-fixture";
import { FleetFixture, fleetTls, verifyJson } from "./fleet-fixture";

const fixture = new FleetFixture();
const { pki } = fixture;
afterAll(() => fixture.dispose());

/** The folder of a host as a volume of a pod, each file under a path in it; answers the files. */
function mount(t: Topology, host: string, mode?: number, below = ""): Record<string, string> {
  const folder = t.path(host);
  const entries = readdirSync(folder).map((name) => [below + name, readFileSync(join(folder, name), "utf8")] as const);
  t.remove(host);
  const files = Object.fromEntries(entries);
  writeVolume(folder, files, mode);
  return files;
}

const NOTE = "modes and owners are not checked, because Kubernetes wrote this folder";

test.each(["644", "440", "777"])(
  "a host's folder that is a volume of a pod is one host, with mode %s",
  async (mode) => {
    const t = fixture.topology();
    const { hosts } = (await verifyJson(t)).summary;
    mount(t, "agents/web-1", Number.parseInt(mode, 8));
    mount(t, "fleet-server", Number.parseInt(mode, 8));
    const { lines, summary, notes } = await verifyJson(t);
    expect(lines).toEqual([]);
    expect(summary["hosts"]).toBe(hosts);
    expect(notes.filter((note) => note.includes(NOTE)).map((note) => note.replace(`${t.root}/`, ""))).toEqual([
      `agents/web-1: ${NOTE}`,
      `fleet-server: ${NOTE}`,
    ]);
  },
);

test("what is wrong with its files is found, and the key of a CA is", async () => {
  const t = fixture.topology();
  const files = mount(t, "fleet-server");
  const wrong = { ...files, "fleet-cert-key.pem": pki.text("web-1-key"), "fleet-ca-key.pem": pki.text("fleet-ca-key") };
  writeVolume(t.path("fleet-server"), wrong);
  expect((await verifyJson(t)).lines).toEqual([
    expect.stringMatching(/^error fleet-server\/fleet-ca-key.pem: is the private key of a CA.*\(42\)$/),
    expect.stringMatching(/^error fleet-server\/fleet-cert-key.pem: does not belong to the first certificate.*\(39\)$/),
  ]);
  writeVolume(t.path("fleet-server"), files);
  expect((await verifyJson(t)).lines).toEqual([]);
});

test("items with a folder in their path are read, through the volume and by themselves", async () => {
  const t = fixture.topology();
  mount(t, "agents/web-1", undefined, "certs/");
  for (const place of [t.path("agents/web-1"), t.path("agents/web-1/certs")]) {
    const { out, code } = await fleetTls(["verify", place, "--json"]);
    const { findings, summary } = JSON.parse(out) as { findings: unknown[]; summary: Record<string, number> };
    expect({ code, findings, hosts: summary["hosts"] }).toEqual({ code: 0, findings: [], hosts: 1 });
  }
});

test("a link to a folder elsewhere is not followed, and names with two dots are read where there is no volume", async () => {
  const t = fixture.topology();
  mount(t, "agents/web-1");
  const { hosts } = (await verifyJson(t)).summary;
  symlinkSync(t.path("fleet-server"), t.path("agents/web-1/other"));
  expect((await verifyJson(t)).summary["hosts"]).toBe(hosts);
  t.write("..more/es-ca.pem", pki.text("es-ca"));
  expect((await verifyJson(t)).summary["hosts"]).toBe(hosts! + 1);
});
