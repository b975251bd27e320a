import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { BinaryDownloadSourceOptions } from "../host/download-source-options";

/** Options for a download source of a fleet. */
export interface DownloadSourceOptions extends BinaryDownloadSourceOptions {
  /**
   * CA of the server's certificate. Kibana has a field for it since 9.1.
   *
   * @default CertificateAuthoritySource.system()
   */
  readonly ca?: CertificateAuthoritySource;
}
