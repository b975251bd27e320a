import { AgentPolicy } from "../../host/agent-policy";
import { DownloadSource } from "../../host/download-source";
import { FleetProxy } from "../../host/fleet-proxy";
import type { IFleetHost } from "../../host/fleet-host";
import { HostKind } from "../../host/host-kind";
import type { IFleetTls } from "../../host/ifleet-tls";
import { Kibana } from "../../host/kibana";
import { isSelfManaged } from "../../host/self-managed";
import type { Prerequisite } from "../prerequisite";
import { mergedPrerequisites } from "../prerequisite";

/** What a person has to provide before hosts are installed, and how a script runs on Windows. */
export function fleetPrerequisites(fleet: IFleetTls, hosts: readonly IFleetHost[]): Prerequisite[] {
  return mergedPrerequisites([
    ...(isSelfManaged(fleet)
      ? [forFleet(`the policy \`${fleet.fleetServerPolicy}\` in Kibana, with the Fleet Server integration`)]
      : []),
    ...fleetProxies(fleet).map(forFleet),
    ...downloadSources(fleet).map(forFleet),
    ...hosts.flatMap(({ id, commands }) =>
      commands.flatMap(({ prerequisites }) => prerequisites.map((text) => ({ text, hosts: [id], moreHosts: 0 }))),
    ),
    ...hosts.flatMap(requests),
    ...hosts.flatMap(windowsScript).map(forFleet),
  ]);
}

/** Whether the settings of a Kibana declare the objects of Fleet. */
export function isFleetDeclared({ hosts }: IFleetTls): boolean {
  return hosts.some((host) => host instanceof Kibana && host.declaresFleet);
}

/** Fleet proxies that Kibana's settings do not declare, and what they are selected in. */
function fleetProxies(fleet: IFleetTls): string[] {
  return isFleetDeclared(fleet)
    ? []
    : FleetProxy.of(fleet).map(
        ({ proxyId, node, _users }) =>
          `the Fleet proxy \`${proxyId}\` in Kibana, which is \`fleet-proxies/${node.id}.json\` as the body of ` +
          `\`POST /api/fleet/proxies\`${_users.length === 0 ? "" : `; select it in ${_users.join(", ")}`}`,
      );
}

/** Download sources that Kibana's settings do not declare. */
function downloadSources(fleet: IFleetTls): string[] {
  if (fleet.hosts.some((host) => host instanceof Kibana && host.declaresDownloadSources)) {
    return [];
  }
  return DownloadSource.of(fleet).map((source) => {
    const policies = AgentPolicy.of(fleet).filter(({ options }) => options.downloadSource === source);
    const names = policies.map(({ policyId }) => `\`${policyId}\``).join(", ");
    return (
      `the agent binary download source \`${source.sourceId}\` in Kibana, which is \`download-sources/${source.node.id}.json\` ` +
      "as the body of `POST /api/fleet/agent_download_sources`" +
      (names === "" ? "" : `; select it in the policies ${names}`)
    );
  });
}

const forFleet = (text: string): Prerequisite => ({ text, hosts: [], moreHosts: 0 });

/** The certificate requests of a host whose keys stay on it. */
function requests({ id, files }: IFleetHost): Prerequisite[] {
  return files.certificates.flatMap(({ certificate }) =>
    certificate?._requestFile === undefined
      ? []
      : [
          {
            text:
              `the certificate request \`${certificate._requestFile}\`, which the script \`request-${certificate.node.id}\` ` +
              "of the host's folder creates on the host; then deploy again",
            hosts: [id],
            moreHosts: 0,
          },
        ],
  );
}

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
