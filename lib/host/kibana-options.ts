import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { CertificateSource } from "../certificate/certificate-source";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import type { KeyFormat } from "../certificate/key-format";
import type { Validity } from "../certificate/validity";
import type { StackVersion } from "../command/stack-version";
import type { TargetPlatform } from "../command/target-platform";
import type { FleetOutput } from "./fleet-output";
import type { IFleetTls } from "./ifleet-tls";

/** Options for Kibana. */
export interface KibanaOptions {
  /**
   * Source of Kibana's client certificate towards Elasticsearch, issued by the CA that issues `fleet-es-cert.pem`.
   * Mutual fleets only. Kibana needs one where Elasticsearch's client authentication is `REQUIRED`.
   *
   * @default - Kibana presents none
   */
  readonly clientCertificate?: CertificateSource;

  /**
   * The outputs that the settings declare; the first becomes the default one.
   *
   * @default - the fleet's default output, for all hosts, and every output to other servers
   */
  readonly outputs?: FleetOutput[];

  /**
   * Declare the Fleet Server host and the outputs in the settings. What `kibana.yml` declares is read-only in
   * Kibana, and is not for Terraform's elasticstack provider any more.
   *
   * @default true
   */
  readonly fleetSettings?: boolean;

  /**
   * URL by which browsers and other clients reach Kibana: https, with its port. Kibana then serves HTTPS with a certificate
   * for the host of this URL. May be a Terraform token.
   *
   * @default - the settings say nothing about Kibana's own server
   */
  readonly url?: string;

  /**
   * Further DNS names and IP addresses by which clients reach Kibana. Each may be a Terraform token.
   *
   * @default - only the URL's host
   */
  readonly names?: string[];

  /**
   * CA that issues Kibana's server certificate. Its clients trust it: the output `FLEET-kibana-ca-certificates` contains it.
   * Not the Elasticsearch CA: Fleet Server does not check Elasticsearch's name, so Kibana's key could pose as Elasticsearch.
   *
   * @default CertificateAuthoritySource.generated() - with `url`
   */
  readonly ca?: CertificateAuthoritySource;

  /**
   * Source of Kibana's server certificate.
   *
   * @default CertificateSource.generated() - with `url`
   */
  readonly certificate?: CertificateSource;

  /**
   * Version of Kibana. From 9.6 on, the settings declare download sources too.
   *
   * @default - the fleet's `stackVersion`
   */
  readonly stackVersion?: StackVersion;

  /**
   * The host's operating system.
   *
   * @default - the fleet's platform
   */
  readonly platform?: TargetPlatform;

  /**
   * Directory of the files on the host.
   *
   * @default - `/etc/kibana/certs`, or `C:\ProgramData\Elastic\Kibana\config\certs` on Windows
   */
  readonly hostDirectory?: string;

  /**
   * The algorithm of the certificates' keys.
   *
   * @default - the fleet's key algorithm
   */
  readonly keyAlgorithm?: KeyAlgorithm;

  /**
   * The format of the private key, if it is plain.
   *
   * @default - the fleet's key format
   */
  readonly keyFormat?: KeyFormat;

  /**
   * How long the certificates are valid and when they are renewed.
   *
   * @default - the fleet's validity, those of `kibanaCert` and `kibanaEsCert` first
   */
  readonly validity?: Validity;
}

/** Properties of Kibana. */
export interface KibanaProps extends KibanaOptions {
  /** The fleet that it manages. */
  readonly fleet: IFleetTls;
}
