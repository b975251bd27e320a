import type { ClientAuthentication } from "../command/client-authentication";
import type { CommandSecret } from "./command-secret";
import type { EnrollmentToken } from "./enrollment-token";
import type { ServiceToken } from "./service-token";

/**
 * The flags of `elastic-agent install` and `elastic-agent enroll`, each in the agent's own words, and what the agent
 * does with it. Paths are absolute paths on the host. Flags without a version are as old as anything that is allowed.
 */
export interface InstallFlags {
  /**
   * `--url`: URL to enroll Agent into Fleet. https, with its port: without one the agent takes 443.
   *
   * @default - none; needed by agents, and by a Fleet Server with a certificate
   */
  readonly url?: string;

  /**
   * `--certificate-authorities`: Comma-separated list of root certificates for server verification used by Elastic
   * Agent and Fleet Server. They replace the system's. On a Fleet Server they are the clients' CAs too.
   *
   * @default - the system's roots
   */
  readonly certificateAuthorities?: string[];

  /**
   * `--enrollment-token`: Enrollment token to use to enroll Agent into Fleet. A Fleet Server finds its own.
   *
   * @default - none; needed by agents
   */
  readonly enrollmentToken?: EnrollmentToken;

  /**
   * `--elastic-agent-cert`: Elastic Agent client certificate to use with Fleet Server during mTLS authentication.
   * Since 8.13.
   *
   * @default - none
   */
  readonly elasticAgentCert?: string;

  /**
   * `--elastic-agent-cert-key`: Elastic Agent client private key to use with Fleet Server during mTLS authentication.
   * Since 8.13.
   *
   * @default - none
   */
  readonly elasticAgentCertKey?: string;

  /**
   * `--elastic-agent-cert-key-passphrase`: Path for private key passphrase file used to decrypt Elastic Agent client
   * certificate key. Since 8.16.
   *
   * @default - the key is plain
   */
  readonly elasticAgentCertKeyPassphrase?: string;

  /**
   * `--fleet-server-es`: Start and run a Fleet Server alongside this Elastic Agent connecting to the provided
   * Elasticsearch. Without a port, Fleet Server takes 9200.
   *
   * @default - no Fleet Server
   */
  readonly fleetServerEs?: string;

  /**
   * `--fleet-server-es-ca`: Path to certificate authority for Fleet Server to use to communicate with Elasticsearch.
   * One path, never a list.
   *
   * @default - the system's roots
   */
  readonly fleetServerEsCa?: string;

  /**
   * `--fleet-server-es-cert`: Client certificate for Fleet Server to use when connecting to Elasticsearch. Since 8.13.
   *
   * @default - none
   */
  readonly fleetServerEsCert?: string;

  /**
   * `--fleet-server-es-cert-key`: Client private key for Fleet Server to use when connecting to Elasticsearch. It must
   * be plain: no flag takes its passphrase. Since 8.13.
   *
   * @default - none
   */
  readonly fleetServerEsCertKey?: string;

  /**
   * `--fleet-server-cert`: Certificate for Fleet Server to use for exposed HTTPS endpoint.
   *
   * @default - Fleet Server signs one itself and throws `certificateAuthorities` away
   */
  readonly fleetServerCert?: string;

  /**
   * `--fleet-server-cert-key`: Private key for the certificate used by Fleet Server for exposed HTTPS endpoint.
   *
   * @default - none
   */
  readonly fleetServerCertKey?: string;

  /**
   * `--fleet-server-client-auth`: Fleet Server mTLS client authentication for connecting Elastic Agents. Since 8.13.
   *
   * @default - none, which the agent fills in
   */
  readonly fleetServerClientAuth?: ClientAuthentication;

  /**
   * `--fleet-server-service-token`: Service token for Fleet Server to use for communication with Elasticsearch.
   *
   * @default - none; a Fleet Server needs this or the path
   */
  readonly fleetServerServiceToken?: ServiceToken;

  /**
   * `--fleet-server-service-token-path`: Filepath for the service token secret file used by Fleet Server for
   * communication with Elasticsearch. It is read raw. Since 8.8.
   *
   * @default - none; a Fleet Server needs this or the token
   */
  readonly fleetServerServiceTokenPath?: string;

  /**
   * `--fleet-server-policy`: Start and run a Fleet Server on this specific policy. Its id.
   *
   * @default - the default Fleet Server policy
   */
  readonly fleetServerPolicy?: string;

  /**
   * `--fleet-server-port`: Fleet Server HTTP binding port (overrides the policy).
   *
   * @default - 8220, which the agent fills in
   */
  readonly fleetServerPort?: number;

  /**
   * `--ca-sha256`: Comma-separated list of certificate authority hash pins for server verification used by Elastic
   * Agent and Fleet Server. Each is the base64 of the SHA-256 of a public key (SubjectPublicKeyInfo).
   *
   * @default - none
   */
  readonly caSha256?: string[];

  /**
   * `--fleet-server-es-ca-trusted-fingerprint`: Elasticsearch certificate authority's SHA256 fingerprint for Fleet
   * Server to use. 64 hexadecimal digits; that CA must be in what Elasticsearch serves.
   *
   * @default - none
   */
  readonly fleetServerEsCaTrustedFingerprint?: string;

  /**
   * `--fleet-server-cert-key-passphrase`: Path for private key passphrase file used to decrypt Fleet Server
   * certificate key. Since 8.8.
   *
   * @default - the key is plain
   */
  readonly fleetServerCertKeyPassphrase?: string;

  /**
   * `--fleet-server-host`: Fleet Server HTTP binding host (overrides the policy).
   *
   * @default - 0.0.0.0, which the agent fills in
   */
  readonly fleetServerHost?: string;

  /**
   * `--fleet-server-timeout`: When bootstrapping Fleet Server, timeout waiting for Fleet Server to be ready to start
   * enrollment. A Go duration such as `90s`.
   *
   * @default - 2m, which the agent fills in
   */
  readonly fleetServerTimeout?: string;

  /**
   * `--header`, once for each: Headers used by Agent to communicate with Fleet Server, and when a bootstrapped Fleet
   * Server communicates with Elasticsearch. A value that is a Terraform token is treated as a secret.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };

  /**
   * `--proxy-url`: when bootstrapping Fleet Server, it's the proxy used by Fleet Server to connect to Elasticsearch;
   * when enrolling the Elastic Agent to Fleet Server, it's the proxy used by the Elastic Agent to connect to Fleet
   * Server. Never used for the Fleet Server on the same host. With a password in it, it must be a Terraform token.
   *
   * @default - the environment's `HTTPS_PROXY`
   */
  readonly proxyUrl?: string;

  /**
   * `--proxy-header`, once for each: Proxy headers used with CONNECT request. A value that is a Terraform token is
   * treated as a secret.
   *
   * @default - none
   */
  readonly proxyHeaders?: { [name: string]: string };

  /**
   * `--proxy-disabled`: Disable proxy support including environment variables.
   *
   * @default false
   */
  readonly proxyDisabled?: boolean;

  /**
   * `--tag`, once for each: User-set tags. Since 8.3.
   *
   * @default - none
   */
  readonly tags?: string[];

  /**
   * `--id`: Agent ID to use for enrollment into Fleet. Since 8.19.
   *
   * @default - Fleet makes one
   */
  readonly id?: string;

  /**
   * `--replace-token`: Replace token that allows the Agent to be replaced with the provided `id` as long as this token
   * matches. Since 8.19.
   *
   * @default - none
   */
  readonly replaceToken?: CommandSecret;

  /**
   * `--staging`: Configures Elastic Agent to download artifacts from a staging build. Its hash, 8 characters or more.
   *
   * @default - released artifacts
   */
  readonly staging?: string;

  /**
   * `--delay-enroll`: Delays enrollment to occur on first start of the Elastic Agent service. Not for a Fleet Server,
   * whose settings would be lost without a word.
   *
   * @default false
   */
  readonly delayEnroll?: boolean;

  /**
   * `--daemon-timeout`: Timeout waiting for Elastic Agent daemon. A Go duration such as `90s`.
   *
   * @default - the agent's own
   */
  readonly daemonTimeout?: string;

  /**
   * `--enroll-timeout`: Timeout waiting for Elastic Agent enroll command. A Go duration; a negative one disables the
   * timeout. Since 8.19 on 8.x, since 9.1 on 9.x.
   *
   * @default - 10m, which the agent fills in
   */
  readonly enrollTimeout?: string;

  /**
   * `--insecure`: Allow insecure connection made by the Elastic Agent. Nothing is verified then, so it is refused
   * beside any flag that names something to verify with.
   *
   * @default false
   */
  readonly insecure?: boolean;

  /**
   * `--fleet-server-insecure-http`: Expose Fleet Server over HTTP (not recommended; insecure). Refused beside any flag
   * that names TLS files.
   *
   * @default false
   */
  readonly fleetServerInsecureHttp?: boolean;

  /**
   * `--fleet-server-es-insecure`: Disables validation of Elasticsearch certificates for Fleet Server. Refused beside
   * any flag that names TLS files: it turns off Fleet Server's own verification too.
   *
   * @default false
   */
  readonly fleetServerEsInsecure?: boolean;

  /**
   * `--base-path`, of `install` alone: The path where the Elastic Agent will be installed. Since 8.8.
   *
   * @default - `/opt`, `/Library` or `C:\Program Files`
   */
  readonly basePath?: string;

  /**
   * `--unprivileged`, of `install` alone: Install in unprivileged mode, limiting the access of the Elastic Agent. The
   * enrolment then runs as the service user, who must be able to read every file that the command names. Since 8.12.
   *
   * @default false
   */
  readonly unprivileged?: boolean;

  /**
   * `--user`, of `install` alone: Custom user used to run Elastic Agent. It must exist. On Windows, one of a domain needs
   * its password, and one of the computer is given a new one by the agent. Since 8.17.
   *
   * @default - `elastic-agent-user`, which the agent makes
   */
  readonly user?: string;

  /**
   * `--group`, of `install` alone: Custom group used to access Elastic Agent files. It must exist. Since 8.17.
   *
   * @default - `elastic-agent`, which the agent makes for its own user alone
   */
  readonly group?: string;

  /**
   * `--password`, of `install` on Windows alone: Password for user used to run Elastic Agent, `DOMAIN\user`. Since 8.17.
   *
   * @default - none
   */
  readonly password?: CommandSecret;

  /**
   * `--install-servers`, of `install` alone: Install larger version of agent that includes server components. A Fleet
   * Server's flags set it by themselves. Since 9.0.
   *
   * @default false
   */
  readonly installServers?: boolean;

  /**
   * `--force`: Force overwrite the current installation, or the current enrolment, and do not prompt for
   * confirmation. `install --force` uninstalls first.
   *
   * @default false
   */
  readonly force?: boolean;

  /**
   * `--non-interactive`, of `install` alone: Install Elastic Agent in non-interactive mode which will not prompt on
   * missing parameters but fails instead.
   *
   * @default - true for `install`; a pasted command would stop at a prompt
   */
  readonly nonInteractive?: boolean;
}
