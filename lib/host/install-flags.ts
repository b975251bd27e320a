import type { ClientAuthentication } from "../command/client-authentication";
import type { ServiceToken } from "./service-token";
import type { AgentFlags, FleetServerFlags, PromptFlags, SharedFlags } from "./shared-flags";

/**
 * Flags of `elastic-agent install` and `elastic-agent enroll`. Paths are absolute paths on the host. Flags without a version
 * exist in every allowed version.
 */
export interface InstallFlags extends SharedFlags, AgentFlags, FleetServerFlags, PromptFlags {
  /**
   * Fleet Server's URL: https, with its port, because the agent takes 443 for a missing one. Emitted as `--url`.
   *
   * @default - none; needed by agents, and by a Fleet Server with a certificate
   */
  readonly url?: string;

  /**
   * Files of the CAs that verify Fleet Server. They replace the operating system's CAs. On a Fleet Server they also verify
   * client certificates. Emitted as `--certificate-authorities`, with commas between them.
   *
   * @default - the operating system's CAs
   */
  readonly certificateAuthorities?: string[];

  /**
   * File of the agent's client certificate towards Fleet Server. Emitted as `--elastic-agent-cert`. Since 8.13.
   *
   * @default - none
   */
  readonly elasticAgentCert?: string;

  /**
   * File of the private key of `elasticAgentCert`. Emitted as `--elastic-agent-cert-key`. Since 8.13.
   *
   * @default - none
   */
  readonly elasticAgentCertKey?: string;

  /**
   * File of the passphrase of `elasticAgentCertKey`. Emitted as `--elastic-agent-cert-key-passphrase`. Since 8.16.
   *
   * @default - the key is not encrypted
   */
  readonly elasticAgentCertKeyPassphrase?: string;

  /**
   * Elasticsearch's URL, which makes the agent a Fleet Server. Fleet Server takes port 9200 for a missing one. Emitted as
   * `--fleet-server-es`.
   *
   * @default - no Fleet Server
   */
  readonly fleetServerEs?: string;

  /**
   * File of the CA by which Fleet Server verifies Elasticsearch: one path, never a list. Emitted as
   * `--fleet-server-es-ca`.
   *
   * @default - the operating system's CAs
   */
  readonly fleetServerEsCa?: string;

  /**
   * File of Fleet Server's client certificate towards Elasticsearch. Emitted as `--fleet-server-es-cert`. Since 8.13.
   *
   * @default - none
   */
  readonly fleetServerEsCert?: string;

  /**
   * File of the private key of `fleetServerEsCert`. It must not be encrypted: no flag takes its passphrase. Emitted as
   * `--fleet-server-es-cert-key`. Since 8.13.
   *
   * @default - none
   */
  readonly fleetServerEsCertKey?: string;

  /**
   * File of Fleet Server's server certificate. Emitted as `--fleet-server-cert`.
   *
   * @default - Fleet Server signs one itself and ignores `certificateAuthorities`
   */
  readonly fleetServerCert?: string;

  /**
   * File of the private key of `fleetServerCert`. Emitted as `--fleet-server-cert-key`.
   *
   * @default - none
   */
  readonly fleetServerCertKey?: string;

  /**
   * File of the passphrase of `fleetServerCertKey`. Emitted as `--fleet-server-cert-key-passphrase`. Since 8.8.
   *
   * @default - the key is not encrypted
   */
  readonly fleetServerCertKeyPassphrase?: string;

  /**
   * Client authentication that Fleet Server requires of agents. Emitted as `--fleet-server-client-auth`. Since 8.13.
   *
   * @default - none, which the agent fills in
   */
  readonly fleetServerClientAuth?: ClientAuthentication;

  /**
   * Fleet Server's service token for Elasticsearch. Emitted as `--fleet-server-service-token`.
   *
   * @default - none; a Fleet Server needs this or `fleetServerServiceTokenPath`
   */
  readonly fleetServerServiceToken?: ServiceToken;

  /**
   * File of Fleet Server's service token for Elasticsearch, which must contain nothing else: a newline would become part of
   * the token. Emitted as `--fleet-server-service-token-path`. Since 8.8.
   *
   * @default - none; a Fleet Server needs this or `fleetServerServiceToken`
   */
  readonly fleetServerServiceTokenPath?: string;

  /**
   * Id of Fleet Server's agent policy. Emitted as `--fleet-server-policy`.
   *
   * @default - the default Fleet Server policy
   */
  readonly fleetServerPolicy?: string;

  /**
   * Verify nothing in the agent's connections. Refused together with any flag that names something to verify with. Emitted
   * as `--insecure`.
   *
   * @default false
   */
  readonly insecure?: boolean;

  /**
   * Serve Fleet Server over HTTP. Refused together with any flag that names TLS files. Emitted as
   * `--fleet-server-insecure-http`.
   *
   * @default false
   */
  readonly fleetServerInsecureHttp?: boolean;

  /**
   * Do not verify Elasticsearch in Fleet Server. Refused together with any flag that names TLS files, because it also
   * disables Fleet Server's own verification. Emitted as `--fleet-server-es-insecure`.
   *
   * @default false
   */
  readonly fleetServerEsInsecure?: boolean;
}
