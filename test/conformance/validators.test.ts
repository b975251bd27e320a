import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fleetPki } from "./pki";
import { missing, onDemandNames, validatorNames } from "./programs";
import type { ConnectRequest, Request, ServeRequest, VerifyRequest } from "./protocol";
import { startValidators } from "./validators";
import type { Validator, Validators } from "./validators";
import { fromJavaScript } from "../support/javascript";

const directory = mkdtempSync(join(tmpdir(), "conformance-"));
const pki = fleetPki(directory);
const names = process.env["CONFORMANCE_ON_DEMAND"] ? [...validatorNames, ...onDemandNames] : validatorNames;
let all: Validators;
let servers: Validator[];
let clients: Validator[];

beforeAll(async () => {
  all = await startValidators(names);
  servers = all.validators.filter((validator) => validator.can("serve"));
  clients = all.validators.filter((validator) => validator.can("connect"));
});

afterAll(async () => {
  await all.close();
  rmSync(directory, { recursive: true, force: true });
});

function pair(name: string): Pick<ConnectRequest, "certificate" | "key" | "passphrase"> {
  return { certificate: pki.path(`${name}.pem`), key: pki.path(`${name}-key.pem`), passphrase: null };
}

/** The agent's key is encrypted; a stack that reads no such key gets its plain copy. */
function agentPair(client: Validator): Pick<ConnectRequest, "certificate" | "key" | "passphrase"> {
  const encrypted = { ...pair("agent-cert"), passphrase: pki.path("agent-cert-key-passphrase") };
  const plain = { ...encrypted, key: pki.path("agent-cert-plain-key.pem"), passphrase: null };
  return client.capabilities.keys.includes("pkcs8-encrypted") ? encrypted : plain;
}

/** Serves for as long as `work` runs. */
async function whileServing(
  validator: Validator,
  request: Partial<ServeRequest>,
  work: (port: number) => Promise<void>,
): Promise<void> {
  const serving = await validator.request({ op: "serve", ...request });
  if (!serving.ok) {
    throw new Error(serving.error);
  }
  await work(serving.port);
  expect(await validator.request({ op: "close", server: serving.server })).toMatchObject({ ok: true });
}

const refused = { ok: false, error: expect.stringMatching(/./) };
const verified = { ok: true, clientCertificate: true };

/** Connects as an agent would, but for the changes. */
function knock(client: Validator, port: number, changes: Partial<ConnectRequest> = {}) {
  const cas = [pki.path("fleet-ca.pem")];
  return client.request({
    op: "connect",
    port,
    serverName: "fleet.example.com",
    cas,
    ...agentPair(client),
    ...changes,
  });
}

test("every validator starts, or says why not", () => {
  const skipped = all.skipped.map(({ name }) => name);
  expect([...all.validators.map(({ name }) => name), ...skipped].sort()).toEqual([...names].sort());
  // What is there, or could be installed, is not skipped; a library may still be out of reach.
  expect(skipped).toEqual(expect.arrayContaining(names.filter((name) => missing(name) !== undefined)));
  expect(all.skipped.filter(({ reason }) => reason === "")).toEqual([]);
});

test("every client accepts every server, and every server every client", async () => {
  for (const server of servers) {
    const mutual = { ...pair("fleet-cert"), clientCas: [pki.path("agent-ca.pem")], clientAuth: "required" as const };
    await whileServing(server, mutual, async (port) => {
      for (const client of clients) {
        for (const serverName of ["fleet.example.com", "127.0.0.1"]) {
          expect([server.name, client.name, await knock(client, port, { serverName })]).toEqual([
            server.name,
            client.name,
            expect.objectContaining(verified),
          ]);
        }
      }
    });
  }
});

test("every server refuses a missing, a foreign and a misused client certificate, and old TLS", async () => {
  for (const server of servers) {
    const mutual = { ...pair("fleet-cert"), clientCas: [pki.path("agent-ca.pem")], clientAuth: "required" as const };
    await whileServing(server, mutual, async (port) => {
      for (const client of clients) {
        const attempts: Partial<ConnectRequest>[] = [
          { certificate: null, key: null, passphrase: null },
          pair("foreign-cert"),
          pair("server-as-client"),
          { maxVersion: "TLSv1.1" },
        ];
        for (const attempt of attempts) {
          expect([server.name, client.name, await knock(client, port, attempt)]).toEqual([
            server.name,
            client.name,
            expect.objectContaining(refused),
          ]);
        }
      }
    });
  }
});

test("every client refuses a foreign authority, a wrong name, a wrong address, a misused certificate and old TLS", async () => {
  for (const server of servers) {
    for (const [served, attempt] of [
      ["fleet-cert", { cas: [pki.path("foreign-ca.pem")] }],
      ["fleet-cert", { serverName: "other.example.com" }],
      ["fleet-cert", { serverName: "127.0.0.2" }],
      ["client-as-server", {}],
    ] as [string, Partial<ConnectRequest>][]) {
      await whileServing(server, pair(served), async (port) => {
        for (const client of clients) {
          expect(await knock(client, port, attempt)).toMatchObject(refused);
        }
      });
    }
    if (server.capabilities.oldest > "TLSv1.1") {
      continue;
    }
    await whileServing(server, { ...pair("fleet-cert"), maxVersion: "TLSv1.1" }, async (port) => {
      for (const client of clients) {
        expect(await knock(client, port)).toMatchObject(refused);
      }
    });
  }
});

test("under optional a client without a certificate is let in, and is not taken for one with it", async () => {
  for (const server of servers) {
    const client = server.can("connect") ? server : clients[0]!;
    const optional = { ...pair("fleet-cert"), clientCas: [pki.path("agent-ca.pem")], clientAuth: "optional" as const };
    await whileServing(server, optional, async (port) => {
      const anonymous = { certificate: null, key: null, passphrase: null };
      expect(await knock(client, port, anonymous)).toMatchObject({ ok: true, clientCertificate: false });
      expect(await knock(client, port)).toMatchObject(verified);
      const lenient = server.capabilities.optionalUnknown === "anonymous" || client.capabilities.withholds;
      const unknown = await knock(client, port, pair("foreign-cert"));
      expect(unknown).toMatchObject(lenient ? { ok: true, clientCertificate: false } : refused);
    });
  }
});

test("elasticsearch's settings are read by its own library, paths relative to its configuration directory", async () => {
  const settings = {
    "xpack.security.http.ssl.enabled": true,
    "xpack.security.http.ssl.certificate": "es-cert.pem",
    "xpack.security.http.ssl.key": "es-cert-key.pem",
    "xpack.security.http.ssl.certificate_authorities": ["agent-ca.pem"],
    "xpack.security.http.ssl.client_authentication": "required",
  };
  for (const server of servers.filter(({ capabilities }) => capabilities.settings)) {
    await whileServing(server, { settings, configurationDirectory: directory }, async (port) => {
      for (const client of clients) {
        const elasticsearch = { serverName: "es.example.com", cas: [pki.path("es-ca.pem")] };
        const anonymous = { certificate: null, key: null, passphrase: null };
        expect(await knock(client, port, elasticsearch)).toMatchObject(verified);
        expect(await knock(client, port, { ...elasticsearch, ...anonymous })).toMatchObject(refused);
        expect(await knock(client, port, { ...elasticsearch, ...pair("foreign-cert") })).toMatchObject(refused);
      }
    });
    const outside = { settings: { ...settings, "xpack.security.http.ssl.key": "no-such.pem" } };
    expect(await server.request({ op: "serve", ...outside, configurationDirectory: directory })).toMatchObject(refused);
  }
});

test("paths are validated without a connection where the stack can", async () => {
  const cas = [pki.path("fleet-ca.pem")];
  const good: VerifyRequest = { op: "verify", chain: pki.path("fleet-cert.pem"), cas, purpose: "server" };
  for (const validator of all.validators.filter((each) => each.can("verify"))) {
    const { verifies } = validator.capabilities;
    expect(await validator.request(good)).toMatchObject({ ok: true });
    expect(await validator.request({ ...good, purpose: "client" })).toMatchObject(refused);
    expect(await validator.request({ ...good, cas: [pki.path("es-ca.pem")] })).toMatchObject(refused);
    for (const [name, ok] of [
      ["fleet.example.com", true],
      ["127.0.0.1", true],
      ["other.example.com", false],
      ["127.0.0.2", false],
    ] as const) {
      const answer = await validator.request({ ...good, name });
      expect([validator.name, name, answer.ok]).toEqual([validator.name, name, ok && verifies.includes("name")]);
    }
    for (const [days, ok] of [
      [-3, false],
      [1, true],
      [20, false],
    ] as const) {
      const at = Math.floor(Date.now() / 1000) + days * 86_400;
      const answer = await validator.request({ ...good, at });
      expect([validator.name, days, answer.ok]).toEqual([validator.name, days, ok && verifies.includes("time")]);
    }
  }
});

test("a request that fails does not end the process", async () => {
  for (const validator of all.validators) {
    expect(await validator.request({ op: "serve", certificate: "/no/such", key: "/no/such" })).toMatchObject(refused);
    expect(await validator.request({ op: "close", server: "99" })).toMatchObject(refused);
    expect(await validator.request(fromJavaScript<Request>({ op: "nonsense" }))).toMatchObject(refused);
    expect(await validator.request({ op: "capabilities" })).toMatchObject({ ok: true });
  }
});
