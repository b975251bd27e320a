import type { CertificateValidities } from "../certificate/certificate-validities";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import type { KeyFormat } from "../certificate/key-format";
import type { KeyRotation } from "../certificate/key-rotation";
import type { StackVersion } from "../command/stack-version";
import type { TargetPlatform } from "../command/target-platform";
import type { Validity } from "../certificate/validity";

/** What can be chosen for each host, and for all hosts of a fleet at once. */
export interface HostOptions {
  /**
   * The host's operating system.
   *
   * @default TargetPlatform.LINUX
   */
  readonly platform?: TargetPlatform;

  /**
   * Where the host's files lie on the host: the directory that commands name. Absolute there, not below the agent's
   * own install directory, without a comma.
   *
   * @default - `/etc/elastic-agent/certs` on Linux and macOS, `C:\ProgramData\elastic-agent-certs` on Windows;
   * `/etc/elasticsearch/certs` for Elasticsearch
   */
  readonly hostDirectory?: string;

  /**
   * How the host calls the agent's executable: the words before `install`, as they are, e.g. `sudo ./elastic-agent`.
   *
   * @default - `elastic-agent`, and `.\elastic-agent.exe` on Windows
   */
  readonly executable?: string;

  /**
   * How the host calls the executable of the agent that is installed: the words before `enroll`, as they are.
   *
   * @default - `elastic-agent`; `sudo -u USER elastic-agent` where it is unprivileged; on Windows the executable in
   * `C:\Program Files\Elastic\Agent`
   */
  readonly installedExecutable?: string;

  /**
   * Whether `install` asks nothing. Without it, a pasted command stops at a prompt. Emitted as `--non-interactive`.
   *
   * @default true
   */
  readonly nonInteractive?: boolean;

  /**
   * The version of the Elastic stack that the host runs. It decides which flags there are and what they mean.
   *
   * @default StackVersion.LATEST
   */
  readonly stackVersion?: StackVersion;

  /**
   * Whether the host runs Elastic's FIPS build, which reads no encrypted key and no Ed25519.
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
   * The algorithm of the host's keys.
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
   * How long the host's certificates are valid and when they are renewed.
   *
   * @default Validity.days(397) - renewed from 133 days before the end, by the next deploy
   */
  readonly validity?: Validity;

  /**
   * The same for one kind of certificate, where one length does not suit all.
   *
   * @default - `validity` for every kind
   */
  readonly validityOf?: CertificateValidities;

  /**
   * Whether a renewal makes a new key too. Keys that stay on their hosts are never touched.
   *
   * @default KeyRotation.NEVER - a renewal keeps the key, so that one file changes
   */
  readonly keyRotation?: KeyRotation;
}
