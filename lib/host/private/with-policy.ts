import type { Problems } from "../../private/problems";
import type { AgentOptions } from "../agent-options";
import type { IFleetTls } from "../ifleet-tls";
import { AgentPolicy } from "../agent-policy";

const SHARED = ["enrollmentToken", "fleetServerHosts", "fleetServerProxy", "proxyUrl", "proxyCaPem"] as const;

/** An agent's options with those of its policy. What the policy says is refused in the agent's own options. */
export function withPolicy<T extends AgentOptions>(problems: Problems, fleet: IFleetTls, props: T): T {
  const { policy } = props;
  if (policy === undefined) {
    return props;
  }
  if (!AgentPolicy.of(fleet).includes(policy)) {
    problems.add("policy", {
      what: "is that of another fleet",
      got: policy.node.path,
      allowed: "a policy of this fleet",
      fix: "create it with addAgentPolicy of this fleet",
    });
  }
  const { options } = policy;
  for (const prop of SHARED) {
    if (props[prop] !== undefined && options[prop] !== undefined) {
      problems.add(prop, {
        what: `is given, but the policy ${policy.node.id} has one`,
        allowed: "an option either of the policy or of the agent",
        fix: `remove ${prop} here, or choose another policy`,
      });
    }
  }
  const token = props.enrollmentToken ?? fleet.agentEnrollmentToken;
  if (options.enrollmentToken === undefined && token?._source.kind === "argument") {
    problems.add("enrollmentToken", {
      what:
        props.enrollmentToken === undefined
          ? `is the fleet's agentEnrollmentToken, which belongs to another policy than ${policy.node.id}: the agent would get that one`
          : `is a token by value, but the policy ${policy.node.id} has none, so nothing says that it is one of this policy`,
      allowed: "a token of the agent's own policy",
      fix: "give enrollmentToken to addAgentPolicy",
    });
  }
  for (const prop of ["fleetServerHosts", "fleetServerProxy"] as const) {
    const own = prop === "fleetServerProxy" ? props.fleetServerProxy?.fleetServerHosts : props.fleetServerHosts;
    if (own !== undefined && options[prop] === undefined && own !== policy.fleetServerHosts) {
      problems.add(prop, {
        what: `has other URLs than those that the policy ${policy.node.id} names in Kibana, to which the agent goes at its first check-in`,
        allowed: "Fleet Server hosts or a proxy that the policy names",
        fix: `give ${prop} to addAgentPolicy instead`,
      });
    }
  }
  return { ...props, ...Object.fromEntries(SHARED.map((prop) => [prop, options[prop] ?? props[prop]])) };
}
