import { isIP } from "node:net";

import { authorityRecord } from "../../authority/records";
import type { FleetServerHostsOptions } from "../../host/fleet-server-hosts";
import { FleetServerHosts } from "../../host/fleet-server-hosts";
import { FleetServer } from "../../host/fleet-server";
import type { IFleetTls } from "../../host/ifleet-tls";
import { isSelfManaged } from "../../host/self-managed";
import type { Problems } from "../../private/problems";
import { InputError, quoted } from "../../private/problems";
import { groupIn } from "../../private/terraform/group";
import { isKnown } from "../../private/terraform/text";
import type { Endpoint } from "../../private/urls";
import { FLEET_SERVER_URL, parseUrl } from "../../private/urls";
import { matchHostName } from "../../private/x509/host-name";
import type { FleetBaseProps } from "../fleet-base-props";

/** Group of the constructs in a fleet. */
const GROUP = "fleet-server-hosts";

/** Reads the URLs of the default Fleet Server hosts of a fleet. */
export function parseFleetServerUrls(
  problems: Problems,
  { fleetServerUrl, furtherFleetServerUrls = [] }: FleetBaseProps,
): Endpoint[] {
  return [
    parseUrl(problems, "fleetServerUrl", fleetServerUrl, FLEET_SERVER_URL),
    ...furtherFleetServerUrls.map((url, index) =>
      parseUrl(problems, `furtherFleetServerUrls[${index}]`, url, FLEET_SERVER_URL),
    ),
  ];
}

/** Creates the default Fleet Server hosts of a fleet. */
export function createDefaultFleetServerHosts(
  fleet: IFleetTls,
  urls: readonly Endpoint[],
  former: readonly Endpoint[],
): FleetServerHosts {
  return new FleetServerHosts(groupIn(fleet, GROUP), "fleet-server", {
    fleet,
    urls: urls.map(({ url }) => url),
    formerUrls: former.map(({ url }) => url),
  });
}

/** Adds Fleet Server hosts to a fleet, and checks at synthesis that Fleet Servers present their names. */
export function addFleetServerHosts(fleet: IFleetTls, id: string, options: FleetServerHostsOptions): FleetServerHosts {
  const list = new FleetServerHosts(groupIn(fleet, GROUP), id, { ...options, fleet });
  const { fleetServerTrust } = fleet;
  if (!fleetServerTrust.canIssue) {
    // Others sign; what they sign has at least these names.
    authorityRecord(fleetServerTrust).addNames(list, `${list.node.path}: urls`, list.names);
  }
  if (isSelfManaged(fleet)) {
    list.node.addValidation({ validate: () => unservedNames(fleet, list) });
  }
  return list;
}

/** Refuses a list with a name that no Fleet Server's certificate has: agents would refuse every server of these URLs. */
function unservedNames(fleet: IFleetTls, list: FleetServerHosts): string[] {
  const servers = fleet.hosts.filter((host) => host instanceof FleetServer);
  // Names of a certificate that is on its host are not known here.
  if (servers.some((server) => server.fleetServerHosts === list || server.certificate === undefined)) {
    return [];
  }
  const presented = servers.flatMap(({ certificate }) => certificate?.names ?? []).filter(isKnown);
  const dnsNames = presented.filter((name) => isIP(name) === 0);
  const ipAddresses = presented.filter((name) => isIP(name) !== 0);
  const unserved = list.names.filter(
    (name) => isKnown(name) && matchHostName({ dnsNames, ipAddresses }, name) === "none",
  );
  return unserved.length === 0
    ? []
    : [
        new InputError([
          {
            where: `${list.node.path}: urls`,
            what: "lead to no Fleet Server of the fleet: no certificate has their names",
            got: unserved.map(quoted).join(", "),
            allowed: "Fleet Server hosts with a Fleet Server, or URLs of other Fleet Server hosts",
            fix: `add one with addFleetServer(ID, { fleetServerHosts }), or these names to names of a Fleet Server`,
          },
        ]).message,
      ];
}
