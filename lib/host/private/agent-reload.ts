import type { HostReload } from "../fleet-host";
import type { ResolvedHostOptions } from "./setup";

/** elastic-agent 9.5 made `certificate_reload` the default; earlier versions do not have it or turn it off. */
const RELOADS_FROM = "9.5";

/**
 * How a host with an agent applies changed files.
 *
 * @param hosts what the runbook calls such hosts: `agents` or `Fleet Servers`
 */
export function agentReload(
  hosts: "agents" | "Fleet Servers",
  { stackVersion, platform }: ResolvedHostOptions,
  isContainer: boolean,
): HostReload {
  const isAutomatic = stackVersion.isAtLeast(RELOADS_FROM);
  const restart = isContainer ? "restart the container" : "restart";
  const load = "loads files by itself";
  return {
    isAutomatic,
    instruction: `Restart ${hosts} before ${RELOADS_FROM}; from ${RELOADS_FROM} on they load the file within five seconds.`,
    // A running Fleet Server does not come to accept the clients of an added CA.
    afterCopy: !isAutomatic ? restart : hosts === "agents" ? load : `${load}; ${restart} for an added agent CA`,
    command: isContainer
      ? undefined
      : platform.isWindows
        ? "& 'C:\\Program Files\\Elastic\\Agent\\elastic-agent.exe' restart"
        : "sudo elastic-agent restart",
  };
}
