import type { Certificate } from "../certificate/certificate";
import type { CertificateSource } from "../certificate/certificate-source";
import type { KeyPassphrase } from "../certificate/key-passphrase";
import type { AgentPolicy } from "./agent-policy";
import type { FleetServerHosts } from "./fleet-server-hosts";
import type { InstallOptions } from "./install-options";
import type { ReverseProxy } from "./reverse-proxy";
import type { AgentFlags } from "./shared-flags";

/** Options for an agent. */
export interface AgentOptions extends InstallOptions, AgentFlags {
  /**
   * Encrypt this agent's private key. Mutual TLS only. Emitted as `--elastic-agent-cert-key-passphrase`, a path. Since
   * 8.16.
   *
   * @default - the fleet's `agentKeyPassphrase`
   */
  readonly keyPassphrase?: KeyPassphrase;

  /**
   * Source of the agent's client certificate. Mutual TLS only. Emitted as `--elastic-agent-cert` and
   * `--elastic-agent-cert-key`, paths. Since 8.13.
   *
   * @default CertificateSource.generated()
   */
  readonly certificate?: CertificateSource;

  /**
   * Names and addresses by which clients reach inputs that listen on the host, such as APM Server or an HTTP endpoint. The
   * host gets `input-cert.pem` and `input-cert-key.pem`, issued by the fleet's `inputCa` with these names; the integration's
   * settings name both paths. Each may be a Terraform token.
   *
   * @default - no server certificate
   */
  readonly serverNames?: string[];

  /**
   * Source of the server certificate of these inputs.
   *
   * @default CertificateSource.generated() - with `serverNames`
   */
  readonly serverCertificate?: CertificateSource;

  /**
   * Policy of the agent, which says its enrollment token, Fleet Server hosts, outputs and proxy.
   *
   * @default - the default policy, which the fleet's props describe
   */
  readonly policy?: AgentPolicy;

  /**
   * Fleet Server hosts that the agent's policy names. The agent enrolls through their first URL, emitted as `--url`.
   *
   * @default - the default ones, of the fleet's `fleetServerUrl`
   */
  readonly fleetServerHosts?: FleetServerHosts;

  /**
   * Reverse proxy that the agent dials instead of Fleet Server. Emitted as `--url`; the agent trusts the proxy's CA in
   * `fleet-ca.pem`. Add the proxy's URL to Kibana first.
   *
   * @default - the agent dials its Fleet Server hosts
   */
  readonly fleetServerProxy?: ReverseProxy;

  /**
   * Certificate that several agents share, created by `addAgentCertificate`.
   *
   * @default - the agent has its own
   */
  readonly sharedCertificate?: Certificate;
}
