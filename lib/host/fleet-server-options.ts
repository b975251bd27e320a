import type { CertificateSource } from "../certificate/certificate-source";
import type { InstallOptions } from "./install-options";
import type { KeyPassphrase } from "../certificate/key-passphrase";
import type { ServiceToken } from "./service-token";

/** Options for a Fleet Server. */
export interface FleetServerOptions extends InstallOptions {
  /**
   * Names and addresses by which clients dial this host, in addition to the host of the fleet's URL. They become names of
   * its certificate. Each may be a Terraform token. Before 8.19.13, 9.2.7 and 9.3.2 the host's own agent enrols through
   * `--url`, which then names the first of them.
   *
   * @default - the URL's host, `localhost`, 127.0.0.1 and ::1
   */
  readonly names?: string[];

  /**
   * Put `localhost`, 127.0.0.1 and ::1 into the certificate. Set it to false if the name constraints of the fleet CA do not
   * permit them. Not allowed before 8.19.13, 9.2.7 and 9.3.2, where the host's own agent checks these names.
   *
   * @default true
   */
  readonly localNames?: boolean;

  /**
   * The port that Fleet Server listens on, 1 to 65535. Emitted as `--fleet-server-port`.
   *
   * @default 8220
   */
  readonly port?: number;

  /**
   * The address that Fleet Server listens on. Emitted as `--fleet-server-host`.
   *
   * @default - 0.0.0.0, which the agent fills in
   */
  readonly bindHost?: string;

  /**
   * How long the install waits for Fleet Server to be ready: a Go duration such as `90s`. Emitted as
   * `--fleet-server-timeout`.
   *
   * @default - 2m, which the agent fills in
   */
  readonly fleetServerTimeout?: string;

  /**
   * The SHA-256 of the certificate (DER) of a CA that Elasticsearch serves: 64 hexadecimal digits; may be a Terraform
   * token. Emitted as `--fleet-server-es-ca-trusted-fingerprint`.
   *
   * @default - none
   */
  readonly elasticsearchCaTrustedFingerprint?: string;

  /**
   * Where this Fleet Server takes its service token from. Emitted as `--fleet-server-service-token`, or as
   * `--fleet-server-service-token-path`, since 8.8, where it lies in a file.
   *
   * @default - the fleet's `serviceToken`
   */
  readonly serviceToken?: ServiceToken;

  /**
   * Where the certificate that Fleet Server presents to agents comes from. Emitted as `--fleet-server-cert` and
   * `--fleet-server-cert-key`, paths.
   *
   * @default CertificateSource.generated()
   */
  readonly certificate?: CertificateSource;

  /**
   * Where the certificate of the host's own agent comes from. Mutual TLS only. Emitted as `--elastic-agent-cert` and
   * `--elastic-agent-cert-key`, paths. Since 8.13.
   *
   * @default CertificateSource.generated()
   */
  readonly agentCertificate?: CertificateSource;

  /**
   * Where the certificate that Fleet Server presents to Elasticsearch comes from. Mutual TLS only. Emitted as
   * `--fleet-server-es-cert` and `--fleet-server-es-cert-key`, paths. Since 8.13.
   *
   * @default CertificateSource.generated()
   */
  readonly elasticsearchClientCertificate?: CertificateSource;

  /**
   * Encrypt the private key of the certificate that Fleet Server presents to agents. Emitted as
   * `--fleet-server-cert-key-passphrase`, a path. Since 8.8.
   *
   * @default - the key is plain
   */
  readonly keyPassphrase?: KeyPassphrase;
}
