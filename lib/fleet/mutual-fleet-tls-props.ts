import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { KeyPassphrase } from "../certificate/key-passphrase";
import type { ClientAuthentication } from "../command/client-authentication";
import type { FleetTlsProps } from "./fleet-tls-props";

/** Properties of a mutual fleet. */
export interface MutualFleetTlsProps extends FleetTlsProps {
  /**
   * The CA that signs what agents present, the Fleet Servers' own agents included. Emitted as
   * `--certificate-authorities` of Fleet Servers, beside the fleet CA: the clients of both are admitted.
   *
   * @default CertificateAuthoritySource.generated()
   */
  readonly agentCa?: CertificateAuthoritySource;

  /**
   * What Fleet Server asks of the agents that connect to it. Emitted as `--fleet-server-client-auth`. Since 8.13.
   *
   * @default ClientAuthentication.REQUIRED
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * Encrypt every agent's private key. Emitted as `--elastic-agent-cert-key-passphrase`, a path. Since 8.16.
   *
   * @default - keys are plain
   */
  readonly agentKeyPassphrase?: KeyPassphrase;

  /**
   * Sources of a `fleetCa` whose every client may connect. Fleet Server checks agents against the list that its own
   * agent trusts it by, so with a fleet CA that also signs for others, each client certificate that it ever signed opens
   * the door. The cure is an intermediate for this purpose alone, as the anchor:
   * `CertificateAuthoritySource.intermediate({ issuer, anchor: true })`.
   *
   * @default - a fleet CA that signs for others is refused
   */
  readonly acceptAnyClientOf?: CertificateAuthoritySource[];

  /**
   * The CA that signs what Fleet Servers present to Elasticsearch.
   *
   * @default - the Elasticsearch CA, or the agent CA where that one cannot issue
   */
  readonly fleetEsIssuer?: IIssuingCertificateAuthority;

  /**
   * Whether agents of other stacks are signed for by an intermediate of their stack, so that the agent CA's key stays in
   * this stack's state.
   *
   * @default false - Terraform copies the agent CA's key into the state of every stack with agents
   */
  readonly intermediatePerStack?: boolean;

  /**
   * Whether each Fleet Server has one certificate for all of its roles, signed by the fleet CA, as ECK does it.
   *
   * @default false - one for each role
   */
  readonly oneCertificatePerFleetServer?: boolean;
}
