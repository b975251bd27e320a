import type { Problems } from "../../private/problems";
import type { FleetServerHosts } from "../fleet-server-hosts";
import type { InstallFlags } from "../install-flags";

/** Options of a forward proxy that an agent or its policy may have of its own. */
interface OwnProxy {
  readonly proxyUrl?: string;
  readonly proxyHeaders?: { readonly [name: string]: string };
  readonly proxyDisabled?: boolean;
  readonly proxyCaPem?: string;
}

const OWN = ["proxyUrl", "proxyHeaders", "proxyDisabled", "proxyCaPem"] as const;

/** Refuses options of a proxy for agents of Fleet Server hosts with a Fleet proxy, whose settings replace them. */
export function checkOwnProxy(problems: Problems, { fleetProxy, node }: FleetServerHosts, own: OwnProxy): void {
  for (const prop of fleetProxy === undefined ? [] : OWN.filter((one) => own[one] !== undefined)) {
    problems.add(prop, {
      what: `is given, but the Fleet Server hosts ${node.path} have a Fleet proxy, which replaces it at the first check-in`,
      allowed: "either a Fleet proxy or proxy options of the command",
      fix: `remove ${prop}, or name Fleet Server hosts without fleetProxy`,
    });
  }
}

/** Flags of the Fleet proxy through which an agent enrolls. */
export function fleetProxyFlags(
  { fleetProxy }: FleetServerHosts,
  isContainer = false,
): Pick<InstallFlags, "proxyUrl" | "proxyHeaders"> {
  return fleetProxy === undefined
    ? {}
    : { ...(!isContainer && { proxyUrl: fleetProxy.url }), proxyHeaders: fleetProxy.proxyHeaders };
}

/** The same in a container, which has no variable for the flag: Go's own (elastic-agent internal/pkg/agent/cmd/container.go). */
export function fleetProxyVariables(
  { fleetProxy }: FleetServerHosts,
  isContainer = false,
): { readonly HTTPS_PROXY: string } | undefined {
  return fleetProxy && isContainer ? { HTTPS_PROXY: fleetProxy.url } : undefined;
}
