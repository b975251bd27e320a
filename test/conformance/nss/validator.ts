/** NSS, the library of Firefox: vfychain validates a path against a database of authorities that certutil fills. */
import { answerRequests } from "../answering";
import { runChild } from "../child";
import type { Answers, VerifyRequest } from "../protocol";
import { certificatesIn, scratchFile, scratchFolder } from "../scratch";

const USAGES = { client: "0", server: "1" };

async function verify(request: VerifyRequest): Promise<Answers["verify"]> {
  if (request.name) {
    throw new Error("vfychain checks no names");
  }
  const database = `sql:${scratchFolder()}`;
  await runChild("certutil", ["-N", "-d", database, "--empty-password"]);
  const [leaf, ...intermediates] = certificatesIn(request.chain);
  // C is trusted to sign servers, T to sign clients.
  for (const [trust, certificates] of [
    ["CT,,", request.cas.flatMap(certificatesIn)],
    [",,", intermediates],
  ] as const) {
    for (const certificate of certificates) {
      const file = scratchFile(certificate);
      await runChild("certutil", ["-A", "-d", database, "-n", file, "-t", trust, "-a", "-i", file]);
    }
  }
  const at = request.at === undefined ? [] : ["-b", nssTime(request.at)];
  await runChild("vfychain", ["-d", database, "-pp", "-u", USAGES[request.purpose], ...at, "-a", scratchFile(leaf!)]);
  return {};
}

/** YYMMDDHHMMZ. NSS takes a certificate up to a day before its time (CERT_GetSlopTime). */
function nssTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().replace(/\D/g, "").slice(2, 12)}Z`;
}

void answerRequests({
  capabilities: () => ({
    versions: { nss: "as installed" },
    roles: [],
    ops: ["verify"],
    algorithms: ["ecdsa", "rsa"],
    keys: [],
    oldest: "TLSv1.2",
    optionalUnknown: "refused",
    withholds: false,
    reload: false,
    verifies: ["time"],
  }),
  verify,
});
