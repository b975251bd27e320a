import type { Problems } from "../../private/problems";
import { FleetServerHosts } from "../fleet-server-hosts";
import type { IFleetTls } from "../ifleet-tls";

/**
 * The given Fleet Server hosts of a host, or the default ones. Refuses those of another fleet, whose names, CA and Kibana
 * are others, and those of a proxy, whose CA the host would not get.
 */
export function fleetServerListOf(problems: Problems, fleet: IFleetTls, own?: FleetServerHosts): FleetServerHosts {
  const all = FleetServerHosts.of(fleet);
  if (own !== undefined && !all.includes(own)) {
    problems.add("fleetServerHosts", {
      what: "are those of another fleet",
      got: own.node.path,
      allowed: "Fleet Server hosts of this fleet",
      fix: "create them with addFleetServerHosts of this fleet, or leave it out",
    });
  }
  if (own?.proxy !== undefined) {
    problems.add("fleetServerHosts", {
      what: "are those of a proxy, whose CA comes with the proxy",
      got: own.node.path,
      allowed: "Fleet Server hosts of addFleetServerHosts",
      fix: "pass the proxy as fleetServerProxy of the agent or its policy",
    });
  }
  return own ?? (all[0] as FleetServerHosts);
}
