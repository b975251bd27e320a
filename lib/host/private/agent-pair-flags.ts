import type { InstallFlags } from "../install-flags";
import type { Pair } from "./pair";

/** The flags by which an agent takes what it presents. */
export function agentPairFlags(pair: Pair | undefined): InstallFlags {
  return pair === undefined
    ? {}
    : {
        elasticAgentCert: pair.certificatePath,
        elasticAgentCertKey: pair.keyPath,
        elasticAgentCertKeyPassphrase: pair.passphrasePath,
      };
}
