import type { IFleetTls } from "./ifleet-tls";
import type { IFleetHost } from "./fleet-host";
import type { FleetProxy } from "./fleet-proxy";
import type { KafkaOutputOptions } from "./kafka-output";
import type { IOutputReceiver } from "./output-receiver";
import type { OutputTrust } from "./output-trust";
import type { TargetPlatform } from "../command/target-platform";

/** Options for an output. */
export interface FleetOutputOptions {
  /**
   * The hosts whose policies use the output.
   *
   * @default - the agents whose policies name the output; if none does, every agent without outputs of a policy and every
   * Fleet Server of the fleet
   */
  readonly hosts?: IFleetHost[];

  /**
   * Only hosts of this operating system: in a mutual fleet the settings name paths.
   *
   * @default - hosts of all of them
   */
  readonly platform?: TargetPlatform;

  /**
   * How agents verify Elasticsearch's certificate.
   *
   * @default OutputTrust.INLINE - where Terraform knows the CA, else its path on the hosts
   */
  readonly trust?: OutputTrust;

  /**
   * Servers that the output ships to, all of one type: Logstash, Kafka brokers, or one remote Elasticsearch.
   *
   * @default - the fleet's Elasticsearch
   */
  readonly to?: IOutputReceiver[];

  /**
   * Fleet proxy through which agents reach Elasticsearch. The output's list of CAs contains the proxy's CA too.
   *
   * @default - agents use the proxy of their environment, if there is one
   */
  readonly fleetProxy?: FleetProxy;

  /**
   * Options of an output to Kafka.
   *
   * @default - the defaults of these options
   */
  readonly kafka?: KafkaOutputOptions;

  /**
   * Further settings of the output as YAML, without `ssl`, e.g. `bulk_max_size: 50`. May be a Terraform token.
   *
   * @default - none
   */
  readonly furtherSettings?: string;
}

/** Properties of an output. */
export interface FleetOutputProps extends FleetOutputOptions {
  /** The fleet whose agents use it. */
  readonly fleet: IFleetTls;
}
