import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { ElasticsearchOptions } from "../host/elasticsearch";
import type { EnrollmentToken } from "../host/enrollment-token";
import type { FleetServerOptions } from "../host/fleet-server-options";
import type { HostOptions } from "../host/host-options";
import type { ServiceToken } from "../host/service-token";
import type { FormerUrls } from "./former-urls";

/** Properties shared by one-way and mutual fleets. */
export interface FleetTlsProps extends HostOptions {
  /**
   * The URL by which agents reach Fleet Server, with its port: https only. Emitted as `--url`; its host becomes a
   * name of every Fleet Server's certificate. May be a Terraform token.
   */
  readonly fleetServerUrl: string;

  /**
   * The URL by which Fleet Server reaches Elasticsearch: https only. Emitted as `--fleet-server-es`; its host becomes
   * a name of the Elasticsearch certificate. Without a port, Fleet Server takes 9200. May be a Terraform token.
   */
  readonly elasticsearchUrl: string;

  /**
   * Former URLs of a live fleet. Their names stay in the certificates until their entry goes, so that hosts can move to
   * the new URL one after the other. A deploy that drops a URL without this is refused.
   *
   * @default - none
   */
  readonly formerUrls?: FormerUrls;

  /**
   * Operator confirmations of changes that running hosts must hear of: other paths, platforms or key encryption of a
   * host, and names and URLs that no host uses any more. Each entry is printed by the refusal of its change and names
   * the host and the new values, so it opens nothing else.
   *
   * @default - none
   */
  readonly confirmedChanges?: string[];

  /** The id of the policy that Fleet Servers run under. Emitted as `--fleet-server-policy`. */
  readonly fleetServerPolicy: string;

  /**
   * Source of the service token of Fleet Servers. Emitted as `--fleet-server-service-token`, or as
   * `--fleet-server-service-token-path`, since 8.8, if it is in a file.
   */
  readonly serviceToken: ServiceToken;

  /**
   * Source of the agents' enrollment token, unless an agent has its own: tokens belong to policies. Emitted as
   * `--enrollment-token`.
   *
   * @default - every agent must name its own
   */
  readonly agentEnrollmentToken?: EnrollmentToken;

  /**
   * The CA that signs what Fleet Server presents to agents. Emitted as `--certificate-authorities`, a path; it replaces
   * the CAs that the host trusts by itself.
   *
   * @default CertificateAuthoritySource.generated()
   */
  readonly fleetCa?: CertificateAuthoritySource;

  /**
   * The CA that signs what Elasticsearch presents over HTTP, never over transport. With a trust-only source no
   * certificate is made for Elasticsearch. Emitted as `--fleet-server-es-ca`, a path, until the policy's output says
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
   * Folder for the hosts' folders on the machine that runs Terraform: a staging area. A relative path is relative
   * to the folder that contains the app's `cdktf.out`.
   *
   * @default - `fleet-tls/` and the construct's path
   */
  readonly outputDirectory?: string;

  /**
   * Write the hosts' folders to the disk of the machine that runs Terraform. Without them, pass each file's content
   * (`host.files.publicContents`, `sensitiveContents`) to a secret store such as Vault or a Kubernetes secret. Keys are
   * in Terraform's state in either case.
   *
   * @default true
   */
  readonly writeFiles?: boolean;

  /**
   * Write the commands to Terraform outputs.
   *
   * @default true
   */
  readonly outputs?: boolean;

  /**
   * Output every certificate, the CAs included, for monitoring: its end, its serial number, its fingerprint and its
   * pin, for a monitoring to watch. Terraform then runs one Node program a stack on every plan.
   *
   * @default false
   */
  readonly certificateOutputs?: boolean;

  /**
   * Also pin the fleet CA's public key: Fleet Server's chain has to contain a certificate with it, in addition to the
   * CA's file: one pin for each generation. Emitted as `--ca-sha256`. A renewed CA keeps its pin. A container cannot
   * have one.
   *
   * @default false
   */
  readonly pinFleetCa?: boolean;

  /**
   * Also pin the Elasticsearch CA by its fingerprint, a CA that Elasticsearch has to serve after its certificate, as
   * `es-cert.pem` does. It changes when that CA is renewed, and cannot overlap in a rotation. Emitted as
   * `--fleet-server-es-ca-trusted-fingerprint`.
   *
   * @default false
   */
  readonly pinElasticsearchCa?: boolean;

  /**
   * Write an operator's page, `index.html` in the output directory: the trust diagram, each host's files and expiry,
   * and the commands and settings to copy, without a secret. It is rendered by a Node program that Terraform runs, and
   * is stored in Terraform's state.
   *
   * @default false
   */
  readonly operatorPage?: boolean;
}
