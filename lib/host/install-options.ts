import type { CommandSecret } from "./command-secret";
import type { HostOptions } from "./host-options";

/** What can be chosen for each host that runs `elastic-agent`, beside where its files lie and what signs them. */
export interface InstallOptions extends HostOptions {
  /**
   * Pins beside the CAs: each the base64 of the SHA-256 of the public key (SubjectPublicKeyInfo) of a certificate that
   * Fleet Server's chain must hold. May be a Terraform list. Emitted as `--ca-sha256`.
   *
   * @default - none
   */
  readonly caSha256?: string[];

  /**
   * HTTP headers by name: what the agent sends to Fleet Server, and a Fleet Server to Elasticsearch until its policy
   * says otherwise. A value that is a Terraform token is treated as a secret. Emitted as `--header`.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };

  /**
   * The proxy by which an agent reaches Fleet Server, or a Fleet Server reaches Elasticsearch until its policy says
   * otherwise. http, https or socks5; with a password in it, it must be a Terraform token. Emitted as `--proxy-url`.
   *
   * @default - the environment's `HTTPS_PROXY`
   */
  readonly proxyUrl?: string;

  /**
   * Headers for the proxy's CONNECT request by name. A value that is a Terraform token is treated as a secret. Emitted
   * as `--proxy-header`.
   *
   * @default - none
   */
  readonly proxyHeaders?: { [name: string]: string };

  /**
   * Use no proxy, that of the environment included. Emitted as `--proxy-disabled`.
   *
   * @default false
   */
  readonly proxyDisabled?: boolean;

  /**
   * The CA of a proxy that is itself reached by https, or that ends TLS and starts it anew, as PEM; may be a Terraform
   * token. An agent finds it in its list of CAs as `proxy-ca.pem`, a Fleet Server in its `es-ca.pem`.
   *
   * @default - none
   */
  readonly proxyCaPem?: string;

  /**
   * Tags that Fleet shows for the agent. Emitted as `--tag`. Since 8.3.
   *
   * @default - none
   */
  readonly tags?: string[];

  /**
   * The id under which the agent enrols. Emitted as `--id`. Since 8.19.
   *
   * @default - Fleet makes one
   */
  readonly agentId?: string;

  /**
   * Lets this agent take the place of the one that has `agentId`, if that enrolled with the same token. Emitted as
   * `--replace-token`. Since 8.19.
   *
   * @default - none
   */
  readonly replaceToken?: CommandSecret;

  /**
   * The hash of a staging build, from which the agent downloads artifacts. Emitted as `--staging`.
   *
   * @default - released artifacts
   */
  readonly staging?: string;

  /**
   * How long to wait for the agent's daemon: a Go duration such as `90s`. Emitted as `--daemon-timeout`.
   *
   * @default - the agent's own
   */
  readonly daemonTimeout?: string;

  /**
   * How long to wait for the enrolment: a Go duration; a negative one waits for ever. Emitted as `--enroll-timeout`.
   * Since 8.19 on 8.x, since 9.1 on 9.x.
   *
   * @default - 10m, which the agent fills in
   */
  readonly enrollTimeout?: string;

  /**
   * The folder below which the agent is installed, absolute on the host. Emitted as `--base-path`. Since 8.8.
   *
   * @default - `/opt`, `/Library` or `C:\Program Files`
   */
  readonly basePath?: string;

  /**
   * Run the agent without administrator's rights. It needs a `user` or a `group` that exists before the install: the
   * enrolment runs as that user, who must be able to read the files, and a failed enrolment uninstalls. Run the host's
   * script, which hands over the folder and the private keys to `group`, or else to `user`, before its command; the
   * folders above must be open to that user already. Emitted as `--unprivileged`. Since 8.12, with a
   * user or a group of yours since 8.17.
   *
   * @default false
   */
  readonly unprivileged?: boolean;

  /**
   * The user that runs an unprivileged agent; must exist. On Windows, one of a domain needs its `password`, and one of
   * the computer is given a new password by the agent, which nobody else knows. Emitted as `--user`. Since 8.17.
   *
   * @default - `elastic-agent-user`, which the agent makes
   */
  readonly user?: string;

  /**
   * The group whose members read an unprivileged agent's files; must exist. Emitted as `--group`. Since 8.17.
   *
   * @default - `elastic-agent`, which has to exist beside a `user` of yours, and which the agent makes otherwise
   */
  readonly group?: string;

  /**
   * The password of a `user` that is `DOMAIN\user`, on Windows. Emitted as `--password`. Since 8.17.
   *
   * @default - none
   */
  readonly password?: CommandSecret;

  /**
   * Install the larger version of the agent, which includes server components, for a policy with APM Server; a Fleet
   * Server gets it without this. Emitted as `--install-servers`. Since 9.0, where the smaller one came.
   *
   * @default false
   */
  readonly installServers?: boolean;

  /**
   * Install over an agent that is there, which is uninstalled first. Emitted as `--force`; `enrollCommand` always has
   * it.
   *
   * @default false
   */
  readonly force?: boolean;

  /**
   * Whether the agent runs in Elastic's container image, which reads the environment instead of a command. The host's
   * folder then holds `container.env` instead of the script, for the image's `container` entry point.
   *
   * @default false
   */
  readonly container?: boolean;
}
