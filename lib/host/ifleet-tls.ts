import type { IConstruct } from "constructs";

import type { ICertificateAuthority, IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { ClientAuthentication } from "../command/client-authentication";
import type { EnrollmentToken } from "./enrollment-token";
import type { ServiceToken } from "./service-token";
import type { ClientTls } from "./client-tls";
import type { IFleetHost } from "./fleet-host";
import type { HostOptions } from "./host-options";

/** A fleet, as its hosts read it. Its Fleet Servers may run elsewhere. */
export interface IFleetTls extends IConstruct {
  /** First URL of the default Fleet Server hosts, by which agents reach Fleet Server. */
  readonly fleetServerUrl: string;

  /** The host of that URL. */
  readonly fleetServerHost: string;

  /** The URL by which Fleet Server reaches Elasticsearch. */
  readonly elasticsearchUrl: string;

  /** The host of that URL. */
  readonly elasticsearchHost: string;

  /**
   * Hosts of former URLs of Elasticsearch, which stay in its certificates.
   *
   * @default - none
   */
  readonly formerElasticsearchHosts?: string[];

  /** First part of the ids and names of the fleet's outputs and Fleet Server hosts in Kibana. */
  readonly kibanaIdPrefix: string;

  /** Default source of the agents' enrollment tokens. */
  readonly agentEnrollmentToken?: EnrollmentToken;

  /** CA that agents verify Fleet Server's certificate with. */
  readonly fleetServerTrust: ICertificateAuthority;

  /** CA of Elasticsearch's certificate. */
  readonly elasticsearchCa: IIssuingCertificateAuthority;

  /** CA of the server certificates of inputs on agents' hosts. Created when it is first read. */
  readonly inputCa: IIssuingCertificateAuthority;

  /** CAs and options of client certificates, in a fleet that uses them. */
  readonly clientTls?: ClientTls;

  /** Public keys that agents require in Fleet Server's chain, if the fleet pins its CA. */
  readonly fleetCaPins: string[] | undefined;

  /** Folder for the hosts' folders, on the machine that runs Terraform; absent if the fleet writes no files. */
  readonly outputDirectory?: string;

  /** Default options of the hosts. */
  readonly hostDefaults: HostOptions;

  /** Every host of the fleet in any stack, in the order in which they were added. */
  readonly hosts: IFleetHost[];

  /** When the first certificate of the fleet's own stack is due, RFC 3339 in UTC. A Terraform token. */
  readonly nextRenewal: string;

  /**
   * Adds a host to `hosts`. Called by the constructor of each host.
   *
   * @param host the host
   */
  addHost(host: IFleetHost): void;
}

/** A fleet with Fleet Servers of its own, as these read it. */
export interface ISelfManagedFleetTls extends IFleetTls {
  /** CA that issues Fleet Server's certificate. */
  readonly fleetCa: IIssuingCertificateAuthority;

  /** Id of the policy that Fleet Servers run under. */
  readonly fleetServerPolicy: string;

  /** Default source of the Fleet Servers' service tokens. */
  readonly serviceToken: ServiceToken;

  /** Whether Fleet Server requests a client certificate from agents. */
  readonly clientAuthentication: ClientAuthentication;

  /** Fingerprint by which Fleet Servers also trust the Elasticsearch CA, if the fleet pins it. */
  readonly elasticsearchCaFingerprint: string | undefined;

  /** Whether each Fleet Server has one certificate for all of its roles, issued by the fleet CA. */
  readonly oneCertificatePerFleetServer: boolean;
}
