import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { IFleetTls } from "../../host/ifleet-tls";
import { ProxyTarget } from "../../host/proxy-target";
import { ReverseProxy } from "../../host/reverse-proxy";
import { groupIn } from "../../private/terraform/group";
import type { ProxyOptions } from "../proxy-options";
import type { FleetAuthorities, FleetAuthority } from "./authorities";
import type { FleetCertificates } from "./certificates";
import { proxyCaFile, proxyCaRole } from "./authority-role";

/** The parts of a fleet that a proxy with a CA of its own joins. */
export interface ProxyParts {
  readonly authorities: FleetAuthorities;
  readonly certificates: FleetCertificates;
}

/** Creates a proxy; its CA is the fleet's for that server if it can issue and no other is asked for. */
export function addProxy(fleet: IFleetTls, parts: ProxyParts, id: string, options: ProxyOptions): ReverseProxy {
  const { ca: source, ...rest } = options;
  const { target = ProxyTarget.FLEET_SERVER } = options;
  const ofFleet = target === ProxyTarget.FLEET_SERVER ? fleet.fleetServerTrust : fleet.elasticsearchCa;
  if (source === undefined && ofFleet.canIssue) {
    const ca = ofFleet as IIssuingCertificateAuthority;
    return new ReverseProxy(groupIn(fleet, "proxies"), id, { ...rest, fleet, ca });
  }
  const ca = parts.authorities.create(proxyCaRole(id, proxyCaFile(target)), source);
  parts.certificates.addAuthority(parts.authorities.all.at(-1) as FleetAuthority);
  return new ReverseProxy(groupIn(fleet, "proxies"), id, { ...rest, fleet, ca });
}
