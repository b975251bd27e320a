import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { ReverseProxyOptions } from "../host/reverse-proxy-options";

/** Options for a proxy of a fleet. */
export interface ProxyOptions extends ReverseProxyOptions {
  /**
   * CA of the proxy's server certificate, which its clients trust. Only in front of Fleet Server: hosts verify
   * Elasticsearch, and a proxy in front of it, with `elasticsearchCa`.
   *
   * @default - the fleet's CA for that server if it can issue, else a generated one of the proxy's own
   */
  readonly ca?: CertificateAuthoritySource;

  /**
   * CA of the server that the proxy forwards to: `system()`, `trustOnly` or `existing`. Give `system()` for Elasticsearch
   * in Elastic Cloud, which is sent no client certificate.
   *
   * @default - the fleet's CA for that server
   */
  readonly upstreamCa?: CertificateAuthoritySource;
}
