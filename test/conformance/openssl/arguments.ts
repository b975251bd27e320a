import { authorityFile, certificatesIn, scratchFile } from "../scratch";
import type { ConnectRequest, ServeRequest, TlsVersion } from "../protocol";

/** The programs take one file of authorities, and otherwise add the machine's own. */
export function authorityArguments(paths: string[] | undefined, partialChain = false): string[] {
  const machine = ["-no-CApath", "-no-CAstore", ...(partialChain ? ["-partial_chain"] : [])];
  return paths?.length ? [...machine, "-CAfile", authorityFile(paths)] : [...machine, "-no-CAfile"];
}

/** -cert reads a file's first certificate alone; the others go into the chain. */
export function pairArguments(request: ServeRequest | ConnectRequest): string[] {
  if (!request.certificate || !request.key) {
    return [];
  }
  const [, ...chain] = certificatesIn(request.certificate);
  return [
    ...["-cert", request.certificate, "-key", request.key],
    ...["-pass", request.passphrase ? `file:${request.passphrase}` : "pass:"],
    ...(chain.length > 0 ? ["-cert_chain", scratchFile(chain.join("\n"))] : []),
  ];
}

export function versionArguments({ minVersion, maxVersion }: ServeRequest | ConnectRequest): string[] {
  const versions: TlsVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
  const highest = versions.indexOf(maxVersion ?? "TLSv1.3");
  const lowest = minVersion === undefined ? Math.min(2, highest) : versions.indexOf(minVersion);
  const refused = versions.filter((_, index) => index < lowest || index > highest);
  return [
    ...refused.map((version) => `-no_${version.toLowerCase().replace("v", "").replace(".", "_")}`),
    // OpenSSL 3 speaks TLS below 1.2 at its security level 0 only.
    ...(lowest < 2 ? ["-cipher", "DEFAULT@SECLEVEL=0"] : []),
  ];
}
