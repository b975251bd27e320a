import type { Pair } from "../pair";

/** Where a host has what its output to Elasticsearch needs; paths on the host. */
export interface OutputPaths {
  /** The Elasticsearch CA, unless the host's operating system trusts it. */
  readonly elasticsearchCa?: string;
  /** What the host's agent presents, in mutual mode. */
  readonly certificate?: string;
  readonly key?: string;
  readonly passphrase?: string;
}

export function outputPaths(elasticsearchCa: string | undefined, pair: Pair | undefined): OutputPaths {
  return {
    elasticsearchCa,
    certificate: pair?.certificatePath,
    key: pair?.keyPath,
    passphrase: pair?.passphrasePath,
  };
}
