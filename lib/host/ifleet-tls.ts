import type { IConstruct } from "constructs";

import type { Agent } from "./agent";
import type { ClientTls } from "./client-tls";
import type { Elasticsearch } from "./elasticsearch";
import type { EnrollmentToken } from "../command/enrollment-token";
import type { FleetOutput } from "./fleet-output";
import type { FleetServer } from "./fleet-server";
import type { HostOptions } from "./host-options";
import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { Kibana } from "./kibana";
import type { ServiceToken } from "../command/service-token";

/** What a host reads of the fleet that it belongs to. */
export interface IFleetTls extends IConstruct {
  /** The URL by which agents reach Fleet Server. */
  readonly fleetServerUrl: string;

  /** The host of that URL. */
  readonly fleetServerHost: string;

  /** The URL by which Fleet Server reaches Elasticsearch. */
  readonly elasticsearchUrl: string;

  /** The host of that URL. */
  readonly elasticsearchHost: string;

  /** The id of the policy that Fleet Servers run under. */
  readonly fleetServerPolicy: string;

  /** Where Fleet Servers take their service token from. */
  readonly serviceToken: ServiceToken;

  /** Where agents take their enrolment token from, unless they have their own. */
  readonly agentEnrollmentToken?: EnrollmentToken;

  /** The CA of what Fleet Server presents to agents. */
  readonly fleetCa: IIssuingCertificateAuthority;

  /** The CA of what Elasticsearch presents. */
  readonly elasticsearchCa: IIssuingCertificateAuthority;

  /** What client certificates need, in mutual mode. */
  readonly clientTls?: ClientTls;

  /** The pins that hosts ask of Fleet Server's chain, where the fleet pins its CA. */
  readonly fleetCaPins?: string[];

  /** The fingerprint by which Fleet Servers trust the Elasticsearch CA too, where the fleet says so. */
  readonly elasticsearchCaFingerprint?: string;

  /** Where Terraform writes the hosts' folders. */
  readonly outputDirectory: string;

  /** What hosts take for their defaults. */
  readonly hostDefaults: HostOptions;

  /** Every Fleet Server, the first one first. */
  readonly fleetServers: FleetServer[];

  /** Every agent, whatever stack it is in. */
  readonly agents: Agent[];

  /** @internal */
  _addAgent(agent: Agent): void;

  /** @internal */
  _addFleetServer(fleetServer: FleetServer): void;

  /** @internal */
  _addElasticsearch(elasticsearch: Elasticsearch): void;

  /** @internal */
  _addKibana(kibana: Kibana): void;

  /** Every Elasticsearch host, the default one first. @internal */
  readonly _elasticsearchNodes: Elasticsearch[];

  /** The output of hosts that have none of their own, made when it is first needed. @internal */
  readonly _defaultOutput: FleetOutput;
}
