import { spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer as createPlainServer } from "node:net";
import type { Server, TlsOptions } from "node:tls";
import { createServer } from "node:tls";

import { SERVER } from "../support/pki";
import type { Topology } from "./fleet-fixture";
import { FleetFixture, fleetTls, PASSPHRASE } from "./fleet-fixture";

const fixture = new FleetFixture();
const { pki } = fixture;
const servers: { close(): void }[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));
afterAll(() => fixture.dispose());

/** A Fleet Server stand-in: answers a request, and asks for client certificates of the agent CA. */
async function serve(options: TlsOptions = {}): Promise<number> {
  const server: Server = createServer(
    {
      cert: pki.text("fleet-cert"),
      key: pki.text("fleet-cert-key"),
      ca: [pki.text("agent-ca")],
      requestCert: true,
      rejectUnauthorized: true,
      ...options,
    },
    (socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\n\r\n"));
    },
  );
  server.on("tlsClientError", () => undefined);
  servers.push(server);
  return listen(server);
}

function listen(server: { listen(port: number, host: string, done: () => void): unknown; address(): unknown }) {
  return new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

const connect = (t: Topology, port: number, host = "agents/web-1") =>
  fleetTls(["verify", "--connect", `127.0.0.1:${port}`, t.path(host)]);

test("a correct endpoint answers, with the agent's encrypted key, by the name of --url", async () => {
  const t = fixture.topology();
  const { code, out } = await connect(t, await serve());
  expect(out).toMatch(/note: .*--url fleet\.example\.com:8220 answers over TLSv1\.3, and its certificate is trusted/);
  expect(code).toBe(0);
  expect(out).not.toContain(PASSPHRASE);
});

test("reaches the command's own endpoints without an override, Elasticsearch's too", async () => {
  const t = fixture.topology();
  const es = await serve({ cert: pki.text("es-cert"), key: pki.text("es-cert-key"), ca: [pki.text("es-ca")] });
  const fleet = await serve();
  t.edit("fleet-server/install-command.sh", (text) =>
    text
      .replace("https://fleet.example.com:8220", `https://localhost:${fleet}`)
      .replace("https://es.example.com:9200", `https://127.0.0.1:${es}`),
  );
  const { code, out } = await fleetTls(["verify", t.path("fleet-server"), "--connect"]);
  expect(out).toContain(`--url localhost:${fleet} answers over TLSv1.3`);
  expect(out).toContain(
    `--fleet-server-es 127.0.0.1:${es}: its certificate lacks the name 127.0.0.1; names: es.example.com`,
  );
  expect(code).toBe(1);
});

test("says that an endpoint cannot be verified without the CA file that the command names", async () => {
  const t = fixture.topology();
  t.remove("agents/web-1/fleet-ca.pem");
  const { out } = await connect(t, await serve());
  expect(out).toContain("cannot be verified without CAs in the folder");
});

test("names an endpoint whose CA is not trusted, or that has another name", async () => {
  const t = fixture.topology();
  const names = "subjectAltName=DNS:other.example.com";
  pki.certificate("impostor", { issuer: "es-ca", extensions: [...SERVER, names] });
  const { code, out } = await connect(t, await serve({ cert: pki.text("impostor"), key: pki.text("impostor-key") }));
  expect(code).toBe(1);
  expect(out).toContain("its certificate is issued by CN=es-ca, which is neither in this file nor trusted here");
  expect(out).toContain("its certificate lacks the name fleet.example.com");
});

test("names a refusal of this host's certificate, which TLS 1.3 tells late", async () => {
  const t = fixture.topology();
  // OpenSSL sends the alerts that Go sends; Node closes without one.
  const refused = await connect(t, await serveWithOpenssl("es-ca"));
  expect(refused.out).toMatch(/refuses this host: .*unknown ca/i);
  const closed = await connect(t, await serve({ ca: [pki.text("es-ca")] }));
  expect(closed.out).toContain("closes the connection without an answer");
  t.edit("agents/web-1/install-command.sh", (text) =>
    text.replace(/--elastic-agent-cert(-key|-key-passphrase)?=\S+ /g, ""),
  );
  const missing = await connect(t, await serveWithOpenssl("agent-ca"));
  expect(missing.out).toMatch(/refuses this host: .*certificate required/i);
  expect([refused.code, closed.code, missing.code]).toEqual([1, 1, 1]);
});

function serveWithOpenssl(clientCa: string): Promise<number> {
  const pair = ["-cert", "fleet-cert.pem", "-key", "fleet-cert-key.pem"];
  const clients = ["-CAfile", `${clientCa}.pem`, "-Verify", "1", "-verify_return_error"];
  const server = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", "-www", ...pair, ...clients], {
    cwd: pki.folder,
  });
  servers.push({ close: () => server.kill() });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.stdout.on("data", (text: Buffer) => {
      const [, port] = /ACCEPT .*:(\d+)/.exec(text.toString()) ?? [];
      if (port !== undefined) {
        resolve(Number(port));
      }
    });
  });
}

test("names an endpoint that is not there, or speaks no TLS", async () => {
  const t = fixture.topology();
  expect((await connect(t, 1)).out).toContain(
    "--url fleet.example.com:8220: no handshake: nothing listens on this port (ECONNREFUSED)",
  );
  const plain = createPlainServer((socket) =>
    socket.on("error", () => undefined).end("HTTP/1.1 400 Bad Request\r\n\r\n"),
  );
  servers.push(plain);
  expect((await connect(t, await listen(plain))).out).toContain("no handshake: wrong version number");
});

test("finds the trusted fingerprint in the chain that is served, or names its lack", async () => {
  const pair = { key: pki.text("es-cert-key"), ca: [pki.text("es-ca")], cert: pki.text("es-cert") };
  const full = await serve({ ...pair, cert: pki.text("es-cert") + pki.text("es-ca") });
  const alone = await serve({ ...pair, ca: [pki.text("agent-ca")], requestCert: false });
  const fingerprint = pki.read("es-ca").fingerprintSha256;
  const run = async (port: number) => {
    const copy = fixture.topology();
    copy.edit("fleet-server/install-command.sh", (text) =>
      text
        .replace("https://es.example.com:9200", `https://localhost:${port}`)
        .replace(/--url=\S+ /, "")
        .replace("--non", `--fleet-server-es-ca-trusted-fingerprint=${fingerprint} --non`),
    );
    return (await fleetTls(["verify", "--connect", copy.path("fleet-server")])).out;
  };
  expect(await run(full)).not.toContain("has no CA with the trusted fingerprint");
  expect(await run(alone)).toContain("has no CA with the trusted fingerprint");
});
