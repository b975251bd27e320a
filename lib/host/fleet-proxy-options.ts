import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { IFleetTls } from "./ifleet-tls";

/** Options for a Fleet proxy, without its CA. */
export interface ForwardProxyOptions {
  /**
   * URL of the proxy, with `http`, `https` or `socks5`. Without a user and a password, because every user of Fleet could
   * read them in Kibana. May be a Terraform token.
   */
  readonly url: string;

  /**
   * Headers of the proxy's CONNECT request by name. Every user of Fleet can read them in Kibana, so a Terraform token and
   * headers for authentication are refused.
   *
   * @default - none
   */
  readonly proxyHeaders?: { [name: string]: string };
}

/** Properties of a Fleet proxy. */
export interface FleetProxyProps extends ForwardProxyOptions {
  /** The fleet whose agents use it. */
  readonly fleet: IFleetTls;

  /**
   * CA of the proxy, if it is reached over https or ends TLS.
   *
   * @default - the CAs that the hosts' operating systems trust
   */
  readonly ca?: ICertificateAuthority;
}
