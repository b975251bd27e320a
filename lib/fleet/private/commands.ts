import type { IFleetHost } from "../../host/fleet-host";
import { HostKind } from "../../host/host-kind";
import type { FleetOutputs } from "./outputs";

/**
 * Adds the install command of a host to the outputs. A container has none: it reads its environment.
 *
 * @param isFirst whether the host is the first of its kind
 */
export function addCommandOutput(outputs: FleetOutputs, host: IFleetHost, isFirst: boolean): void {
  const { kind, isContainer } = host;
  for (const { text, containsSecret } of isContainer ? [] : host.commands) {
    if (kind === HostKind.FLEET_SERVER && isFirst) {
      // An output of its own, as on Elastic's page.
      outputs.add(host, "fleet-server-command", text, {
        description: `The command that installs the Fleet Server ${host.node.path}`,
        sensitive: containsSecret,
      });
      continue;
    }
    // Commands that contain a secret are in a map of their own, so that the others stay readable.
    const id = `${kind.id}-commands${containsSecret ? "-sensitive" : ""}`;
    const description = `Install command of each ${kind.title}, by id`;
    outputs.addToMap(host, id, host.id, text, {
      description: containsSecret ? `${description}; they contain secrets` : description,
      sensitive: containsSecret,
    });
  }
}
