import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";

import { FACTS } from "../../bin/facts";
import { CA, CLIENT, SERVER } from "../private/x509-fixtures";
import type { Topology } from "./fleet-fixture";
import { FleetFixture, fleetTls, PASSPHRASE, TOKEN, verifyJson } from "./fleet-fixture";

const fixture = new FleetFixture();
const { pki } = fixture;
afterAll(() => fixture.dispose());

const NAMES = "subjectAltName=DNS:fleet.example.com,DNS:localhost,IP:127.0.0.1";
const server = "fleet-server/install-command.sh";
const flag = (text: string) => (command: string) => command.replace("--non-interactive", `${text} --non-interactive`);
const without = (name: string) => (command: string) => command.replace(new RegExp(`--${name}=\\S+ `), "");
let serial = 0;

/** Another certificate for a key that is there. */
function reissue(t: Topology, file: string, key: string, extensions: string[], issuer = "fleet-ca", days = 397): void {
  const name = `reissued-${(serial += 1)}`;
  pki.certificate(name, { key, issuer, extensions, days, subject: `/CN=${key}` });
  t.write(file, pki.text(name));
}

/** For each fact, ways to break it and what is then said; each starts from a topology that is right. */
const CASES: readonly (readonly [number, string, (t: Topology) => void, string])[] = [
  [
    16,
    "an agent under a foreign CA",
    (t) => reissue(t, "agents/web-1/agent-cert.pem", "web-1", CLIENT, "es-ca"),
    "error agents/web-1/agent-cert.pem: is refused by fleet-server's CA list",
  ],
  [
    16,
    "an agent without a certificate",
    (t) =>
      t.edit("agents/web-1/install-command.sh", (text) =>
        text.replace(/--elastic-agent-cert[^-]\S* /g, "").replace(/--elastic-agent-cert-key\S* /g, ""),
      ),
    "error agents/web-1: names no client certificate",
  ],
  [
    17,
    "a fleet cert under a foreign CA",
    (t) => reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...SERVER, NAMES], "es-ca"),
    "error fleet-server/fleet-cert.pem: is refused by --certificate-authorities",
  ],
  [
    17,
    "a command without a CA list",
    (t) => t.edit(server, without("certificate-authorities")),
    "error fleet-server: has no --certificate-authorities",
  ],
  [
    20,
    "an encrypted ES client key",
    (t) => t.write("fleet-server/fleet-es-cert-key.pem", pki.text("agent-cert-encrypted")),
    "error fleet-server/fleet-es-cert-key.pem: is encrypted, and no flag names a passphrase",
  ],
  [
    30,
    "an agent that trusts the Elasticsearch CA",
    (t) =>
      t.edit("agents/web-1/install-command.sh", (text) =>
        text.replace("fleet-ca.pem", "fleet-ca.pem,/etc/elastic-agent/certs/es-ca.pem"),
      ),
    "warning agents/web-1: trusts the Elasticsearch CA",
  ],
  [
    35,
    "a newline after the passphrase",
    (t) => t.edit("agents/web-1/agent-cert-key-passphrase", (text) => `${text}\n`),
    "error agents/web-1/agent-cert-key-passphrase: has a newline",
  ],
  [35, "an empty passphrase", (t) => t.write("agents/web-1/agent-cert-key-passphrase", ""), "is empty"],
  [
    35,
    "a passphrase in UTF-16",
    (t) => t.write("agents/web-1/agent-cert-key-passphrase", Buffer.from(PASSPHRASE, "utf16le")),
    "UTF-16",
  ],
  [
    36,
    "a newline after the token",
    (t) => t.edit("fleet-server/service-token", (text) => `${text}\r\n`),
    "error fleet-server/service-token: has a newline, which counts as part of the token",
  ],
  [
    37,
    "a byte order mark",
    (t) => t.edit("fleet-server/fleet-ca.pem", (text) => `\ufeff${text}`),
    "error fleet-server/fleet-ca.pem: starts with a byte order mark",
  ],
  [
    37,
    "DER",
    (t) => t.write("fleet-server/fleet-cert.pem", pki.read("fleet-cert").raw),
    "error fleet-server/fleet-cert.pem: is DER",
  ],
  [
    37,
    "a damaged key",
    (t) => t.edit("fleet-server/fleet-cert-key.pem", (text) => text.slice(0, 100)),
    "error fleet-server/fleet-cert-key.pem: line 1: the block has no end",
  ],
  [
    38,
    "the CA first",
    (t) => t.edit("elasticsearch/es-cert.pem", () => pki.text("es-ca") + pki.text("es-cert")),
    "error elasticsearch/es-cert.pem: begins with the CA CN=es-ca",
  ],
  [
    39,
    "another key",
    (t) => t.copy("fleet-server/fleet-es-cert-key.pem", "fleet-server/fleet-cert-key.pem"),
    "error fleet-server/fleet-cert-key.pem: does not belong to the first certificate",
  ],
  [
    39,
    "another passphrase",
    (t) => t.write("agents/web-1/agent-cert-key-passphrase", "wrong"),
    "error agents/web-1/agent-cert-key.pem: is not decrypted by its passphrase",
  ],
  [
    40,
    "a legacy key",
    (t) => t.write("agents/web-1/agent-cert-key.pem", legacyKey()),
    "is encrypted in the legacy DEK-Info format",
  ],
  [
    40,
    "a command without the passphrase",
    (t) => t.edit("agents/web-1/install-command.sh", without("elastic-agent-cert-key-passphrase")),
    "is encrypted, and the command names no passphrase for it",
  ],
  [
    41,
    "an encrypted key, under FIPS",
    () => undefined,
    "error agents/web-1/agent-cert-key.pem: is encrypted, which the FIPS build does not read",
  ],
  [
    42,
    "a key that others may read",
    (t) => chmodSync(t.path("fleet-server/fleet-cert-key.pem"), 0o644),
    "error fleet-server/fleet-cert-key.pem: has mode 0644",
  ],
  [
    42,
    "a token that others may read",
    (t) => chmodSync(t.path("fleet-server/service-token"), 0o640),
    "error fleet-server/service-token: has mode 0640",
  ],
  [
    42,
    "a folder that others may enter",
    (t) => chmodSync(t.path("fleet-server"), 0o711),
    "error fleet-server: has mode 0711",
  ],
  [
    42,
    "a link at a key's path",
    (t) => link(t, "fleet-server/fleet-cert-key.pem"),
    "error fleet-server/fleet-cert-key.pem: is a symbolic link",
  ],
  [
    42,
    "the key of a CA",
    (t) => t.write("fleet-server/fleet-ca-key.pem", pki.text("fleet-ca-key")),
    "error fleet-server/fleet-ca-key.pem: is the private key of a CA",
  ],
  [
    42,
    "a token in a script that others may read",
    (t) => t.edit("agents/web-1/install-command.sh", (text) => text.replace(/"\$\{FLEET[^"]*"/, TOKEN)),
    "error agents/web-1/install-command.sh: has mode 0644",
  ],
  [
    43,
    "a key in a bundle",
    (t) => t.edit("fleet-server/fleet-ca.pem", (text) => text + pki.text("web-1-key")),
    "error fleet-server/fleet-ca.pem: has a private key among its certificates",
  ],
  [
    43,
    "an empty bundle",
    (t) => t.write("elasticsearch/es-client-ca.pem", ""),
    "error elasticsearch/es-client-ca.pem: is empty",
  ],
  [
    44,
    "a Logstash key that is not PKCS#8",
    (t) => t.write("agents/web-1/logstash-key.pem", legacyKey()),
    "error agents/web-1/logstash-key.pem: is legacy DEK-Info, where Logstash",
  ],
  [
    45,
    "another URL",
    (t) => t.edit(server, (text) => text.replace("fleet.example.com", "other.example.com")),
    "error fleet-server/fleet-cert.pem: lacks the name other.example.com",
  ],
  [
    46,
    "no localhost",
    (t) => reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...SERVER, "subjectAltName=DNS:fleet.example.com"]),
    "warning fleet-server/fleet-cert.pem: lacks the name localhost",
  ],
  [
    47,
    "an agent that dials another name",
    (t) => t.edit("agents/web-1/install-command.sh", (text) => text.replace("fleet.example.com", "other.example.com")),
    "error agents/web-1: dials other.example.com, which no fleet cert here has",
  ],
  [
    48,
    "another Elasticsearch URL",
    (t) => t.edit(server, (text) => text.replace("es.example.com", "10.0.0.9")),
    "error elasticsearch/es-cert.pem: lacks the name 10.0.0.9",
  ],
  [
    49,
    "a client certificate on the server",
    (t) => reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...CLIENT, NAMES]),
    "error fleet-server/fleet-cert.pem: has extended key usage clientAuth, and is used for serverAuth",
  ],
  [
    50,
    "a server certificate on a client",
    (t) => reissue(t, "agents/web-1/agent-cert.pem", "web-1", SERVER, "agent-ca"),
    "error agents/web-1/agent-cert.pem: has extended key usage serverAuth, and is used for clientAuth",
  ],
  [
    51,
    "one pair in both roles",
    (t) => reuse(t),
    "error fleet-server/fleet-cert.pem: has extended key usage serverAuth, and is used for clientAuth",
  ],
  [
    52,
    "a leaf as CA",
    (t) => t.write("fleet-server/fleet-ca.pem", pki.text("fleet-cert")),
    "error fleet-server/fleet-ca.pem: is not a certificate authority",
  ],
  [
    53,
    "a path that is too long",
    (t) => deepen(t),
    "error fleet-server/fleet-cert.pem: is refused by --certificate-authorities: has 1 CAs below CN=shallow",
  ],
  [
    54,
    "a leaf that outlives its CA",
    (t) => reissue(t, "agents/web-1/agent-cert.pem", "web-1", CLIENT, "agent-ca", 4000),
    "",
  ],
  [
    55,
    "a missing intermediate",
    (t) => intermediate(t),
    "error fleet-server/fleet-cert.pem: is refused by --certificate-authorities: is issued by CN=between, which is neither",
  ],
  [
    55,
    "another Elasticsearch CA",
    (t) => t.write("agents/web-1/es-ca.pem", pki.text("agent-ca")),
    "error elasticsearch/es-cert.pem: is refused by agents/web-1's es-ca.pem",
  ],
  [56, "two CAs of one name", (t) => twins(t), "two CAs with different keys have one name, CN=fleet-ca"],
  [
    57,
    "a fingerprint of nothing that is served",
    (t) => t.edit(server, flag(`--fleet-server-es-ca-trusted-fingerprint=${"ab".repeat(32)}`)),
    "error elasticsearch/es-cert.pem: serves no CA with the fingerprint",
  ],
  [
    57,
    "a leaf served alone",
    (t) => serveAlone(t),
    "error elasticsearch/es-cert.pem: serves no CA with the fingerprint",
  ],
  [
    58,
    "a pin of another key",
    (t) => t.edit(server, flag(`--ca-sha256=${pki.read("es-ca").spkiPinSha256}`)),
    "error fleet-server: has a --ca-sha256 that is of no certificate of the chain",
  ],
  [
    58,
    "an agent's pin of another key",
    (t) => t.edit("agents/web-1/install-command.sh", flag(`--ca-sha256=${pki.read("es-ca").spkiPinSha256}`)),
    "error agents/web-1: has a --ca-sha256",
  ],
  [
    59,
    "client CAs without the agents'",
    (t) => t.write("elasticsearch/es-client-ca.pem", pki.text("es-ca")),
    "error agents/web-1/agent-cert.pem: is refused by elasticsearch's es-client-ca.pem",
  ],
  [
    59,
    "client CAs without Fleet Server's",
    (t) => t.write("elasticsearch/es-client-ca.pem", pki.text("agent-ca")),
    "error fleet-server/fleet-es-cert.pem: is refused by elasticsearch's es-client-ca.pem",
  ],
  [
    61,
    "a host that a rotation has not reached",
    (t) => introduce(t),
    "warning agents/web-1/fleet-ca.pem: does not hold the same CAs as fleet-server's",
  ],
];

test("a topology that is right has no finding, and every fact with something to check holds", async () => {
  const t = fixture.topology();
  const pin = `--ca-sha256=${pki.read("fleet-ca").spkiPinSha256}`;
  const fingerprint = `--fleet-server-es-ca-trusted-fingerprint=${pki.read("es-ca").fingerprintSha256.toUpperCase()}`;
  t.edit(server, flag(`${pin} ${fingerprint} --header=a=b`));
  t.write("agents/web-1/logstash-key.pem", pki.text("web-1-key"));
  const { lines, facts } = await verifyJson(t, ["--stack-version", "9.5.2"]);
  expect(lines).toEqual([]);
  expect(facts.filter(({ status }) => status !== "holds").map(({ fact, status }) => [fact, status])).toEqual([
    [19, "nothing to check"],
    [31, "nothing to check"],
    [41, "nothing to check"],
    [51, "nothing to check"],
    [60, "cannot be checked"],
  ]);
});

test.each(CASES.filter(([, , , line]) => line !== ""))("fact %i: names %s", async (fact, _, spoil, line) => {
  const t = fixture.topology();
  spoil(t);
  const { lines, facts, findings } = await verifyJson(t, fact === 41 ? ["--fips"] : []);
  expect(lines).toContainEqual(expect.stringContaining(line));
  expect(facts.find((one) => one.fact === fact)!.status).toBe("broken");
  const printed = JSON.stringify(findings) + (await fleetTls(["verify", t.root])).out;
  for (const secret of [PASSPHRASE, TOKEN, pki.text("fleet-cert-key").split("\n")[1]!]) {
    expect(printed).not.toContain(secret);
  }
});

test("fact 54: names what has ended, is not yet valid, or outlives its CA", async () => {
  const t = fixture.topology();
  const years = (count: number) => new Date(Date.now() + count * 365 * 86_400_000);
  expect((await verifyJson(t, [], years(2))).lines).toContainEqual(
    expect.stringContaining("fleet-cert.pem: CN=fleet-cert: expired on"),
  );
  expect((await verifyJson(t, [], years(-1))).lines).toContainEqual(
    expect.stringContaining("CN=fleet-cert: not valid before"),
  );
  reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...SERVER, NAMES], "fleet-ca", 4000);
  expect((await verifyJson(t)).lines).toEqual([
    expect.stringMatching(
      /^warning fleet-server\/fleet-cert.pem: is valid until .*, longer than its CA CN=fleet-ca \(54\)$/,
    ),
  ]);
});

test("each of facts 35 to 61 is broken by a case, or named as not checkable with its reason", () => {
  const broken = new Set(CASES.map(([fact]) => fact));
  for (const [fact, { uncheckable }] of Object.entries(FACTS).filter(([number]) => Number(number) >= 35)) {
    expect([fact, broken.has(Number(fact)) || uncheckable !== undefined]).toEqual([fact, true]);
  }
  expect(Object.keys(FACTS)).toHaveLength(61);
});

test("one-way: the page's first command is right but for its port and its prompt", async () => {
  const t = fixture.topology();
  rmSync(t.path("agents"), { recursive: true });
  const page = pageCommand(0)
    .replace("your-fleet-server.elastic.co", "fleet.example.com")
    .replace("es.elastic.com", "es.example.com");
  bareNames(t, page);
  const { lines } = await verifyJson(t);
  expect(lines).toEqual([
    "error fleet-server/install-command.sh: asks before it installs, so a script hangs (25)",
    "error fleet-server/install-command.sh: has mode 0644, so others than its owner may use it (42)",
    "warning fleet-server/install-command.sh: has a --url with port 443 while Fleet Server listens on 8220 (6)",
  ]);
});

test("mutual: names the mistakes of the page's second command", async () => {
  const t = fixture.topology();
  bareNames(t, pageCommand(1));
  const { lines } = await verifyJson(t);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringContaining("has --elastic-agent-cert-key twice, of which the last wins"),
      expect.stringContaining("agent-cert-key-passphrase: cannot be read: private key"),
      expect.stringContaining("asks before it installs"),
      expect.stringContaining("lacks the name your-fleet-server.elastic.co"),
      expect.stringContaining("lacks the name es.elastic.com"),
    ]),
  );
});

test("tells what a command names and a folder lacks: on the host an error, in a staging area no more than a warning", async () => {
  const t = fixture.topology();
  rmSync(t.path("fleet-server/es-ca.pem"));
  rmSync(t.path("fleet-server/service-token"));
  rmSync(t.path("fleet-server/fleet-cert-key.pem"));
  const { lines, notes } = await verifyJson(t);
  expect(lines).toEqual(["warning fleet-server/es-ca.pem: is named by the command and is not in the folder ()"]);
  expect(notes.map((note) => note.replace(`${t.root}/`, ""))).toEqual([
    "fleet-server/fleet-cert-key.pem is not in the folder: not checked, it has to lie on the host",
    "fleet-server/service-token is not in the folder: not checked, it has to lie on the host",
  ]);
  t.edit(server, (text) => text.split("/etc/elastic-agent/certs").join(t.path("fleet-server")));
  expect((await verifyJson(t)).lines).toEqual(
    ["es-ca.pem", "fleet-cert-key.pem", "service-token"].map(
      (name) => `error fleet-server/${name}: is named by the command and is not there ()`,
    ),
  );
});

test("an unprivileged agent reads its keys by its group", async () => {
  const t = fixture.topology();
  t.edit("agents/web-1/install-command.sh", flag("--unprivileged"));
  for (const name of ["agent-cert-key.pem", "agent-cert-key-passphrase"]) {
    chmodSync(t.path(`agents/web-1/${name}`), 0o640);
  }
  chmodSync(t.path("agents/web-1"), 0o750);
  expect((await verifyJson(t)).lines).toEqual([]);
});

test("does not hang on a pipe, and does not read what is no file", async () => {
  const t = fixture.topology();
  rmSync(t.path("fleet-server/es-ca.pem"));
  execFileSync("mkfifo", [t.path("fleet-server/es-ca.pem")]);
  expect((await verifyJson(t)).lines).toContainEqual(expect.stringContaining("es-ca.pem: is no regular file"));
});

test("prints one aligned line a finding, facts, and a summary for people", async () => {
  const t = fixture.topology();
  t.edit("fleet-server/service-token", (text) => `${text}\n`);
  chmodSync(t.path("agents/web-1/agent-cert-key.pem"), 0o604);
  const { code, out } = await fleetTls(["verify", t.root]);
  expect(code).toBe(1);
  expect(
    out
      .split(t.root)
      .join("TREE")
      .replace(/\d+ d$/m, "N d"),
  ).toBe(
    [
      "error  TREE/agents/web-1/agent-cert-key.pem  has mode 0604, so others than its owner may use it; chmod 600; replace the secret if others use this machine (fact 42)",
      "error  TREE/fleet-server/service-token       has a newline, which counts as part of the token; write it again with printf %s, which adds none (fact 36)",
      "",
      "3 hosts, 14 certificates: 2 errors, 0 warnings",
      "facts 35 to 61: 19 hold, 2 broken, 5 with nothing to check here, 1 not to be seen in files (--facts names them)",
      "first to end: TREE/agents/web-1/agent-cert.pem, in N d",
      "",
    ].join("\n"),
  );
  expect((await fleetTls(["verify", "--facts", t.root])).out).toContain("60  cannot be checked  the output in Kibana");
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
  expect(out).toContain("other.ps1  asks before it installs");
  expect((await fleetTls(["verify", "--command", file, t.root])).err).toContain("is for one host, got 3 host folders");
});

test("a tree of several topologies is checked one by one", async () => {
  const t = fixture.topology();
  mkdirSync(t.path("mutual"));
  ["fleet-server", "agents", "elasticsearch"].forEach((name) => renameSync(t.path(name), t.path(`mutual/${name}`)));
  t.addHost("other/elasticsearch", { "es-ca.pem": pki.text("agent-ca") });
  expect((await verifyJson(t)).lines).toEqual([]);
});

function legacyKey(): string {
  pki.openssl("ec", "-in", "web-1-key.pem", "-aes256", "-passout", `pass:${PASSPHRASE}`, "-out", "legacy.pem");
  return pki.text("legacy");
}

function link(t: Topology, file: string): void {
  renameSync(t.path(file), t.path("elsewhere"));
  symlinkSync(t.path("elsewhere"), t.path(file));
}

function reuse(t: Topology): void {
  t.copy("fleet-server/fleet-cert.pem", "fleet-server/agent-cert.pem");
  t.copy("fleet-server/fleet-cert-key.pem", "fleet-server/agent-cert-key.pem");
}

function deepen(t: Topology): void {
  pki.certificate("shallow", { extensions: ["basicConstraints=critical,CA:TRUE,pathlen:0", ...CA.slice(1)] });
  pki.certificate("below", { issuer: "shallow" });
  reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...SERVER, NAMES], "below");
  t.edit("fleet-server/fleet-cert.pem", (text) => text + pki.text("below"));
  t.write("fleet-server/fleet-ca.pem", pki.text("shallow"));
}

function intermediate(t: Topology): void {
  pki.certificate("between", { issuer: "fleet-ca" });
  reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...SERVER, NAMES], "between");
}

function twins(t: Topology): void {
  pki.certificate("twin", { subject: "/CN=fleet-ca" });
  t.edit("fleet-server/fleet-ca.pem", (text) => text + pki.text("twin"));
}

function serveAlone(t: Topology): void {
  t.edit(server, flag(`--fleet-server-es-ca-trusted-fingerprint=${pki.read("es-ca").fingerprintSha256}`));
  t.write("elasticsearch/es-cert.pem", pki.text("es-cert"));
}

function introduce(t: Topology): void {
  pki.certificate("fleet-ca-2");
  t.edit("fleet-server/fleet-ca.pem", (text) => text + pki.text("fleet-ca-2"));
}

/** The page's own file names, which have no ending. */
function bareNames(t: Topology, command: string): void {
  for (const name of ["fleet-ca", "agent-ca", "es-ca", "fleet-cert", "agent-cert", "fleet-es-cert"]) {
    renameSync(t.path(`fleet-server/${name}.pem`), t.path(`fleet-server/${name}`));
    if (name.endsWith("cert")) {
      renameSync(t.path(`fleet-server/${name}-key.pem`), t.path(`fleet-server/${name}-key`));
    }
  }
  t.write(server, command);
}

function pageCommand(which: number): string {
  return `${readFileSync(`${__dirname}/tls-overview-commands.txt`, "utf8").split("\n\n")[which]}\n`;
}
