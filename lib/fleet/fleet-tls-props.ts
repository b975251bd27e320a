import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { ElasticsearchOptions } from "../host/elasticsearch";
import type { FleetServerOptions } from "../host/fleet-server-options";
import type { ServiceToken } from "../host/service-token";
import type { FleetBaseProps } from "./fleet-base-props";

/** Properties that one-way and mutual fleets share. */
export interface FleetTlsProps extends FleetBaseProps {
  /** The id of the policy that Fleet Servers run under. Emitted as `--fleet-server-policy`. */
  readonly fleetServerPolicy: string;

  /**
   * Source of the service token of Fleet Servers. Emitted as `--fleet-server-service-token`, or as
   * `--fleet-server-service-token-path`, since 8.8, if it is in a file.
   */
  readonly serviceToken: ServiceToken;

  /**
   * CA that issues Fleet Server's server certificate. Emitted as `--certificate-authorities`, a path; it replaces the
   * CAs of the host's operating system.
   *
   * @default CertificateAuthoritySource.generated()
   */
  readonly fleetCa?: CertificateAuthoritySource;

  /**
   * CA that issues Elasticsearch's certificate for HTTP, never for transport. With a trust-only source no certificate
   * is issued for Elasticsearch. Emitted as `--fleet-server-es-ca`, a path, until the policy's output says
   * otherwise.
   *
   * @default CertificateAuthoritySource.generated()
   */
  readonly elasticsearchCa?: CertificateAuthoritySource;

  /**
   * Sources of an `elasticsearchCa` that also issues certificates to others, each of whose holders may pose as
   * Elasticsearch towards Fleet Server. Towards a CA that is given, Fleet Server does not check the name of
   * Elasticsearch's certificate (docs/elasticsearch-name-check.md). A source that says `dedicated: true` need not be
   * listed.
   *
   * @default - none: the plan's outputs and the runbook warn of an `elasticsearchCa` that also issues to others
   */
  readonly acceptAnyServerOf?: CertificateAuthoritySource[];

  /**
   * The first Fleet Server.
   *
   * @default - port 8220, no names in addition to that of `fleetServerUrl`, `localhost`, 127.0.0.1 and ::1
   */
  readonly fleetServer?: FleetServerOptions;

  /**
   * Elasticsearch: one node, or all of them behind one certificate.
   *
   * @default - no names in addition to that of `elasticsearchUrl`
   */
  readonly elasticsearch?: ElasticsearchOptions;

  /**
   * Create no files for an Elasticsearch host: Elasticsearch runs elsewhere, such as in Elastic Cloud behind a proxy of
   * yours, whose certificate is of `elasticsearchCa`.
   *
   * @default false
   */
  readonly withoutElasticsearchHost?: boolean;

  /**
   * Also pin the Elasticsearch CA by its fingerprint, a CA that Elasticsearch has to serve after its certificate, as
   * `es-cert.pem` does. It changes when that CA is renewed, and cannot overlap in a rotation. Emitted as
   * `--fleet-server-es-ca-trusted-fingerprint`.
   *
   * @default false
   */
  readonly pinElasticsearchCa?: boolean;
}
