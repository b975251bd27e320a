import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { ClientAuthentication } from "../command/client-authentication";
import type { IFleetHost } from "./fleet-host";
import type { OutputType } from "./output-type";

/** Server that agents ship data to, other than the fleet's Elasticsearch: Logstash, a Kafka broker, another cluster. */
export interface IOutputReceiver extends IFleetHost {
  /** Type of an output that ships to it. */
  readonly outputType: OutputType;

  /** Addresses by which agents reach it, as an output in Kibana lists them. */
  readonly outputHosts: string[];

  /** CA of its server certificate. */
  readonly serverCa: IIssuingCertificateAuthority;

  /** Whether it asks agents for a client certificate. */
  readonly clientAuthentication: ClientAuthentication;

  /**
   * Environment variable in which Kibana finds the service token of the other cluster.
   *
   * @default - none: it is no remote Elasticsearch
   */
  readonly serviceTokenVariable?: string;

  /**
   * SASL mechanism that its listener asks for.
   *
   * @default - none: the certificate alone identifies a client
   */
  readonly saslMechanism?: string;
}
