import { checkArguments } from "../private/check-props";
import { isVariableName } from "../private/secret-source";
import { UserError } from "../private/user-error";

/** SASL mechanism by which agents log in to Kafka. */
export class SaslMechanism {
  /** User name and password, readable by the broker. */
  public static readonly PLAIN = new SaslMechanism("PLAIN");

  /** Salted challenge and response with SHA-256. */
  public static readonly SCRAM_SHA_256 = new SaslMechanism("SCRAM-SHA-256");

  /** Salted challenge and response with SHA-512. */
  public static readonly SCRAM_SHA_512 = new SaslMechanism("SCRAM-SHA-512");

  private constructor(
    /** The mechanism as Kafka names it, e.g. `SCRAM-SHA-512`. */
    public readonly mechanism: string,
  ) {}

  /** The mechanism as Kafka names it. */
  public toString(): string {
    return this.mechanism;
  }
}

/** User name and password of agents at Kafka. */
export interface KafkaPasswordOptions {
  /** The user name; may be a Terraform token. */
  readonly username: string;

  /** Environment variable in which Kibana finds the password, e.g. `KAFKA_PASSWORD`. No file here contains the password. */
  readonly passwordVariable: string;

  /**
   * How agents log in.
   *
   * @default SaslMechanism.SCRAM_SHA_512
   */
  readonly mechanism?: SaslMechanism;
}

type KafkaPassword = KafkaPasswordOptions & { readonly mechanism: SaslMechanism };

/** Authentication of agents to Kafka. */
export class KafkaAuthentication {
  /** By their client certificates (`auth_type: ssl`). Mutual fleets only. */
  public static readonly CLIENT_CERTIFICATE = new KafkaAuthentication("ssl");

  /** Not at all, over TLS (`auth_type: none`, `connection_type: encryption`). */
  public static readonly NONE = new KafkaAuthentication("none");

  /**
   * By a user name and a password (`auth_type: user_pass`); in a mutual fleet agents present their certificates too.
   *
   * @throws if the name of the variable is none
   */
  public static password(options: KafkaPasswordOptions): KafkaAuthentication {
    checkArguments("KafkaAuthentication.password", { options });
    if (!isVariableName(options.passwordVariable)) {
      throw new UserError(
        "KafkaAuthentication.password: passwordVariable is not the name of an environment variable; allowed: letters, " +
          "digits and underscores, such as KAFKA_PASSWORD; write the name of the variable, never the password",
      );
    }
    return new KafkaAuthentication("user_pass", { mechanism: SaslMechanism.SCRAM_SHA_512, ...options });
  }

  private constructor(
    /** `ssl`, `none` or `user_pass`. */
    public readonly authType: string,
    /** @internal */
    public readonly _password?: KafkaPassword,
  ) {}

  /** `ssl`, `none` or `user_pass`. */
  public toString(): string {
    return this.authType;
  }
}

/** Options for an output to Kafka. */
export interface KafkaOutputOptions {
  /**
   * How agents identify themselves.
   *
   * @default - by client certificates in a mutual fleet, else not at all
   */
  readonly authentication?: KafkaAuthentication;

  /**
   * Topic that agents write to.
   *
   * @default "elastic-agent"
   */
  readonly topic?: string;

  /**
   * Version of the Kafka protocol, one that Kibana offers: 2.1.0 to 2.6.0. Kibana offers older ones too, such as its
   * own default, 1.0.0, which Kafka 4 does not support (KIP-896).
   *
   * @default "2.6.0" - the newest that Kibana offers; brokers from 2.6 on, 4 included, accept it
   */
  readonly version?: string;
}
