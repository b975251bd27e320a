import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { KeyPassphrase } from "../certificate/key-passphrase";
import type { FleetBaseProps } from "./fleet-base-props";

/** Properties of a fleet whose Fleet Server runs elsewhere. */
export interface ExternalFleetTlsProps extends FleetBaseProps {
  /**
   * CA of Fleet Server's certificate, or of the proxy's in front of it: `system()`, `trustOnly` or `existing`. Emitted as
   * `--certificate-authorities`, a path, unless it is `system()`; it replaces the CAs that the host trusts by itself.
   *
   * @default CertificateAuthoritySource.system() - as in Elastic Cloud
   */
  readonly fleetCa?: CertificateAuthoritySource;

  /**
   * CA of Elasticsearch's certificate over HTTP. A CA that can issue is for Elasticsearch nodes of your own, which
   * `addElasticsearchNode` adds.
   *
   * @default CertificateAuthoritySource.system() - as in Elastic Cloud
   */
  readonly elasticsearchCa?: CertificateAuthoritySource;

  /**
   * CA that issues the agents' client certificates. Whoever runs Fleet Server, or a proxy in front of it, needs its
   * certificates, which the output `FLEET-agent-ca-certificates` contains. Emitted as `--elastic-agent-cert` and
   * `--elastic-agent-cert-key`, paths. Since 8.13.
   *
   * @default - agents present no client certificate
   */
  readonly agentCa?: CertificateAuthoritySource;

  /**
   * Encrypt every agent's private key. Emitted as `--elastic-agent-cert-key-passphrase`, a path. Since 8.16.
   *
   * @default - keys are not encrypted
   */
  readonly agentKeyPassphrase?: KeyPassphrase;

  /**
   * Sign for agents of other stacks by an intermediate CA of each stack, so that the agent CA's key stays in this stack's
   * state.
   *
   * @default false - Terraform copies the agent CA's key into the state of every stack with agents
   */
  readonly intermediatePerStack?: boolean;

  /**
   * Sources of an `agentCa` that also issues certificates to others, all of whose clients may connect.
   *
   * @default - a CA that also issues certificates to others is refused for clients
   */
  readonly acceptAnyClientOf?: CertificateAuthoritySource[];

  /**
   * Present the agents' client certificates to Elasticsearch too: outputs name them, and Elasticsearch nodes admit the
   * agent CA. Refused with an `elasticsearchCa` of `system()`, and without an `agentCa`: the edge of Elastic Cloud takes
   * no client certificate.
   *
   * @default false
   */
  readonly elasticsearchClientCertificates?: boolean;
}
