import type { OutputPaths } from "../../fleet-host";
import type { Pair } from "../pair";

export function outputPaths(elasticsearchCa: string | undefined, pair: Pair | undefined): OutputPaths {
  return {
    elasticsearchCa,
    certificate: pair?.certificatePath,
    key: pair?.keyPath,
    passphrase: pair?.passphrasePath,
  };
}
