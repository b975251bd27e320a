import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { ForwardProxyOptions } from "../host/fleet-proxy-options";

/** Options for a Fleet proxy. */
export interface FleetProxyOptions extends ForwardProxyOptions {
  /**
   * CA of the proxy, if it is reached over https or ends TLS.
   *
   * @default CertificateAuthoritySource.system()
   */
  readonly ca?: CertificateAuthoritySource;
}
