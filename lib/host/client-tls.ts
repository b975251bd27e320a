import type { ICertificateAuthority, IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { ClientAuthentication } from "../command/client-authentication";
import type { KeyPassphrase } from "../certificate/key-passphrase";

/** What client certificates need, in a mutual fleet. */
export interface ClientTls {
  /** What Fleet Server asks of the agents that connect to it. */
  readonly clientAuthentication: ClientAuthentication;

  /** The CA of what agents present. */
  readonly agentCa: IIssuingCertificateAuthority;

  /**
   * How agents' private keys are encrypted.
   *
   * @default - they are plain
   */
  readonly agentKeyPassphrase?: KeyPassphrase;

  /** The CA of what Fleet Servers present to Elasticsearch. */
  readonly fleetEsIssuer: IIssuingCertificateAuthority;

  /** Every CA whose clients Elasticsearch has to admit. */
  readonly elasticsearchClientCas: ICertificateAuthority[];

  /**
   * Whether each Fleet Server has one certificate for all of its roles, signed by the fleet CA.
   *
   * @default false - one for each role
   */
  readonly oneCertificatePerFleetServer?: boolean;
}
