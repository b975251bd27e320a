import { CA, CLIENT } from "../support/pki";
import { FleetFixture, fleetTls } from "./fleet-fixture";

const fixture = new FleetFixture();
const { pki } = fixture;
afterAll(() => fixture.dispose());

const t = fixture.topology();
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const expiring = (days: number, ...args: string[]) => fleetTls(["expiring", t.root, ...args], inDays(days));

test("nothing is due at first, and the next renewal is shown", async () => {
  const { code, out } = await expiring(1);
  expect(code).toBe(0);
  // 397 days, renewed 133 days before the end.
  const next = inDays(397 - 133)
    .toISOString()
    .slice(0, 10);
  expect(out).toBe(`9 certificates, none due; the next renewal is due on ${next}\n`);
});

test("leaves are due a third of their validity before their end, when a deploy renews them", async () => {
  expect((await expiring(263)).code).toBe(0);
  const { code, out } = await expiring(265);
  expect(code).toBe(3);
  expect(out.split("\n").filter((line) => line.startsWith("due "))).toHaveLength(6);
  expect(out).toContain(`due         ${t.root}/agents/web-1/agent-cert.pem  CN=web-1 ends in 131 d\n`);
  expect(out).toContain("6 of 9 certificates due: deploy now\n");
});

test("CAs are due twice the longest validity that they signed before their end", async () => {
  const due = async (days: number) =>
    (
      JSON.parse((await expiring(days, "--json")).out) as { certificates: { subject: string; due: boolean }[] }
    ).certificates
      .filter((one) => one.due)
      .map(({ subject }) => subject);
  expect(await due(3650 - 796)).not.toContain("CN=fleet-ca");
  expect(await due(3650 - 792)).toEqual(expect.arrayContaining(["CN=fleet-ca", "CN=agent-ca", "CN=es-ca"]));
});

test("--within and --ca-within decide instead", async () => {
  expect((await expiring(1, "--within", "395d")).code).toBe(0);
  expect((await expiring(1, "--within", "397d")).code).toBe(3);
  expect((await expiring(1, "--ca-within", "3650d")).code).toBe(3);
});

test("a CA that signed nothing here needs no renewal", async () => {
  const given = fixture.topology();
  pki.certificate("given-ca", { days: 1 });
  given.addHost("alone/host", { "es-ca.pem": pki.text("given-ca") });
  expect((await fleetTls(["expiring", given.path("alone")])).code).toBe(0);
});

test("what has ended is due, and what cannot be read exits with 1", async () => {
  const broken = fixture.topology();
  pki.certificate("brief", { issuer: "agent-ca", extensions: CLIENT, days: 3 });
  broken.addHost("alone/host", { "agent-cert.pem": pki.text("brief"), "es-ca.pem": "-----BEGIN CERTIFICATE-----\n" });
  const run = (days: number) => fleetTls(["expiring", broken.path("alone")], inDays(days));
  expect(await run(1)).toMatchObject({
    code: 1,
    out: expect.stringContaining(`unreadable  ${broken.path("alone/host/es-ca.pem")}`),
  });
  expect(await run(5)).toMatchObject({ code: 3, out: expect.stringContaining("CN=brief has ended") });
});

test("a folder without a certificate is an error of the command line, and keys do not count", async () => {
  const hosts = fixture.topology();
  hosts.addHost("keys/host", { "agent-cert-key.pem": pki.text("agent-cert-key") });
  hosts.addHost("broken/host", { "agent-cert.pem": pki.text("agent-cert"), "agent-cert-key.pem": "no key" });
  expect(await fleetTls(["expiring", hosts.path("keys")])).toMatchObject({
    code: 2,
    out: "",
    err: `fleet-tls: ${hosts.path("keys")}: no certificate; give the folders that contain the hosts' certificates\n`,
  });
  expect((await fleetTls(["expiring", hosts.path("broken")])).code).toBe(0);
});

test("a leaf of hours is due as a deploy renews it, in hours and not in whole days", async () => {
  const brief = fixture.topology();
  pki.certificate("hours", { issuer: "agent-ca", extensions: CLIENT, days: 1 });
  brief.addHost("alone/host", { "agent-cert.pem": pki.text("hours") });
  const run = (hours: number) => fleetTls(["expiring", brief.path("alone")], new Date(Date.now() + hours * 3_600_000));
  // A third of 24 h before the end.
  expect((await run(15)).code).toBe(0);
  expect((await run(17)).code).toBe(3);
});

test("a CA is due for the CAs that it signed too", async () => {
  const chain = fixture.topology();
  pki.certificate("long-root", { extensions: CA, days: 3650 });
  pki.certificate("below", { issuer: "long-root", extensions: CA, days: 1095 });
  chain.addHost("alone/host", { "agent-ca.pem": pki.text("long-root"), "agent-cert.pem": pki.text("below") });
  const dueSubjects = async (days: number) =>
    (
      JSON.parse((await fleetTls(["expiring", chain.path("alone"), "--json"], inDays(days))).out) as {
        certificates: { subject: string; due: boolean }[];
      }
    ).certificates.filter(({ due }) => due);
  expect(await dueSubjects(3650 - 2 * 1095 - 2)).toEqual([]);
  expect(await dueSubjects(3650 - 2 * 1095 + 2)).toMatchObject([{ subject: "CN=long-root" }]);
});
