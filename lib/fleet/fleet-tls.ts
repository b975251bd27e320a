import type { Construct } from "constructs";

import { isSystemTrust } from "../authority/records";
import type { ICertificateAuthority, IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import { ClientAuthentication } from "../command/client-authentication";
import type { ClientTls } from "../host/client-tls";
import { Elasticsearch } from "../host/elasticsearch";
import { FleetServer } from "../host/fleet-server";
import type { FleetServerOptions } from "../host/fleet-server-options";
import type { ISelfManagedFleetTls } from "../host/ifleet-tls";
import { checkPublicElasticsearch } from "../host/public-elasticsearch";
import type { ServiceToken } from "../host/service-token";
import { checkArguments, checkProps, pathOf } from "../private/check-props";
import type { Problems } from "../private/problems";
import { InputError } from "../private/problems";
import { groupIn } from "../private/terraform/group";
import { FleetBase } from "./fleet-base";
import type { FleetTlsProps } from "./fleet-tls-props";
import type { MutualFleetTlsProps } from "./mutual-fleet-tls-props";
import { ELASTICSEARCH_CA, FLEET_CA } from "./private/authority-role";
import { createClientTls } from "./private/client-tls";
import { partsOf } from "./private/fleet-parts";

/** Base of one-way and mutual fleets, which have Fleet Servers of their own. */
export abstract class FleetTls extends FleetBase implements ISelfManagedFleetTls {
  public readonly fleetServerPolicy: string;
  public readonly serviceToken: ServiceToken;
  public readonly fleetCa: IIssuingCertificateAuthority;
  public readonly elasticsearchCa: IIssuingCertificateAuthority;
  public readonly clientTls?: ClientTls;
  public readonly clientAuthentication: ClientAuthentication;
  public readonly oneCertificatePerFleetServer: boolean;

  private readonly props: FleetTlsProps;

  /** @param mutual options of a mutual fleet */
  protected constructor(scope: Construct, id: string, props: FleetTlsProps, mutual?: MutualFleetTlsProps) {
    super(scope, id, checkProps(pathOf(scope, id), mutual ? "MutualFleetTlsProps" : "FleetTlsProps", props));
    this.props = props;
    this.fleetServerPolicy = props.fleetServerPolicy;
    this.serviceToken = props.serviceToken;

    const parts = partsOf(this);
    const { authorities, problems } = parts;
    this.fleetCa = authorities.create(FLEET_CA, props.fleetCa, {
      dialled: { prop: "fleetServerUrl", hosts: parts.fleetServers.map(({ host }) => host) },
    });
    this.elasticsearchCa = authorities.create(ELASTICSEARCH_CA, props.elasticsearchCa, {
      dialled: { prop: "elasticsearchUrl", hosts: [this.elasticsearchHost] },
    });
    this.clientTls = mutual && createClientTls(problems, authorities, this, mutual);
    // NONE is refused already in a mutual fleet; REQUIRED then stands in for it, so that the rest can be checked.
    const { clientAuthentication: asked = ClientAuthentication.NONE } = mutual ?? {};
    this.clientAuthentication = mutual && asked === ClientAuthentication.NONE ? ClientAuthentication.REQUIRED : asked;
    this.oneCertificatePerFleetServer = mutual?.oneCertificatePerFleetServer ?? false;

    parts.recordChanges(this, this.clientAuthentication.mode);
    this.createDefaultHosts(problems);
    authorities.warnOfSharedElasticsearchCa(props.acceptAnyServerOf ?? []);
    parts.finish(this, mutual !== undefined);
  }

  public get fleetServerTrust(): ICertificateAuthority {
    return this.fleetCa;
  }

  /** The first Fleet Server. */
  public get fleetServer(): FleetServer {
    return this.fleetServers[0] as FleetServer;
  }

  /** Fingerprint by which Fleet Servers also trust the Elasticsearch CA; with `pinElasticsearchCa`. */
  public get elasticsearchCaFingerprint(): string | undefined {
    return this.props.pinElasticsearchCa && !isSystemTrust(this.elasticsearchCa) ? this.onlyFingerprint() : undefined;
  }

  /** Every Fleet Server, the default one first. */
  public get fleetServers(): FleetServer[] {
    return this.hosts.filter((host) => host instanceof FleetServer);
  }

  /** The default Elasticsearch host, unless Elasticsearch exists elsewhere and needs no files from here. */
  public get elasticsearch(): Elasticsearch | undefined {
    return this.node.tryFindChild("elasticsearch") as Elasticsearch | undefined;
  }

  /**
   * Adds another Fleet Server. Its certificate has its own names in addition to the name of the shared URL.
   *
   * @param id its id: its folder and its certificates' common name
   * @throws with everything that is wrong with the options, or if the fleet has such a Fleet Server
   */
  public addFleetServer(id: string, options: FleetServerOptions = {}): FleetServer {
    checkArguments("FleetTls.addFleetServer", { id, options }, `${this.node.path}.addFleetServer`);
    return new FleetServer(groupIn(this, "fleet-servers"), id, { ...options, fleet: this });
  }

  private createDefaultHosts(problems: Problems): void {
    const { fleetServer, elasticsearch, pinElasticsearchCa, withoutElasticsearchHost } = this.props;
    checkPublicElasticsearch(problems, this.elasticsearchCa, { elasticsearch, pinElasticsearchCa });
    problems.collect(() => new FleetServer(this, "fleet-server", { ...fleetServer, fleet: this }));
    if (withoutElasticsearchHost) {
      this.checkNoElasticsearch(problems);
    } else if (this.elasticsearchCa.canIssue || this.clientTls?.elasticsearchClientIssuer) {
      problems.collect(() => new Elasticsearch(this, "elasticsearch", { ...elasticsearch, fleet: this }));
    } else if (Object.keys(elasticsearch ?? {}).length > 0 && !isSystemTrust(this.elasticsearchCa)) {
      problems.add("elasticsearch", {
        what: "is given, but this fleet has nothing to configure on Elasticsearch: it neither issues its certificate nor presents client certificates to it",
        allowed: "an elasticsearchCa that can issue, or a mutual fleet whose clients Elasticsearch admits",
        fix: "remove elasticsearch",
      });
    }
  }

  private checkNoElasticsearch(problems: Problems): void {
    if (this.props.elasticsearch !== undefined) {
      problems.add("elasticsearch", {
        what: "is given, but withoutElasticsearchHost is true, so no file is created for an Elasticsearch host",
        allowed: "either elasticsearch or withoutElasticsearchHost",
        fix: "remove one of them",
      });
    }
  }

  /** A fingerprint that matches one CA of two is of no use when the other one signs. */
  private onlyFingerprint(): string {
    const { fingerprintSha256, spkiPinsSha256 } = this.elasticsearchCa;
    if (spkiPinsSha256.length !== 1) {
      throw new InputError([
        {
          where: `${this.node.path}: pinElasticsearchCa`,
          what: "asks for a fingerprint, which is one value and cannot overlap while the Elasticsearch CA rotates",
          got: `${spkiPinsSha256.length} generations`,
          allowed: "pinElasticsearchCa with one generation",
          fix: "leave it out before a rotation, deploy on every Fleet Server, and only then rotate",
        },
      ]);
    }
    return fingerprintSha256;
  }
}
