import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { CertificateSource } from "../certificate/certificate-source";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import type { Validity } from "../certificate/validity";
import type { ClientAuthentication } from "../command/client-authentication";
import type { TargetPlatform } from "../command/target-platform";
import type { IFleetTls } from "./ifleet-tls";
import type { SaslMechanism } from "./kafka-output";

/** Another listener of a broker, which keeps its own settings. */
export interface KafkaListenerOptions {
  /** Name of the listener, e.g. `CONTROLLER`. */
  readonly name: string;

  /** Address and port that it listens on, e.g. `:9093`. */
  readonly address: string;

  /**
   * Address that it advertises.
   *
   * @default - none, for a controller
   */
  readonly advertised?: string;

  /** Security protocol as Kafka names it: `PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`. */
  readonly securityProtocol: string;
}

/** Options for a Kafka broker. */
export interface KafkaBrokerOptions {
  /**
   * Address that the broker advertises to agents, `host:port` without a scheme: what `advertised.listeners` contains for
   * this listener. May be a Terraform token.
   */
  readonly advertisedListener: string;

  /**
   * Name of the listener that agents use.
   *
   * @default "FLEET"
   */
  readonly listenerName?: string;

  /**
   * Port that the listener listens on.
   *
   * @default - the advertised port; 9092 where only Terraform knows that
   */
  readonly port?: number;

  /**
   * The broker's other listeners, which the three settings that list all listeners have to contain.
   *
   * @default - none
   */
  readonly otherListeners?: KafkaListenerOptions[];

  /**
   * Further names and addresses for the certificate. Each may be a Terraform token.
   *
   * @default - only that of `advertisedListener`
   */
  readonly names?: string[];

  /**
   * CA that issues the broker's certificate. May rotate. Brokers share one by `CertificateAuthoritySource.existing(ca)`.
   *
   * @default CertificateAuthoritySource.generated()
   */
  readonly ca?: CertificateAuthoritySource;

  /**
   * Source of the broker's certificate. Unless it is generated, the settings name certificate and key as two files, by
   * Kafka's `DirectoryConfigProvider`; not on Windows, whose paths that provider does not read.
   *
   * @default CertificateSource.generated()
   */
  readonly certificate?: CertificateSource;

  /**
   * Whether the listener asks agents for a client certificate of the agent CA: its `ssl.client.auth`.
   *
   * @default - `ClientAuthentication.REQUIRED` in a mutual fleet, `ClientAuthentication.NONE` in a one-way one
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * SASL mechanism by which agents log in on this listener. Its JAAS settings are yours.
   *
   * @default - none: the listener's protocol is `SSL`
   */
  readonly saslMechanism?: SaslMechanism;

  /**
   * The host's operating system.
   *
   * @default - the fleet's platform
   */
  readonly platform?: TargetPlatform;

  /**
   * Directory of the files on the host.
   *
   * @default - `/etc/kafka/certs`, or `C:\kafka\config\certs` on Windows
   */
  readonly hostDirectory?: string;

  /**
   * The algorithm of the broker's key.
   *
   * @default - the fleet's key algorithm
   */
  readonly keyAlgorithm?: KeyAlgorithm;

  /**
   * How long the certificate is valid and when it is renewed.
   *
   * @default - the fleet's validity
   */
  readonly validity?: Validity;
}

/** Properties of a Kafka broker. */
export interface KafkaBrokerProps extends KafkaBrokerOptions {
  /** The fleet whose agents ship to it. */
  readonly fleet: IFleetTls;
}
