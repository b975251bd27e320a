import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { ReverseProxyOptions } from "../host/reverse-proxy-options";

/** Options for a proxy of a fleet. */
export interface ProxyOptions extends ReverseProxyOptions {
  /**
   * CA of the proxy's server certificate, which its clients trust.
   *
   * @default - the fleet's CA for that server if it can issue, else a generated one of the proxy's own
   */
  readonly ca?: CertificateAuthoritySource;
}
