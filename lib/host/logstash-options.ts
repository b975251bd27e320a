import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { CertificateSource } from "../certificate/certificate-source";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import type { Validity } from "../certificate/validity";
import type { ClientAuthentication } from "../command/client-authentication";
import type { TargetPlatform } from "../command/target-platform";
import type { IFleetTls } from "./ifleet-tls";

/** Options for Logstash. */
export interface LogstashOptions {
  /** Addresses by which agents dial it, `host:port` without a scheme: at most 10. Each may be a Terraform token. */
  readonly hosts: string[];

  /**
   * Further names and addresses for the certificate. Each may be a Terraform token.
   *
   * @default - only those of `hosts`
   */
  readonly names?: string[];

  /**
   * Port that the input listens on.
   *
   * @default - the port of the first of `hosts`; 5044 where only Terraform knows that
   */
  readonly port?: number;

  /**
   * CA that issues Logstash's certificate. May rotate.
   *
   * @default CertificateAuthoritySource.generated()
   */
  readonly ca?: CertificateAuthoritySource;

  /**
   * Whether Logstash asks agents for a client certificate of the agent CA.
   *
   * @default - `ClientAuthentication.REQUIRED` in a mutual fleet, `ClientAuthentication.NONE` in a one-way one
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * Source of Logstash's certificate.
   *
   * @default CertificateSource.generated()
   */
  readonly certificate?: CertificateSource;

  /**
   * Source of Logstash's client certificate towards Elasticsearch. Mutual fleets only. Logstash needs one where
   * Elasticsearch's client authentication is `REQUIRED`.
   *
   * @default - Logstash presents none to Elasticsearch
   */
  readonly clientCertificate?: CertificateSource;

  /**
   * The host's operating system.
   *
   * @default - the fleet's platform
   */
  readonly platform?: TargetPlatform;

  /**
   * Directory of the files on the host.
   *
   * @default - `/etc/logstash/certs`, or `C:\ProgramData\Elastic\Logstash\config\certs` on Windows
   */
  readonly hostDirectory?: string;

  /**
   * The algorithm of Logstash's keys.
   *
   * @default - the fleet's key algorithm
   */
  readonly keyAlgorithm?: KeyAlgorithm;

  /**
   * How long the certificates are valid and when they are renewed.
   *
   * @default - the fleet's validity
   */
  readonly validity?: Validity;
}

/** Properties of Logstash. */
export interface LogstashProps extends LogstashOptions {
  /** The fleet whose agents ship to it. */
  readonly fleet: IFleetTls;
}
