import { FleetProxy } from "../../host/fleet-proxy";
import type { IFleetTls } from "../../host/ifleet-tls";
import { groupIn } from "../../private/terraform/group";
import type { FleetProxyOptions } from "../fleet-proxy-options";
import type { FleetAuthorities } from "./authorities";
import { fleetProxyCaRole } from "./authority-role";

/** Creates a Fleet proxy, and its CA unless the operating systems trust it. */
export function addFleetProxy(
  fleet: IFleetTls,
  authorities: FleetAuthorities,
  id: string,
  { ca: source, ...options }: FleetProxyOptions,
): FleetProxy {
  const ca = source && authorities.create(fleetProxyCaRole(id), source);
  return new FleetProxy(groupIn(fleet, "fleet-proxies"), id, { ...options, fleet, ca });
}
