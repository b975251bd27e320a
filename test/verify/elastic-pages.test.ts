import { createHash } from "node:crypto";
import { renameSync, rmSync } from "node:fs";

import { CLIENT } from "../support/pki";
import { CheckFixture, pageCommand, SERVER_SCRIPT as server } from "./check-fixture";
import type { Topology } from "./fleet-fixture";
import { PASSPHRASE, verifyJson } from "./fleet-fixture";

// What a person gets who follows Elastic's own pages (reference, "Doc commands that fail against the code").
const fixture = new CheckFixture();
const { pki } = fixture;
afterAll(() => fixture.dispose());

/** A topology with nothing but the Fleet Server's folder. */
function serverAlone(): Topology {
  const t = fixture.topology();
  for (const folder of ["agents", "kibana", "outputs", "elasticsearch"]) {
    rmSync(t.path(folder), { recursive: true });
  }
  return t;
}

/** What is said, without the mode of the script, in which the pages put the service token. */
async function linesOf(t: Topology): Promise<string[]> {
  return (await verifyJson(t)).lines.filter((line) => !line.includes("install-command.sh: has mode"));
}

const said = (...lines: string[]): unknown =>
  expect.arrayContaining(lines.map((line) => expect.stringContaining(line)));

test("one-way: the page's first command is right but for its port and its prompt", async () => {
  const t = fixture.topology();
  rmSync(t.path("agents"), { recursive: true });
  rmSync(t.path("outputs"), { recursive: true });
  const page = pageCommand("one-way")
    .replace("your-fleet-server.elastic.co", "fleet.example.com")
    .replace("es.elastic.com", "es.example.com");
  bareNames(t, page);
  const { lines } = await verifyJson(t);
  expect(lines).toEqual([
    "error fleet-server/install-command.sh: --non-interactive is missing, and install asks before it goes on, so a script hangs (25)",
    "error fleet-server/install-command.sh: has mode 0644, so others than its owner may use it (42)",
    "warning fleet-server/install-command.sh: --url has port 443 while Fleet Server listens on 8220 (6)",
  ]);
});

test("mutual: names the mistakes of the page's second command", async () => {
  const t = fixture.topology();
  bareNames(t, pageCommand("mutual"));
  const { lines } = await verifyJson(t);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringContaining("--elastic-agent-cert-key is there twice, and the last one wins"),
      expect.stringContaining("agent-cert-key-passphrase: cannot be read: private key"),
      expect.stringContaining("--non-interactive is missing"),
      expect.stringContaining("lacks the name your-fleet-server.elastic.co"),
      expect.stringContaining("lacks the name es.elastic.com"),
    ]),
  );
});

test("secure-connections: one encrypted pair in every role, and a --url by address", async () => {
  const t = serverAlone();
  const pair = [...["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-iter", "1000", "-passout", `pass:${PASSPHRASE}`]];
  pki.openssl(...pair, "-in", "fleet-cert-key.pem", "-out", "fleet-server-encrypted.pem");
  t.write("fleet-server/fleet-server.crt", pki.text("fleet-cert"));
  t.write("fleet-server/fleet-server.key", pki.text("fleet-server-encrypted"));
  t.write("fleet-server/passphrase-file", PASSPHRASE);
  t.write(
    server,
    `sudo ./elastic-agent install \\
   --url=https://192.0.2.1:8220 \\
   --fleet-server-es=https://192.0.2.0:9200 \\
   --fleet-server-service-token=TOKEN \\
   --fleet-server-policy=fleet-server-policy \\
   --fleet-server-es-ca=/certs/es-ca.pem \\
   --certificate-authorities=/certs/fleet-ca.pem \\
   --fleet-server-cert=/certs/fleet-server.crt \\
   --fleet-server-cert-key=/certs/fleet-server.key \\
   --fleet-server-port=8220 \\
   --elastic-agent-cert=/tmp/fleet-server.crt \\
   --elastic-agent-cert-key=/tmp/fleet-server.key \\
   --elastic-agent-cert-key-passphrase=/tmp/fleet-server/passphrase-file \\
   --fleet-server-es-cert=/tmp/fleet-server.crt \\
   --fleet-server-es-cert-key=/tmp/fleet-server.key \\
   --fleet-server-client-auth=required
`,
  );
  expect(await linesOf(t)).toEqual(
    said(
      "install-command.sh: --non-interactive is missing, and install asks before it goes on, so a script hangs (25)",
      "fleet-server.crt: lacks the name 192.0.2.1",
      "fleet-server.crt: has extended key usage serverAuth, and is used for clientAuth (51)",
      "fleet-server.key: is encrypted, and the command names no passphrase for it (40)",
      "fleet-server.key: is encrypted, and no flag names a passphrase for it (20)",
    ),
  );
});

test("deploy-fleet-server: mutual without --url, without the agent's own pair, and with the agent CA alone", async () => {
  const t = serverAlone();
  t.write(
    server,
    `elastic-agent install \\
  --fleet-server-es=https://es.example.com:9200 \\
  --fleet-server-service-token=TOKEN \\
  --fleet-server-policy=fleet-server-policy-id \\
  --fleet-server-cert=/certs/fleet-cert.pem \\
  --fleet-server-cert-key=/certs/fleet-cert-key.pem \\
  --certificate-authorities=/certs/agent-ca.pem \\
  --fleet-server-client-auth=required
`,
  );
  expect(await linesOf(t)).toEqual(
    said(
      "install-command.sh: --url is missing (4)",
      "install-command.sh: --elastic-agent-cert is missing, and Fleet Server would refuse its own agent (15)",
      "install-command.sh: --elastic-agent-cert-key is missing, and Fleet Server would refuse its own agent (15)",
      "install-command.sh: --non-interactive is missing, and install asks before it goes on, so a script hangs (25)",
      "fleet-cert.pem: is refused by --certificate-authorities: is issued by CN=fleet-ca",
    ),
  );
});

test("certificates-rotation: lists with a blank, and two Elasticsearch CAs", async () => {
  const t = serverAlone();
  const enroll = (cas: string): string =>
    `elastic-agent enroll --force --url=https://fleet.example.com:8220 --fleet-server-es=https://es.example.com:9200 \\
  --fleet-server-service-token=TOKEN --fleet-server-cert=/certs/fleet-cert.pem \\
  --fleet-server-cert-key=/certs/fleet-cert-key.pem ${cas}\n`;
  t.write(server, enroll("--certificate-authorities /certs/fleet-ca.pem, /certs/agent-ca.pem"));
  expect(await linesOf(t)).toEqual(
    said(
      "a word after --certificate-authorities belongs to no flag",
      "--certificate-authorities contains an empty path",
    ),
  );
  const cas = "--certificate-authorities /certs/fleet-ca.pem";
  t.write(server, enroll(`${cas} --fleet-server-es-ca /certs/es-ca.pem, /certs/es-ca-2.pem`));
  expect(await linesOf(t)).toEqual(
    said("a word after --fleet-server-es-ca belongs to no flag", "--fleet-server-es-ca is a list"),
  );
  t.write(server, enroll(`${cas} --fleet-server-es-ca '/certs/es-ca.pem,/certs/es-ca-2.pem'`));
  expect(await linesOf(t)).toEqual(said("--fleet-server-es-ca is a list, or a path with a comma (11)"));
});

test("ssl-configuration: a pin of the certificate instead of its public key", async () => {
  const t = serverAlone();
  const pin = createHash("sha256").update(pki.read("fleet-ca").raw).digest("base64");
  t.edit(server, (text) => text.replace("--non-interactive", `--ca-sha256=${pin} --non-interactive`));
  expect(await linesOf(t)).toEqual([
    "error fleet-server: has a --ca-sha256 that matches no certificate of the chain (58)",
  ]);
});

test("agent-environment-variables: a passphrase that no container reads", async () => {
  const t = serverAlone();
  rmSync(t.path("fleet-server"), { recursive: true });
  t.addHost("agents/web-1", {
    "fleet-ca.pem": pki.text("fleet-ca"),
    "agent-cert.pem": pki.text("web-1"),
    "agent-cert-key.pem": pki.text("web-1-encrypted"),
    "container.env": `FLEET_ENROLL=1
FLEET_URL=https://fleet.example.com:8220
FLEET_CA=/certs/fleet-ca.pem
ELASTIC_AGENT_CERT=/certs/agent-cert.pem
ELASTIC_AGENT_CERT_KEY=/certs/agent-cert-key.pem
ELASTIC_AGENT_CERT_KEY_PASSPHRASE=/certs/agent-cert-key-passphrase
FLEET_INSECURE=no
`,
  });
  expect(await linesOf(t)).toEqual([
    "error agents/web-1/agent-cert-key.pem: is encrypted, and the command names no passphrase for it (40)",
    "error agents/web-1/container.env: has ELASTIC_AGENT_CERT_KEY_PASSPHRASE, which no agent reads (40)",
  ]);
});

test("certutil without --dns: a name in the common name alone, and a client that is not of the CA", async () => {
  const t = serverAlone();
  fixture.reissue(t, "fleet-server/agent-cert.pem", "agent-cert", CLIENT, "es-ca");
  t.edit(server, (text) => text.replace("fleet.example.com", "fleet-cert"));
  pki.certificate("bare", { key: "fleet-cert", issuer: "fleet-ca", extensions: [], subject: "/CN=fleet-cert" });
  t.write("fleet-server/fleet-cert.pem", pki.text("bare"));
  expect(await linesOf(t)).toEqual(
    said(
      "error fleet-server/agent-cert.pem: is refused by --certificate-authorities",
      "warning fleet-server/fleet-cert.pem: has fleet-cert only in its common name, which Elastic accepts",
    ),
  );
});

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
