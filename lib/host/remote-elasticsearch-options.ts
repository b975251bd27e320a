import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { CertificateSource } from "../certificate/certificate-source";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import type { Validity } from "../certificate/validity";
import type { ClientAuthentication } from "../command/client-authentication";
import type { TargetPlatform } from "../command/target-platform";
import type { IFleetTls } from "./ifleet-tls";

/** Options for the Elasticsearch of another cluster. */
export interface RemoteElasticsearchOptions {
  /** The URL by which agents and Fleet Servers reach it: https only. May be a Terraform token. */
  readonly url: string;

  /**
   * Environment variable in which Kibana finds the service token of the other cluster, e.g. `BERLIN_SERVICE_TOKEN`. No
   * file here contains the token.
   */
  readonly serviceTokenVariable: string;

  /**
   * CA of its certificate: any source, `system()` and `trustOnly` among them.
   *
   * @default CertificateAuthoritySource.generated()
   */
  readonly ca?: CertificateAuthoritySource;

  /**
   * Sources of `ca` that also issue certificates to others and whose every server may receive the service token: Fleet
   * Server does not check the name in certificates of a CA that is given to it.
   *
   * @default - none: plans and the runbook warn of such a CA
   */
  readonly acceptAnyServerOf?: CertificateAuthoritySource[];

  /**
   * Further names and addresses for the certificate. Each may be a Terraform token.
   *
   * @default - only that of `url`
   */
  readonly names?: string[];

  /**
   * Whether it asks agents and Fleet Servers for a client certificate of the agent CA. With `NONE`, the output names no
   * client certificate.
   *
   * @default - `ClientAuthentication.OPTIONAL` in a mutual fleet, `ClientAuthentication.NONE` in a one-way one or with a
   * `ca` of `system()`
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * Source of its certificate.
   *
   * @default CertificateSource.generated()
   */
  readonly certificate?: CertificateSource;

  /**
   * The hosts' operating system.
   *
   * @default - the fleet's platform
   */
  readonly platform?: TargetPlatform;

  /**
   * Its configuration directory, `ES_PATH_CONF`.
   *
   * @default - `/etc/elasticsearch`, or `C:\ProgramData\Elastic\Elasticsearch\config` on Windows
   */
  readonly configurationDirectory?: string;

  /**
   * Directory of the files on its hosts, below the configuration directory.
   *
   * @default - `certs` in the configuration directory
   */
  readonly hostDirectory?: string;

  /**
   * The algorithm of its key.
   *
   * @default - the fleet's key algorithm
   */
  readonly keyAlgorithm?: KeyAlgorithm;

  /**
   * How long the certificate is valid and when it is renewed.
   *
   * @default - the fleet's validity
   */
  readonly validity?: Validity;
}

/** Properties of the Elasticsearch of another cluster. */
export interface RemoteElasticsearchProps extends RemoteElasticsearchOptions {
  /** The fleet whose agents ship to it. */
  readonly fleet: IFleetTls;
}
