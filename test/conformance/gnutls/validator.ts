/** GnuTLS by its own programs: certtool validates paths, gnutls-cli connects. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { answerRequests } from "../answering";
import { runChild } from "../child";
import { httpRequest, isWholeAnswer, readAnswer } from "../http-answer";
import type { Answers, ConnectRequest, TlsVersion, VerifyRequest } from "../protocol";
import { authorityFile } from "../scratch";

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

function priority({ minVersion = "TLSv1.2", maxVersion = "TLSv1.3" }: ConnectRequest): string {
  const versions: TlsVersion[] = ["TLSv1.2", "TLSv1.3"];
  const wanted = versions.filter((version) => version >= minVersion && version <= maxVersion);
  if (wanted.length === 0) {
    throw new Error(`this validator speaks nothing up to ${maxVersion}`);
  }
  return ["NORMAL", "-VERS-ALL", ...wanted.map((version) => `+VERS-${version.replace("v", "")}`)].join(":");
}

async function connect(request: ConnectRequest): Promise<Answers["connect"]> {
  const name = request.serverName ?? "localhost";
  const pair =
    request.certificate && request.key ? ["--x509certfile", request.certificate, "--x509keyfile", request.key] : [];
  const words = [
    ...["--logfile", "/dev/null", "--priority", priority(request)],
    ...["--x509cafile", authorityFile(request.cas ?? []), "--verify-hostname", name],
    ...(isIP(name) ? ["--disable-sni"] : ["--sni-hostname", name]),
    ...pair,
    ...["--port", String(request.port), "127.0.0.1"],
  ];
  // The programs ask a terminal for a passphrase, unless this variable has it.
  const env: Record<string, string> = request.passphrase
    ? { GNUTLS_PIN: readFileSync(request.passphrase, "utf8") }
    : {};
  return readAnswer(await runChild("gnutls-cli", words, { input: httpRequest(name), complete: isWholeAnswer, env }));
}

void answerRequests({
  capabilities: () => ({
    versions: { gnutls: execFileSync("certtool", ["--version"], { encoding: "utf8" }).split("\n")[0]! },
    roles: ["client"],
    ops: ["connect", "verify"],
    algorithms: ["ecdsa", "rsa", "ed25519"],
    keys: ["pkcs8", "sec1", "pkcs1", "pkcs8-encrypted"],
    oldest: "TLSv1.2",
    optionalUnknown: "refused",
    withholds: true,
    reload: false,
    verifies: ["name"],
  }),
  connect,
  verify,
});
