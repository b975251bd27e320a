import type { IFleetHost } from "./fleet-host";
import { HostKind } from "./host-kind";
import type { IFleetTls } from "./ifleet-tls";

/** Agents, then Fleet Servers: the hosts whose agents ship data. */
export function shippingHosts({ hosts }: IFleetTls): IFleetHost[] {
  const ofKind = (kind: HostKind): IFleetHost[] => hosts.filter((host) => host.kind === kind);
  return [...ofKind(HostKind.AGENT), ...ofKind(HostKind.FLEET_SERVER)];
}
