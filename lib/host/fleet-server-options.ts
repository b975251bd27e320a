import type { CertificateSource } from "../certificate/certificate-source";
import type { FleetServerHosts } from "./fleet-server-hosts";
import type { InstallOptions } from "./install-options";
import type { Kibana } from "./kibana";
import type { KeyPassphrase } from "../certificate/key-passphrase";
import type { ServiceToken } from "./service-token";
import type { FleetServerFlags } from "./shared-flags";

/** Options for a Fleet Server. */
export interface FleetServerOptions extends InstallOptions, FleetServerFlags {
  /**
   * Names and addresses by which clients dial this host, in addition to the hosts of its Fleet Server hosts. They become names of
   * its certificate. Each may be a Terraform token. Before 8.19.13, 9.2.7 and 9.3.2 the host's own agent enrolls through
   * `--url`, which then names the first of them.
   *
   * @default - the URL's host, `localhost`, 127.0.0.1 and ::1
   */
  readonly names?: string[];

  /**
   * Fleet Server hosts that it belongs to. The hosts of all their URLs are names of its certificate.
   *
   * @default - the default ones, of the fleet's `fleetServerUrl`
   */
  readonly fleetServerHosts?: FleetServerHosts;

  /**
   * Put `localhost`, 127.0.0.1 and ::1 into the certificate. Set it to false if the name constraints of the fleet CA do not
   * permit them. Not allowed before 8.19.13, 9.2.7 and 9.3.2, where the host's own agent checks these names.
   *
   * @default true
   */
  readonly localNames?: boolean;

  /**
   * Kibana in which a container prepares Fleet before it starts Fleet Server (`KIBANA_FLEET_SETUP`), with the service token.
   * Its folder gets `kibana-ca.pem`. With `container: true` only, and a Kibana that has a `url`.
   *
   * @default - Fleet is prepared in Kibana already
   */
  readonly setUpFleetIn?: Kibana;

  /**
   * Source of the service token. Emitted as `--fleet-server-service-token`, or as `--fleet-server-service-token-path`
   * (since 8.8) if it is in a file.
   *
   * @default - the fleet's `serviceToken`
   */
  readonly serviceToken?: ServiceToken;

  /**
   * Source of the server certificate. Emitted as `--fleet-server-cert` and
   * `--fleet-server-cert-key`, paths.
   *
   * @default CertificateSource.generated()
   */
  readonly certificate?: CertificateSource;

  /**
   * Source of the client certificate of the host's own agent. Mutual TLS only. Emitted as `--elastic-agent-cert` and
   * `--elastic-agent-cert-key`, paths. Since 8.13.
   *
   * @default CertificateSource.generated()
   */
  readonly agentCertificate?: CertificateSource;

  /**
   * Source of the client certificate towards Elasticsearch. Mutual TLS only. Emitted as
   * `--fleet-server-es-cert` and `--fleet-server-es-cert-key`, paths. Since 8.13.
   *
   * @default CertificateSource.generated()
   */
  readonly elasticsearchClientCertificate?: CertificateSource;

  /**
   * Encrypt the private key of the server certificate. Emitted as
   * `--fleet-server-cert-key-passphrase`, a path. Since 8.8.
   *
   * @default - the key is not encrypted
   */
  readonly keyPassphrase?: KeyPassphrase;
}
