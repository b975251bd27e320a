import type { CommandSecret } from "./command-secret";
import type { EnrollmentToken } from "./enrollment-token";

/** Flag of every host's command. */
export interface PromptFlags {
  /**
   * Ask no questions: `install` fails instead if something is missing. Otherwise, a pasted command stops at a prompt. Of
   * `install` only. Emitted as `--non-interactive`.
   *
   * @default true
   */
  readonly nonInteractive?: boolean;
}

/** Flags that agents and Fleet Servers have in common. */
export interface SharedFlags {
  /**
   * Pins for server verification, in addition to the CAs: each is the base64 of the SHA-256 of the public key
   * (SubjectPublicKeyInfo) of a certificate in Fleet Server's chain. Agents and Fleet Server's own agent check them. May
   * be a Terraform list. Emitted as `--ca-sha256`.
   *
   * @default - the fleet CA's pins in a fleet with `pinFleetCa`; otherwise none
   */
  readonly caSha256?: string[];

  /**
   * HTTP headers by name, which the agent sends to Fleet Server, and a Fleet Server to Elasticsearch until its policy
   * sets others. A value that is a Terraform token is treated as a secret. Emitted as `--header`, once for each.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };

  /**
   * Proxy URL: an agent's way to Fleet Server, or a Fleet Server's way to Elasticsearch until its policy sets another.
   * Never used for the Fleet Server on the same host. http, https or socks5; with a password in it, it must be a Terraform
   * token. Emitted as `--proxy-url`.
   *
   * @default - the environment's `HTTPS_PROXY`
   */
  readonly proxyUrl?: string;

  /**
   * Headers of the proxy's CONNECT request by name. A value that is a Terraform token is treated as a secret. Emitted as
   * `--proxy-header`, once for each.
   *
   * @default - none
   */
  readonly proxyHeaders?: { [name: string]: string };

  /**
   * Disable proxies, including those of environment variables. Emitted as `--proxy-disabled`.
   *
   * @default false
   */
  readonly proxyDisabled?: boolean;

  /**
   * Tags that Fleet shows for the agent. Emitted as `--tag`, once for each. Since 8.3.
   *
   * @default - none
   */
  readonly tags?: string[];

  /**
   * Agent id to enroll with. Emitted as `--id`. Since 8.19.
   *
   * @default - Fleet generates one
   */
  readonly agentId?: string;

  /**
   * Token that lets this agent replace the one with the same `agentId`, if that one enrolled with the same token. Emitted
   * as `--replace-token`. Since 8.19.
   *
   * @default - none
   */
  readonly replaceToken?: CommandSecret;

  /**
   * Hash of a staging build from which the agent downloads artifacts; 8 characters or more. Emitted as `--staging`.
   *
   * @default - released artifacts
   */
  readonly staging?: string;

  /**
   * Timeout of waiting for the agent's daemon: a Go duration such as `90s`. Emitted as `--daemon-timeout`.
   *
   * @default - the agent's own
   */
  readonly daemonTimeout?: string;

  /**
   * Timeout of the enrollment: a Go duration such as `90s`; a negative one disables it. Emitted as `--enroll-timeout`. Since
   * 8.19 on 8.x, since 9.1 on 9.x.
   *
   * @default - 10m, which the agent fills in
   */
  readonly enrollTimeout?: string;

  /**
   * Folder below which the agent is installed: an absolute path on the host. Of `install` only. Emitted as `--base-path`.
   * Since 8.8.
   *
   * @default - `/opt`, `/Library` or `C:\Program Files`
   */
  readonly basePath?: string;

  /**
   * Run the agent without administrator rights. It needs a `user` or a `group` that exists before the install: the
   * enrollment runs as that user, who must be able to read the files, and a failed enrollment uninstalls the agent. Run the
   * host's script: before its command it gives the folder and the private keys to `group`, or else to `user`. The parent
   * folders must be open to that user already. Of `install` only. Emitted as `--unprivileged`. Since 8.12, with a user or a
   * group of yours since 8.17.
   *
   * @default false
   */
  readonly unprivileged?: boolean;

  /**
   * User that runs an unprivileged agent; it must exist. On Windows, a domain user needs its `password`, and the agent
   * sets a new password for a local user that nobody else knows. Of `install` only. Emitted as `--user`. Since 8.17.
   *
   * @default - `elastic-agent-user`, which the agent creates
   */
  readonly user?: string;

  /**
   * Group whose members can read an unprivileged agent's files; it must exist. Of `install` only. Emitted as `--group`.
   * Since 8.17.
   *
   * @default - `elastic-agent`: with a `user` of yours it must exist, otherwise the agent creates it
   */
  readonly group?: string;

  /**
   * Password of a `user` that is `DOMAIN\name`, on Windows. Of `install` only. Emitted as `--password`. Since 8.17.
   *
   * @default - none
   */
  readonly password?: CommandSecret;

  /**
   * Install the larger version of the agent, with server components, for a policy with APM Server. A Fleet Server always
   * gets it. Of `install` only. Emitted as `--install-servers`. Since 9.0, which introduced the smaller version.
   *
   * @default false
   */
  readonly installServers?: boolean;

  /**
   * Replace the current installation or enrollment without asking; `install` uninstalls first. Emitted as `--force`;
   * `enrollCommand` always has it.
   *
   * @default false
   */
  readonly force?: boolean;
}

/** Flags of agents only. */
export interface AgentFlags {
  /**
   * Source of the enrollment token. Emitted as `--enrollment-token`.
   *
   * @default - the `agentEnrollmentToken` of an agent's fleet; a Fleet Server finds its own
   */
  readonly enrollmentToken?: EnrollmentToken;

  /**
   * Enroll when the agent's service first starts, for images that are cloned. Emitted as `--delay-enroll`.
   *
   * @default false
   */
  readonly delayEnroll?: boolean;
}

/** Flags of Fleet Servers only. */
export interface FleetServerFlags {
  /**
   * Port that Fleet Server listens on, 1 to 65535. It overrides the policy. Emitted as `--fleet-server-port`.
   *
   * @default 8220
   */
  readonly port?: number;

  /**
   * Address that Fleet Server listens on, without a port. It overrides the policy. Emitted as `--fleet-server-host`.
   *
   * @default - 0.0.0.0, which the agent fills in
   */
  readonly bindHost?: string;

  /**
   * Timeout of waiting for Fleet Server to be ready: a Go duration such as `90s`. Emitted as `--fleet-server-timeout`.
   *
   * @default - 2m, which the agent fills in
   */
  readonly fleetServerTimeout?: string;

  /**
   * SHA-256 fingerprint of the certificate (DER) of a CA that Elasticsearch serves, 64 hexadecimal digits. May be a
   * Terraform token. Emitted as `--fleet-server-es-ca-trusted-fingerprint`.
   *
   * @default - none
   */
  readonly elasticsearchCaTrustedFingerprint?: string;
}
