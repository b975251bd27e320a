import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { IFleetTls } from "../../host/ifleet-tls";
import { ProxyTarget } from "../../host/proxy-target";
import { ReverseProxy } from "../../host/reverse-proxy";
import { groupIn } from "../../private/terraform/group";
import type { ProxyOptions } from "../proxy-options";
import type { FleetAuthorities } from "./authorities";
import { proxyCaFile, proxyCaRole } from "./authority-role";

/** Creates a proxy; its CA is the fleet's for that server if it can issue and no other is asked for. */
export function addProxy(
  fleet: IFleetTls,
  authorities: FleetAuthorities,
  id: string,
  options: ProxyOptions,
): ReverseProxy {
  const { ca: source, ...rest } = options;
  const { target = ProxyTarget.FLEET_SERVER } = options;
  const ofFleet = target === ProxyTarget.FLEET_SERVER ? fleet.fleetServerTrust : fleet.elasticsearchCa;
  if (source === undefined && ofFleet.canIssue) {
    const ca = ofFleet as IIssuingCertificateAuthority;
    return new ReverseProxy(groupIn(fleet, "proxies"), id, { ...rest, fleet, ca });
  }
  const ca = authorities.create(proxyCaRole(id, proxyCaFile(target)), source);
  return new ReverseProxy(groupIn(fleet, "proxies"), id, { ...rest, fleet, ca });
}
