import type { ICertificateAuthority, IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { KeyPassphrase } from "../certificate/key-passphrase";

/** CAs and options of client certificates, in a mutual fleet. */
export interface ClientTls {
  /** CA that issues the agents' client certificates. */
  readonly agentCa: IIssuingCertificateAuthority;

  /**
   * How agents' private keys are encrypted.
   *
   * @default - they are not encrypted
   */
  readonly agentKeyPassphrase?: KeyPassphrase;

  /**
   * CA that issues the client certificates of Fleet Servers and Kibana towards Elasticsearch.
   *
   * @default - none: Elasticsearch takes no client certificates
   */
  readonly elasticsearchClientIssuer?: IIssuingCertificateAuthority;

  /**
   * Whether outputs name the agents' client certificates.
   *
   * @default true
   */
  readonly outputClientCertificates?: boolean;

  /** Every CA whose client certificates Elasticsearch must accept. */
  readonly elasticsearchClientCas: ICertificateAuthority[];
}
