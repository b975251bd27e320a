/** OpenSSL's own programs, s_server, s_client and verify, at their strictest. */
import { execFileSync } from "node:child_process";
import { isIP } from "node:net";
import { answerRequests } from "../answering";
import { runChild } from "../child";
import { Handles } from "../handles";
import { httpRequest, isWholeAnswer, readAnswer } from "../http-answer";
import type { Answers, ConnectRequest, ServeRequest, VerifyRequest } from "../protocol";
import { authorityArguments, pairArguments, versionArguments } from "./arguments";
import { SServer } from "./s-server";

const servers = new Handles<SServer>("server");

function nameArguments(name: string): string[] {
  return [isIP(name) ? "-verify_ip" : "-verify_hostname", name];
}

async function serve(request: ServeRequest): Promise<Answers["serve"]> {
  const clientAuth = { none: [], optional: ["-verify", "9"], required: ["-Verify", "9"] }[request.clientAuth ?? "none"];
  const server = await SServer.start(request.port ?? 0, [
    ...pairArguments(request),
    ...versionArguments(request),
    ...authorityArguments(request.clientCas, request.partialChain),
    ...clientAuth,
    "-verify_return_error",
    "-x509_strict",
  ]);
  return { port: server.port, server: servers.keep(server) };
}

/** -quiet leaves nothing but the answer on standard output. */
async function connect(request: ConnectRequest): Promise<Answers["connect"]> {
  const name = request.serverName ?? "localhost";
  const words = [
    "s_client",
    ...["-connect", `127.0.0.1:${request.port}`, "-quiet", "-verify_return_error", "-x509_strict"],
    ...(isIP(name) ? ["-noservername"] : ["-servername", name]),
    ...nameArguments(name),
    ...pairArguments(request),
    ...versionArguments(request),
    ...authorityArguments(request.cas, request.partialChain),
  ];
  return readAnswer(await runChild("openssl", words, { input: httpRequest(name), complete: isWholeAnswer }));
}

async function verify(request: VerifyRequest): Promise<Answers["verify"]> {
  await runChild("openssl", [
    "verify",
    "-x509_strict",
    ...["-purpose", request.purpose === "client" ? "sslclient" : "sslserver"],
    ...(request.name ? nameArguments(request.name) : []),
    ...(request.at === undefined ? [] : ["-attime", String(request.at)]),
    ...authorityArguments(request.cas, request.partialChain),
    ...["-untrusted", request.chain, request.chain],
  ]);
  return {};
}

void answerRequests({
  capabilities: () => ({
    versions: { openssl: execFileSync("openssl", ["version"], { encoding: "utf8" }).trim() },
    roles: ["server", "client"],
    ops: ["serve", "connect", "verify", "close"],
    algorithms: ["ecdsa", "rsa", "ed25519"],
    keys: ["pkcs8", "sec1", "pkcs1", "pkcs8-encrypted"],
    oldest: "TLSv1",
    optionalUnknown: "refused",
    withholds: false,
    reload: false,
    verifies: ["name", "time"],
  }),
  serve,
  connect,
  verify,
  close: async (request) => {
    await servers.take(request.server).close();
    return {};
  },
});
