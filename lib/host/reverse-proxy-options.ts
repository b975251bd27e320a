import type { CertificateSource } from "../certificate/certificate-source";
import type { ICertificateAuthority, IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import type { Validity } from "../certificate/validity";
import type { ClientAuthentication } from "../command/client-authentication";
import type { IFleetTls } from "./ifleet-tls";
import type { ProxySoftware } from "./proxy-software";
import type { ProxyTarget } from "./proxy-target";

/** Options for a reverse proxy: one listener. */
export interface ReverseProxyOptions {
  /**
   * Server that the proxy forwards to.
   *
   * @default ProxyTarget.FLEET_SERVER
   */
  readonly target?: ProxyTarget;

  /**
   * URL that clients dial: https, with its port, without a path. Its host is a name of the proxy's certificate. May be a
   * Terraform token.
   *
   * @default - `elasticsearchUrl` of the fleet for Elasticsearch; required for Fleet Server
   */
  readonly url?: string;

  /**
   * URL that the proxy forwards to: https, with its port, without a path. Its host must be in the server's certificate. May
   * be a Terraform token.
   *
   * @default - `fleetServerUrl` of the fleet for Fleet Server; required for Elasticsearch
   */
  readonly upstreamUrl?: string;

  /**
   * Whether the Fleet Server is that of a Serverless project, which is refused: its URLs are fixed, so agents leave the proxy
   * with their first policy.
   *
   * @default - true for names that end in `.aws.elastic.cloud`, `.azure.elastic.cloud` or `.gcp.elastic.cloud`
   */
  readonly upstreamIsServerless?: boolean;

  /**
   * File of the public CAs on the proxy's host, for a server with a public certificate.
   *
   * @default `/etc/ssl/certs/ca-certificates.crt`
   */
  readonly systemCaFile?: string;

  /**
   * Program that the configuration is for.
   *
   * @default ProxySoftware.NGINX
   */
  readonly proxySoftware?: ProxySoftware;

  /**
   * Further DNS names and IP addresses by which clients dial the proxy. Each may be a Terraform token.
   *
   * @default - only the name of the URL
   */
  readonly names?: string[];

  /**
   * Client certificates that the proxy asks for.
   *
   * @default - `REQUIRED` if the fleet's hosts have client certificates for that server, else `NONE`
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * Source of the proxy's server certificate. HAProxy takes generated ones only.
   *
   * @default CertificateSource.generated()
   */
  readonly certificate?: CertificateSource;

  /**
   * Directory of the files on the proxy's host.
   *
   * @default - `fleet-tls` in the program's own directory, e.g. `/etc/nginx/fleet-tls`
   */
  readonly hostDirectory?: string;

  /**
   * Algorithm of the proxy's keys.
   *
   * @default - the fleet's key algorithm
   */
  readonly keyAlgorithm?: KeyAlgorithm;

  /**
   * Validity and renewal of the proxy's certificates.
   *
   * @default - the fleet's validity
   */
  readonly validity?: Validity;
}

/** Properties of a reverse proxy. */
export interface ReverseProxyProps extends ReverseProxyOptions {
  /** The fleet whose hosts dial it. */
  readonly fleet: IFleetTls;

  /**
   * CA that issues its server certificate, and that its clients verify it with: `elasticsearchCa` of the fleet in front of
   * Elasticsearch.
   */
  readonly ca: IIssuingCertificateAuthority;

  /**
   * CA of the server that the proxy forwards to.
   *
   * @default - the fleet's CA for that server
   */
  readonly upstreamCa?: ICertificateAuthority;
}
