import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { KeyPassphrase } from "../certificate/key-passphrase";
import type { ClientAuthentication } from "../command/client-authentication";
import type { FleetEsIssuer } from "./fleet-es-issuer";
import type { FleetTlsProps } from "./fleet-tls-props";

/** Properties of a mutual fleet. */
export interface MutualFleetTlsProps extends FleetTlsProps {
  /**
   * CA that issues the client certificates of agents, the Fleet Servers' own agents included. Emitted as
   * `--certificate-authorities` of Fleet Servers, in addition to the fleet CA: the clients of both are admitted.
   *
   * @default CertificateAuthoritySource.generated()
   */
  readonly agentCa?: CertificateAuthoritySource;

  /**
   * Client authentication that Fleet Server requires of agents. Emitted as `--fleet-server-client-auth`. Since 8.13.
   *
   * @default ClientAuthentication.REQUIRED
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * Name the agents' client certificates in the settings of outputs, and in Kibana's. Set it to false in the deploy that
   * takes a live fleet from one-way to mutual TLS, where Terraform or `kibana.yml` drives Kibana, and remove it when every
   * host has its files (docs/one-way-to-mutual.md).
   *
   * @default true
   */
  readonly outputClientCertificates?: boolean;

  /**
   * Encrypt every agent's private key. Emitted as `--elastic-agent-cert-key-passphrase`, a path. Since 8.16.
   *
   * @default - keys are plain
   */
  readonly agentKeyPassphrase?: KeyPassphrase;

  /**
   * Sources of CAs that also issue certificates to others and whose every client may connect: those of `fleetCa`,
   * `agentCa`, `elasticsearchCa` or `fleetEsIssuer` (`CertificateAuthoritySource.existing(ca)`). Fleet Server admits
   * every client of the fleet CA and of the agent CA, Elasticsearch every client of the agent CA and of the CA that
   * issues the Fleet Servers' client certificates. Safer is an intermediate for this role alone, as the anchor:
   * `CertificateAuthoritySource.intermediate({ issuer, anchor: true })`.
   *
   * @default - a CA that also issues certificates to others is refused for clients
   */
  readonly acceptAnyClientOf?: CertificateAuthoritySource[];

  /**
   * CA that issues the client certificates of Fleet Servers towards Elasticsearch. Refused with an `elasticsearchCa` of
   * `system()`.
   *
   * @default - the Elasticsearch CA; the agent CA if that one cannot issue or also issues certificates to others
   */
  readonly fleetEsIssuer?: IIssuingCertificateAuthority;

  /**
   * Present client certificates of Fleet Servers and agents to Elasticsearch. Set it to false where its edge takes none,
   * as in ECE: then no host has a certificate for Elasticsearch, and there is no Elasticsearch host to configure.
   *
   * @default true - false with an `elasticsearchCa` of `system()`, as in Elastic Cloud
   */
  readonly elasticsearchClientCertificates?: boolean;

  /**
   * Other CAs whose client certificates of Fleet Servers Elasticsearch accepts while the issuer changes: the next one in the
   * deploy before the change, the former one from the change on, until every Fleet Server has its new certificate. Another
   * issuer without this is refused, and dropping an entry is a step of its own.
   *
   * @default - none
   */
  readonly furtherFleetEsIssuers?: FleetEsIssuer[];

  /**
   * Issue the certificates of agents in other stacks by an intermediate of their stack, so that the agent CA's key
   * stays in this stack's state.
   *
   * @default false - Terraform copies the agent CA's key into the state of every stack with agents
   */
  readonly intermediatePerStack?: boolean;

  /**
   * Use one certificate for all roles of a Fleet Server, issued by the fleet CA, as ECK does.
   *
   * @default false - one for each role
   */
  readonly oneCertificatePerFleetServer?: boolean;
}
