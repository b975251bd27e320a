/** Node's own TLS, which Kibana runs on. */
import { readFileSync } from "node:fs";
import { createServer, request as httpsRequest } from "node:https";
import type { Server, ServerOptions } from "node:https";
import { isIP } from "node:net";
import type { AddressInfo } from "node:net";
import { checkServerIdentity, createSecureContext } from "node:tls";
import type { SecureContextOptions, TLSSocket } from "node:tls";
import { answerRequests, TIMEOUT } from "../answering";
import { Handles } from "../handles";
import type { Answers, ConnectRequest, Seen, ServeRequest, TlsVersion } from "../protocol";

const servers = new Handles<Server[]>("server");

function readAll(paths: string[] | undefined): string[] {
  return (paths ?? []).map((path) => readFileSync(path, "utf8"));
}

function contextOptions(request: ServeRequest | ConnectRequest): SecureContextOptions {
  const maxVersion = request.maxVersion ?? "TLSv1.3";
  const minVersion = request.minVersion ?? (maxVersion < "TLSv1.2" ? maxVersion : "TLSv1.2");
  return {
    cert: request.certificate ? readFileSync(request.certificate) : undefined,
    key: request.key ? readFileSync(request.key) : undefined,
    passphrase: request.passphrase ? readFileSync(request.passphrase, "utf8") : undefined,
    minVersion,
    maxVersion,
    allowPartialTrustChain: request.partialChain ?? false,
    ...oldVersions(minVersion),
  };
}

/** OpenSSL 3 speaks TLS below 1.2 at its security level 0 only. */
function oldVersions(minVersion: TlsVersion): SecureContextOptions {
  return minVersion < "TLSv1.2" ? { ciphers: "DEFAULT@SECLEVEL=0" } : {};
}

function listen(options: ServerOptions, host: string, port: number): Promise<Server> {
  const server = createServer({ ...options, handshakeTimeout: TIMEOUT }, (request, response) => {
    const socket = request.socket as TLSSocket;
    const certificate = socket.getPeerX509Certificate();
    const seen: Seen = {
      clientCertificate: certificate !== undefined && socket.authorized,
      subject: certificate?.subject.replaceAll("\n", ",") ?? null,
    };
    const body = JSON.stringify(seen);
    const headers = { "content-type": "application/json", "content-length": body.length, connection: "close" };
    response.writeHead(200, headers).end(body);
  });
  server.setTimeout(TIMEOUT);
  // Node 20's servers leave allowPartialTrustChain out of the context that they make of their options.
  Reflect.set(server, "_sharedCreds", createSecureContext(options));
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, host, () => resolve(server));
  });
}

async function serve(request: ServeRequest): Promise<Answers["serve"]> {
  const options: ServerOptions = {
    ...contextOptions(request),
    ca: readAll(request.clientCas),
    // As Kibana's server.ssl.clientAuthentication: optional asks, and refuses nothing.
    requestCert: request.clientAuth === "optional" || request.clientAuth === "required",
    rejectUnauthorized: request.clientAuth === "required",
  };
  const first = await listen(options, "127.0.0.1", request.port ?? 0);
  const { port } = first.address() as AddressInfo;
  const second = await listen(options, "::1", port).catch(() => undefined);
  return { port, server: servers.keep(second === undefined ? [first] : [first, second]) };
}

async function close(handle: string): Promise<Answers["close"]> {
  for (const server of servers.take(handle)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  return {};
}

/** The body is read to its end: under TLS 1.3 a client learns of a refusal only then. */
function connect(request: ConnectRequest): Promise<Answers["connect"]> {
  const name = request.serverName ?? "localhost";
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(
      {
        ...contextOptions(request),
        ca: readAll(request.cas),
        agent: false,
        host: "127.0.0.1",
        port: request.port,
        headers: { host: isIP(name) === 6 ? `[${name}]` : name },
        servername: isIP(name) ? "" : name,
        checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
        timeout: TIMEOUT,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
        response.on("end", () => {
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString()) as Seen);
          } catch (cause) {
            reject(cause as Error);
          }
        });
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT} ms`)));
    sent.on("error", reject).end();
  });
}

void answerRequests({
  capabilities: () => ({
    versions: { node: process.version, openssl: process.versions.openssl },
    roles: ["server", "client"],
    ops: ["serve", "connect", "close"],
    algorithms: ["ecdsa", "rsa", "ed25519"],
    keys: ["pkcs8", "sec1", "pkcs1", "pkcs8-encrypted"],
    oldest: "TLSv1",
    optionalUnknown: "anonymous",
    withholds: false,
    reload: false,
    verifies: [],
  }),
  serve,
  connect,
  close: (request) => close(request.server),
});
