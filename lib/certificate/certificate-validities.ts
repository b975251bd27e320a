import type { Validity } from "./validity";

/** How long each kind of certificate is valid and when it is renewed, where one length does not suit all. */
export interface CertificateValidities {
  /**
   * What Fleet Server presents to agents.
   *
   * @default - the host's or the fleet's `validity`
   */
  readonly fleetCert?: Validity;

  /**
   * What agents present, a Fleet Server's own agent included. Mutual TLS only.
   *
   * @default - the host's or the fleet's `validity`
   */
  readonly agentCert?: Validity;

  /**
   * What Fleet Server presents to Elasticsearch. Mutual TLS only.
   *
   * @default - the host's or the fleet's `validity`
   */
  readonly fleetEsCert?: Validity;

  /**
   * What Elasticsearch presents.
   *
   * @default - the host's or the fleet's `validity`
   */
  readonly esCert?: Validity;

  /**
   * What Kibana presents to Elasticsearch. Mutual TLS only.
   *
   * @default - Kibana's or the fleet's `validity`
   */
  readonly kibanaEsCert?: Validity;
}
