import type { Validity } from "./validity";

/** Validity and renewal of each kind of certificate, if they differ. */
export interface CertificateValidities {
  /**
   * Validity of the fleet cert, which Fleet Server presents to agents.
   *
   * @default - the host's or the fleet's `validity`
   */
  readonly fleetCert?: Validity;

  /**
   * Validity of agent certs, that of a Fleet Server's own agent included. Mutual TLS only.
   *
   * @default - the host's or the fleet's `validity`
   */
  readonly agentCert?: Validity;

  /**
   * Validity of the fleet ES cert, which Fleet Server presents to Elasticsearch. Mutual TLS only.
   *
   * @default - the host's or the fleet's `validity`
   */
  readonly fleetEsCert?: Validity;

  /**
   * Validity of the Elasticsearch cert.
   *
   * @default - the host's or the fleet's `validity`
   */
  readonly esCert?: Validity;

  /**
   * Validity of Kibana's server certificate.
   *
   * @default - Kibana's or the fleet's `validity`
   */
  readonly kibanaCert?: Validity;

  /**
   * Validity of Kibana's client certificate towards Elasticsearch. Mutual TLS only.
   *
   * @default - Kibana's or the fleet's `validity`
   */
  readonly kibanaEsCert?: Validity;

  /**
   * Validity of the server certificate of inputs on an agent's host.
   *
   * @default - the host's or the fleet's `validity`
   */
  readonly inputCert?: Validity;
}
