import type { Construct } from "constructs";

import type { CertificateSource } from "../../certificate/certificate-source";
import { CertificateUsage } from "../../certificate/certificate-usage";
import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { KeyAlgorithm } from "../../certificate/key-algorithm";
import type { KeyFormat } from "../../certificate/key-format";
import { renewalOf } from "../../certificate/renewal-of";
import type { Validity } from "../../certificate/validity";
import type { HostFiles } from "../host-files";
import type { HostOptions } from "../host-options";
import type { Pair } from "./pair";
import { createPair } from "./pair";

/** Certificate of an Elasticsearch node. */
export interface ElasticsearchPair {
  readonly issuer: IIssuingCertificateAuthority;
  readonly commonName: string;
  readonly names: string[];
  readonly keyAlgorithm: KeyAlgorithm;
  readonly keyFormat?: KeyFormat;
  readonly hostDefaults: HostOptions;
  readonly props: { readonly certificate?: CertificateSource; readonly validity?: Validity };
}

/** Creates `es-cert.pem` and its key, for a node of the fleet's cluster or of another one. */
export function createElasticsearchPair(host: Construct, files: HostFiles, pair: ElasticsearchPair): Pair {
  const { issuer, commonName, names, keyAlgorithm, keyFormat, hostDefaults, props } = pair;
  return createPair(
    host,
    files,
    "es-cert",
    {
      ...{ issuer, commonName, keyAlgorithm },
      usage: CertificateUsage.SERVER,
      names: [...new Set(names)],
      keyFormat: keyFormat ?? hostDefaults.keyFormat,
      ...renewalOf("esCert", props, hostDefaults),
      source: props.certificate,
    },
    true,
  );
}
