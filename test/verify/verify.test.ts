import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";

import { SERVER_SCRIPT as server, withFlag as flag } from "./check-fixture";
import { FleetFixture, fleetTls, verifyJson } from "./fleet-fixture";

const fixture = new FleetFixture();
const { pki } = fixture;
afterAll(() => fixture.dispose());

test("reports files that a command names and a folder does not have: an error on the host, a warning in a staging area", async () => {
  const t = fixture.topology();
  rmSync(t.path("fleet-server/es-ca.pem"));
  rmSync(t.path("fleet-server/service-token"));
  rmSync(t.path("fleet-server/fleet-cert-key.pem"));
  const { lines, notes } = await verifyJson(t);
  expect(lines).toEqual(["warning fleet-server/es-ca.pem: is named by the command and is not in the folder (64)"]);
  expect(notes.map((note) => note.replace(`${t.root}/`, ""))).toEqual([
    "fleet-server/fleet-cert-key.pem is not in the folder and was not checked; the host needs it",
    "fleet-server/service-token is not in the folder and was not checked; the host needs it",
  ]);
  t.edit(server, (text) => text.split("/etc/elastic-agent/certs").join(t.path("fleet-server")));
  expect((await verifyJson(t)).lines).toEqual(
    ["es-ca.pem", "fleet-cert-key.pem", "service-token"].map(
      (name) => `error fleet-server/${name}: is named by the command and does not exist (64)`,
    ),
  );
});

test("names a file of an unknown kind, and no file that the fleet itself writes into a folder", async () => {
  const t = fixture.topology();
  for (const name of [
    "request-agent-cert.sh",
    "hand-over.sh",
    "request-fleet-cert.ps1",
    "other.sh",
    "kibana-fleet-server-host.yml",
  ]) {
    t.write(`agents/web-1/${name}`, "#!/bin/sh\n");
  }
  const { notes } = await verifyJson(t);
  const unread = notes.filter((note) => note.includes("was not read")).map((note) => note.replace(`${t.root}/`, ""));
  expect(unread).toEqual(["agents/web-1/other.sh was not read: unknown kind of file"]);
});

test("an unprivileged agent reads its keys by its group", async () => {
  const t = fixture.topology();
  t.edit("agents/web-1/install-command.sh", flag("--unprivileged --group=elastic"));
  for (const name of ["agent-cert-key.pem", "agent-cert-key-passphrase"]) {
    chmodSync(t.path(`agents/web-1/${name}`), 0o640);
  }
  chmodSync(t.path("agents/web-1"), 0o750);
  expect((await verifyJson(t)).lines).toEqual([]);
});

// Only root may give files away.
(process.getuid?.() === 0 ? test : test.skip)("names owners who could read or replace what is not theirs", async () => {
  const t = fixture.topology();
  const nobody = 65_534;
  chownSync(t.path("fleet-server/fleet-cert-key.pem"), nobody, nobody);
  chownSync(t.path("agents/web-1"), nobody, nobody);
  chownSync(t.path("elasticsearch/es-cert-key.pem"), nobody, nobody);
  expect((await verifyJson(t)).lines).toEqual([
    "error agents/web-1: belongs to user 65534, who can replace every file in it (42)",
    "error fleet-server/fleet-cert-key.pem: belongs to user 65534, who can read and change it (42)",
  ]);
});

test("does not hang on a pipe, and does not read what is no file", async () => {
  const t = fixture.topology();
  rmSync(t.path("fleet-server/es-ca.pem"));
  execFileSync("mkfifo", [t.path("fleet-server/es-ca.pem")]);
  expect((await verifyJson(t)).lines).toContainEqual(expect.stringContaining("es-ca.pem: is no regular file"));
});

test("prints one aligned line a finding, checks, and a summary for people", async () => {
  const t = fixture.topology();
  t.edit("fleet-server/service-token", (text) => `${text}\n`);
  chmodSync(t.path("agents/web-1/agent-cert-key.pem"), 0o604);
  const { code, out } = await fleetTls(["verify", t.root]);
  expect(code).toBe(1);
  expect(
    out
      .split(t.root)
      .join("TREE")
      .replace(/(TREE\/)\S+, in \d+ d$/m, "$1FILE, in N d"),
  ).toBe(
    [
      "error  TREE/agents/web-1/agent-cert-key.pem  has mode 0604, so others than its owner may use it; chmod 600; replace the secret if others use this machine (check 42)",
      "error  TREE/fleet-server/service-token       has a newline, which counts as part of the token; write it again with printf %s, which adds none (check 36)",
      "",
      "4 hosts, 16 certificates: 2 errors, 0 warnings",
      "39 file checks: 27 passed, 2 failed, 10 not applicable (--checks lists them)",
      "first certificate to end: TREE/FILE, in N d",
      "each check is explained at https://github.com/cdktf-fleet-tls/cdktf-fleet-tls/blob/main/docs/verify.md#check-42",
      "",
    ].join("\n"),
  );
  expect((await fleetTls(["verify", "--checks", t.root])).out).toContain(
    "41  not applicable  keys suit a FIPS build: needs --fips",
  );
});

test("exits as its help says", async () => {
  const t = fixture.topology();
  const codes = async (...args: string[]) => (await fleetTls(["verify", ...args])).code;
  expect(await codes(t.root)).toBe(0);
  expect(await codes("--expiring", "30d", t.root)).toBe(0);
  expect(await codes("--expiring", "400d", t.root)).toBe(3);
  t.write("agents/web-1/es-ca.pem", pki.text("es-ca") + pki.text("es-ca"));
  expect(await codes(t.root)).toBe(0);
  expect(await codes("--strict", t.root)).toBe(1);
  t.edit("fleet-server/service-token", (text) => `${text}\n`);
  expect(await codes("--expiring", "400d", t.root)).toBe(1);
});

test("takes the command from a file, for one host", async () => {
  const t = fixture.topology();
  const file = t.path("other.ps1");
  writeFileSync(file, "elastic-agent.exe install --url='https://fleet.example.com:8220' --enrollment-token=$env:T");
  const { out } = await fleetTls(["verify", "--command", file, t.path("agents/web-1")]);
  expect(out).toContain("other.ps1     --non-interactive is missing");
  expect((await fleetTls(["verify", "--command", file, t.root])).err).toContain("is for one host, got 4 host folders");
});

test("a tree of several topologies is checked one by one", async () => {
  const t = fixture.topology();
  mkdirSync(t.path("mutual"));
  ["fleet-server", "agents", "elasticsearch"].forEach((name) => renameSync(t.path(name), t.path(`mutual/${name}`)));
  t.addHost("other/elasticsearch", { "es-ca.pem": pki.text("agent-ca") });
  expect((await verifyJson(t)).lines).toEqual([]);
});
