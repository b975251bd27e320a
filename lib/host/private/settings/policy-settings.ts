import type { AgentPolicy } from "../../agent-policy";
import { DownloadSource } from "../../download-source";
import type { IFleetTls } from "../../ifleet-tls";
import type { YamlMap } from "./yaml";

/**
 * Agent policies, which Kibana creates if they are missing; integrations are added there.
 *
 * @param namesSources whether Kibana has their download sources by then: it cannot compile a policy of a missing one
 */
export function policySettings(policies: AgentPolicy[], namesSources: boolean): YamlMap {
  const declared = policies.map(({ policyId, name, fleetServerHosts, options }) => ({
    id: policyId,
    name,
    namespace: "default",
    monitoring_enabled: ["logs", "metrics"],
    fleet_server_host_id: fleetServerHosts.hostId,
    data_output_id: options.dataOutput?.outputId,
    monitoring_output_id: (options.monitoringOutput ?? options.dataOutput)?.outputId,
    download_source_id: namesSources ? options.downloadSource?.sourceId : undefined,
    package_policies: [],
  }));
  return { "xpack.fleet.agentPolicies": declared.length === 0 ? undefined : declared };
}

/** Agent binary download sources. */
export function downloadSourceSettings(fleet: IFleetTls): YamlMap {
  const declared = DownloadSource.of(fleet).map(({ _fields }) => _fields);
  return { "xpack.fleet.binaryDownloadSource": declared.length === 0 ? undefined : declared };
}
