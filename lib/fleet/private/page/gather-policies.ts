import { AgentPolicy } from "../../../host/agent-policy";
import { Agent } from "../../../host/agent";
import type { EnrollmentToken } from "../../../host/enrollment-token";
import type { FleetOutput } from "../../../host/fleet-output";
import type { IFleetHost } from "../../../host/fleet-host";
import type { IFleetTls } from "../../../host/ifleet-tls";
import { expression, isKnown } from "../../../private/terraform/text";

const MOST_HOSTS = 3;

/** Ids of the first hosts, and how many more there are. */
export function someOf(hosts: IFleetHost[]): Record<string, unknown> {
  const some = hosts.slice(0, MOST_HOSTS);
  return { hosts: some.map(({ id }) => expression(id)), moreHosts: hosts.length - some.length };
}

/** The agent policies of a fleet, each with the names of what it names in Kibana. */
export function pagePolicies(fleet: IFleetTls): Record<string, unknown>[] {
  const nameOf = (output: FleetOutput | undefined): string | undefined =>
    output && expression(`${fleet.kibanaIdPrefix} ${output.node.id}`);
  return AgentPolicy.of(fleet).map((policy) => {
    const { dataOutput, monitoringOutput, downloadSource, enrollmentToken } = policy.options;
    const proxyUrl = policy.options.proxyUrl ?? policy.fleetServerHosts.fleetProxy?.url;
    return {
      name: expression(policy.name),
      enrollmentToken: expression(tokenText(enrollmentToken ?? fleet.agentEnrollmentToken)),
      fleetServerHosts: expression(policy.fleetServerHosts.name),
      dataOutput: nameOf(dataOutput),
      monitoringOutput: nameOf(monitoringOutput ?? dataOutput),
      downloadSource: downloadSource && expression(downloadSource.name),
      // A token may contain a password.
      proxyUrl: proxyUrl !== undefined && isKnown(proxyUrl) ? proxyUrl : undefined,
      ...someOf(fleet.hosts.filter((host) => host instanceof Agent && host.policy === policy)),
    };
  });
}

function tokenText(token: EnrollmentToken | undefined): string {
  if (token === undefined) {
    return "of each agent";
  }
  const { _source: source } = token;
  return source.kind === "environment" ? `the variable \`${source.name}\`` : "in the commands";
}
