import type { CertificateValidities } from "../certificate/certificate-validities";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import type { KeyFormat } from "../certificate/key-format";
import type { KeyRotation } from "../certificate/key-rotation";
import type { StackVersion } from "../command/stack-version";
import type { TargetPlatform } from "../command/target-platform";
import type { Validity } from "../certificate/validity";
import type { PromptFlags } from "./shared-flags";

/** Options for one host, or for all hosts of a fleet. */
export interface HostOptions extends PromptFlags {
  /**
   * The host's operating system.
   *
   * @default TargetPlatform.LINUX
   */
  readonly platform?: TargetPlatform;

  /**
   * Folder of the host's files on the host, which commands name: an absolute path without a comma, not below the agent's
   * own install directory.
   *
   * @default - `/etc/elastic-agent/certs` on Linux and macOS, `C:\ProgramData\elastic-agent-certs` on Windows;
   * `/etc/elasticsearch/certs` for Elasticsearch
   */
  readonly hostDirectory?: string;

  /**
   * Command in front of `install`, used verbatim, e.g. `sudo ./elastic-agent`.
   *
   * @default - `elastic-agent`, and `.\elastic-agent.exe` on Windows
   */
  readonly executable?: string;

  /**
   * Command in front of `enroll`, used verbatim.
   *
   * @default - `elastic-agent`; `sudo -u USER elastic-agent` if the agent is unprivileged; on Windows the executable in
   * `C:\Program Files\Elastic\Agent`
   */
  readonly installedExecutable?: string;

  /**
   * Version of the Elastic Stack on the host. It decides which flags exist and what they mean.
   *
   * @default StackVersion.LATEST
   */
  readonly stackVersion?: StackVersion;

  /**
   * The host runs Elastic's FIPS build, which reads neither encrypted keys nor Ed25519 keys.
   *
   * @default false
   */
  readonly fips?: boolean;

  /**
   * Declare that the host's policy runs Elastic Defend. Before 8.19 and in 9.0 it reads RSA keys only, and drops others
   * silently: the agent's key, and those of the CAs and servers that it meets. It drops an encrypted agent key too.
   *
   * @default false
   */
  readonly elasticDefend?: boolean;

  /**
   * Algorithm of the host's private keys.
   *
   * @default KeyAlgorithm.ECDSA_P256
   */
  readonly keyAlgorithm?: KeyAlgorithm;

  /**
   * The format of the host's plain private keys. A change rewrites key files and nothing else; the key stays the same, so
   * no host needs a copy.
   *
   * @default KeyFormat.PKCS8 - `KeyFormat.TRADITIONAL` for ECDSA keys of hosts with `elasticDefend`, since it is not known
   * whether Elastic Defend reads those as PKCS#8
   */
  readonly keyFormat?: KeyFormat;

  /**
   * Validity and renewal of the host's certificates.
   *
   * @default Validity.days(397) - renewed from 133 days before the end, by the next deploy
   */
  readonly validity?: Validity;

  /**
   * Validity by kind of certificate, where it differs from `validity`.
   *
   * @default - `validity` for every kind
   */
  readonly validityOf?: CertificateValidities;

  /**
   * Whether a renewal also replaces the private key. Keys that stay on their hosts are never replaced.
   *
   * @default KeyRotation.NEVER - a renewal keeps the key, so that one file changes
   */
  readonly keyRotation?: KeyRotation;
}
