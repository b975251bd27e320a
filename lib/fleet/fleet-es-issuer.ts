import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import { checkArguments } from "../private/check-props";

/** CAs of a fleet, as its own props can name them before it has created them. */
export type FleetCaRole = "elasticsearch" | "agent" | "fleet";

/** A CA that issues client certificates of Fleet Servers towards Elasticsearch: the former issuer, or the next one. */
export class FleetEsIssuer {
  /** The fleet's Elasticsearch CA, the default issuer. */
  public static readonly ELASTICSEARCH_CA = new FleetEsIssuer("elasticsearch");

  /** The fleet's agent CA, the default issuer where the Elasticsearch CA cannot issue. */
  public static readonly AGENT_CA = new FleetEsIssuer("agent");

  /** The fleet CA, the issuer with `oneCertificatePerFleetServer`. */
  public static readonly FLEET_CA = new FleetEsIssuer("fleet");

  /**
   * A CA that is passed as `fleetEsIssuer`.
   *
   * @param ca the CA
   * @throws if it is not a CA
   */
  public static of(ca: ICertificateAuthority): FleetEsIssuer {
    checkArguments("FleetEsIssuer.of", { ca });
    return new FleetEsIssuer(undefined, ca);
  }

  private constructor(
    private readonly role?: FleetCaRole,
    private readonly ca?: ICertificateAuthority,
  ) {}

  /** The CA, among those of a fleet. @internal */
  public _among(cas: { readonly [role in FleetCaRole]: ICertificateAuthority }): ICertificateAuthority {
    return this.ca ?? cas[this.role as FleetCaRole];
  }
}
