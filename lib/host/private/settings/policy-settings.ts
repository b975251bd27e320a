import type { AgentPolicy } from "../../agent-policy";
import type { YamlMap } from "./yaml";

/** Agent policies, which Kibana creates if they are missing; integrations are added there. */
export function policySettings(policies: AgentPolicy[]): YamlMap {
  const declared = policies.map(({ policyId, name, fleetServerHosts, options }) => ({
    id: policyId,
    name,
    namespace: "default",
    monitoring_enabled: ["logs", "metrics"],
    fleet_server_host_id: fleetServerHosts.hostId,
    data_output_id: options.dataOutput?.outputId,
    monitoring_output_id: (options.monitoringOutput ?? options.dataOutput)?.outputId,
    package_policies: [],
  }));
  return { "xpack.fleet.agentPolicies": declared.length === 0 ? undefined : declared };
}
