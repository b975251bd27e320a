import type { ClientTls } from "../../client-tls";
import type { OutputPaths } from "../../fleet-host";
import type { Pair } from "../pair";

/** Paths that an output of the host's agent names: the client certificate only where outputs present one by now. */
export function outputPaths(
  elasticsearchCa: string | undefined,
  clientTls: ClientTls | undefined,
  agentPair: Pair | undefined,
): OutputPaths {
  const presents = clientTls?.elasticsearchClientIssuer !== undefined && clientTls.outputClientCertificates !== false;
  const pair = presents ? agentPair : undefined;
  return {
    elasticsearchCa,
    certificate: pair?.certificatePath,
    key: pair?.keyPath,
    passphrase: pair?.passphrasePath,
  };
}

/** Paths of an agent's client certificate. */
export function pathsOfPair({ certificatePath, keyPath, passphrasePath }: Pair): OutputPaths {
  return { certificate: certificatePath, key: keyPath, passphrase: passphrasePath };
}
