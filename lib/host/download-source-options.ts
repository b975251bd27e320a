import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { FleetProxy } from "./fleet-proxy";
import type { IFleetTls } from "./ifleet-tls";
import type { OutputTrust } from "./output-trust";

/** Options for an agent binary download source, without its CA. */
export interface BinaryDownloadSourceOptions {
  /**
   * URL below which agents find `beats/elastic-agent/`: https only. Kibana calls it the host. May be a Terraform token.
   */
  readonly url: string;

  /**
   * How agents verify the server's certificate: `INLINE` or `HOST_FILE`, the file `download-ca.pem` in their folders.
   *
   * @default OutputTrust.INLINE - where Terraform knows the CA, else its path on the hosts
   */
  readonly trust?: OutputTrust;

  /**
   * Fleet proxy through which agents reach the server. With a `ca`, the Fleet proxy is for this download
   * source alone.
   *
   * @default - agents use the proxy of their environment, if there is one
   */
  readonly fleetProxy?: FleetProxy;

  /**
   * Use it for policies without a download source, those of Fleet Servers too. Kibana has one default.
   *
   * @default false
   */
  readonly isDefault?: boolean;
}

/** Properties of an agent binary download source. */
export interface DownloadSourceProps extends BinaryDownloadSourceOptions {
  /** The fleet whose agents use it. */
  readonly fleet: IFleetTls;

  /**
   * CA of the server's certificate. Kibana has a field for it since 9.1.
   *
   * @default - the CAs that the hosts' operating systems trust
   */
  readonly ca?: ICertificateAuthority;
}
