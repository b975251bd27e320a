/** GnuTLS: certtool validates paths, gnutls-cli connects, and server.c listens, whose program is the only argument. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { answerRequests } from "../answering";
import { runChild } from "../child";
import { Handles } from "../handles";
import { httpRequest, isWholeAnswer, readAnswer } from "../http-answer";
import type { Listening } from "../listening";
import { startListening, stopListening } from "../listening";
import type { Answers, ConnectRequest, ServeRequest, TlsVersion, VerifyRequest } from "../protocol";
import { authorityFile, scratchFile } from "../scratch";

const servers = new Handles<Listening>("server");

const PURPOSES = { server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2" };

async function verify(request: VerifyRequest): Promise<Answers["verify"]> {
  if (request.at !== undefined) {
    throw new Error("certtool validates at no time but now");
  }
  await runChild("certtool", [
    "--verify",
    ...["--infile", request.chain, "--load-ca-certificate", authorityFile(request.cas)],
    ...["--verify-purpose", PURPOSES[request.purpose]],
    ...(request.name ? ["--verify-hostname", request.name] : []),
  ]);
  return {};
}

function priority({ minVersion, maxVersion = "TLSv1.3" }: ServeRequest | ConnectRequest): string {
  const versions: TlsVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
  const lowest = minVersion ?? (maxVersion < "TLSv1.2" ? maxVersion : "TLSv1.2");
  const wanted = versions.filter((version) => version >= lowest && version <= maxVersion);
  return ["NORMAL", "-VERS-ALL", ...wanted.map((version) => `+VERS-${version.replace("v", "")}`)].join(":");
}

async function connect(request: ConnectRequest): Promise<Answers["connect"]> {
  const name = request.serverName ?? "localhost";
  const pair =
    request.certificate && request.key ? ["--x509certfile", request.certificate, "--x509keyfile", request.key] : [];
  const log = scratchFile("");
  const words = [
    ...["--logfile", log, "--priority", priority(request)],
    ...["--x509cafile", authorityFile(request.cas ?? []), "--verify-hostname", name],
    ...(isIP(name) ? ["--disable-sni"] : ["--sni-hostname", name]),
    ...pair,
    ...["--port", String(request.port), "127.0.0.1"],
  ];
  // The programs ask a terminal for a passphrase, unless this variable has it.
  const env: Record<string, string> = request.passphrase
    ? { GNUTLS_PIN: readFileSync(request.passphrase, "utf8") }
    : {};
  try {
    return readAnswer(await runChild("gnutls-cli", words, { input: httpRequest(name), complete: isWholeAnswer, env }));
  } catch (cause) {
    // What was wrong with a certificate is in the log alone.
    const lines = readFileSync(log, "utf8").split("\n");
    const said = lines.filter((line) => /status:|alert/i.test(line));
    throw new Error([(cause as Error).message, ...said].join("; "), { cause });
  }
}

async function serve(request: ServeRequest): Promise<Answers["serve"]> {
  const { certificate, key, passphrase, clientCas = [], clientAuth = "none", port = 0 } = request;
  const listening = await startListening(
    process.argv[2]!,
    [
      ...[String(port), certificate ?? "", key ?? "", passphrase ? readFileSync(passphrase, "utf8") : ""],
      ...[priority(request), clientAuth, clientCas.length > 0 ? authorityFile(clientCas) : ""],
    ],
    /^(\d+)$/m,
  );
  return { port: listening.port, server: servers.keep(listening) };
}

void answerRequests({
  capabilities: () => ({
    versions: { gnutls: execFileSync("certtool", ["--version"], { encoding: "utf8" }).split("\n")[0]! },
    roles: ["server", "client"],
    ops: ["serve", "connect", "verify", "close"],
    algorithms: ["ecdsa", "rsa", "ed25519"],
    keys: ["pkcs8", "sec1", "pkcs1", "pkcs8-encrypted"],
    oldest: "TLSv1",
    optionalUnknown: "refused",
    withholds: true,
    reload: false,
    verifies: ["name"],
  }),
  serve,
  connect,
  verify,
  close: async (request) => {
    await stopListening(servers.take(request.server));
    return {};
  },
});
