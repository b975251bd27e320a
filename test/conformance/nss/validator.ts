/**
 * NSS, the library of Firefox: vfychain validates paths and tstclnt connects, both by a database that certutil and
 * pk12util fill. Its selfserv tells nothing of its clients, so NSS plays no server.
 */
import { execFileSync } from "node:child_process";
import { answerRequests } from "../answering";
import { runChild } from "../child";
import { httpRequest, isWholeAnswer, readAnswer } from "../http-answer";
import type { Answers, ConnectRequest, VerifyRequest } from "../protocol";
import { certificatesIn, scratchFile, scratchFolder } from "../scratch";

const USAGES = { client: "0", server: "1" };

/** A new database of these authorities; C is trusted to sign servers, T to sign clients. */
async function databaseOf(authorityFiles: string[], others: string[] = []): Promise<string> {
  const database = `sql:${scratchFolder()}`;
  await runChild("certutil", ["-N", "-d", database, "--empty-password"]);
  const authorities = authorityFiles.flatMap(certificatesIn);
  for (const [trust, certificates] of [
    ["CT,,", authorities],
    // A root that is served too would lose its trust by being added once more.
    [",,", others.filter((each) => !authorities.includes(each))],
  ] as const) {
    for (const certificate of certificates) {
      const file = scratchFile(certificate);
      await runChild("certutil", ["-A", "-d", database, "-n", file, "-t", trust, "-a", "-i", file]);
    }
  }
  return database;
}

async function verify(request: VerifyRequest): Promise<Answers["verify"]> {
  if (request.name) {
    throw new Error("vfychain checks no names");
  }
  const [leaf, ...intermediates] = certificatesIn(request.chain);
  const database = await databaseOf(request.cas, intermediates);
  const at = request.at === undefined ? [] : ["-b", nssTime(request.at)];
  await runChild("vfychain", ["-d", database, "-pp", "-u", USAGES[request.purpose], ...at, "-a", scratchFile(leaf!)]);
  return {};
}

/** YYMMDDHHMMZ. NSS takes a certificate up to a day before its time (CERT_GetSlopTime). */
function nssTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().replace(/\D/g, "").slice(2, 12)}Z`;
}

async function connect(request: ConnectRequest): Promise<Answers["connect"]> {
  const { serverName: name = "localhost", certificate, maxVersion = "TLSv1.3" } = request;
  const minVersion = request.minVersion ?? (maxVersion < "TLSv1.2" ? maxVersion : "TLSv1.2");
  const database = await databaseOf(request.cas ?? []);
  if (certificate) {
    await importPair(database, request);
  }
  const words = [
    ...["-h", "127.0.0.1", "-p", String(request.port), "-a", name, "-d", database],
    ...["-V", `${versionOf(minVersion)}:${versionOf(maxVersion)}`, ...(certificate ? ["-n", PAIR] : [])],
  ];
  return readAnswer(await runChild("tstclnt", words, { input: httpRequest(name), complete: isWholeAnswer }));
}

const PAIR = "pair";
const SECRET = "between two programs";

async function importPair(database: string, { certificate, key, passphrase }: ConnectRequest): Promise<void> {
  const file = `${scratchFolder()}/pair.p12`;
  await runChild("openssl", [
    ...["pkcs12", "-export", "-in", certificate!, "-inkey", key!, "-name", PAIR, "-out", file],
    ...["-passin", passphrase ? `file:${passphrase}` : "pass:", "-passout", `pass:${SECRET}`],
  ]);
  await runChild("pk12util", ["-i", file, "-d", database, "-W", SECRET, "-K", ""]);
}

function versionOf(version: string): string {
  return version.toLowerCase().replace("v", "");
}

/** None of its programs tells its own version. */
function installedVersion(): string {
  try {
    return execFileSync("dpkg-query", ["--show", "--showformat=${Version}", "libnss3-tools"], { encoding: "utf8" });
  } catch {
    return "as installed";
  }
}

void answerRequests({
  capabilities: () => ({
    versions: { nss: installedVersion() },
    roles: ["client"],
    ops: ["connect", "verify"],
    algorithms: ["ecdsa", "rsa"],
    keys: ["pkcs8", "sec1", "pkcs1", "pkcs8-encrypted"],
    oldest: "TLSv1",
    optionalUnknown: "refused",
    withholds: true,
    reload: false,
    verifies: ["time"],
  }),
  connect,
  verify,
});
