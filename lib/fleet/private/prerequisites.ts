import type { IFleetHost } from "../../host/fleet-host";
import { HostKind } from "../../host/host-kind";
import type { IFleetTls } from "../../host/ifleet-tls";
import { isSelfManaged } from "../../host/self-managed";
import type { Prerequisite } from "../prerequisite";
import { mergedPrerequisites } from "../prerequisite";

/** What a person has to provide before the commands of hosts run, and how a script runs on Windows. */
export function fleetPrerequisites(fleet: IFleetTls, hosts: readonly IFleetHost[]): Prerequisite[] {
  return mergedPrerequisites([
    ...(isSelfManaged(fleet)
      ? [forFleet(`the policy \`${fleet.fleetServerPolicy}\` in Kibana, with the Fleet Server integration`)]
      : []),
    ...hosts.flatMap(({ id, commands }) =>
      commands.flatMap(({ prerequisites }) => prerequisites.map((text) => ({ text, hosts: [id], moreHosts: 0 }))),
    ),
    ...hosts.flatMap(windowsScript).map(forFleet),
  ]);
}

const forFleet = (text: string): Prerequisite => ({ text, hosts: [], moreHosts: 0 });

/** How the script of a host runs where scripts are not allowed otherwise. */
function windowsScript({ kind, platform, isContainer, files, commands }: IFleetHost): string[] {
  const isAgent = kind === HostKind.AGENT || kind === HostKind.FLEET_SERVER;
  if (!platform.isWindows || !isAgent || isContainer) {
    return [];
  }
  const directory = files.hostDirectory.replace(/[\\/]+$/, "");
  return commands.map(
    ({ file }) =>
      "on Windows, a PowerShell that runs as administrator: " +
      `\`powershell -NoProfile -ExecutionPolicy Bypass -File '${directory}\\${file}'\``,
  );
}
