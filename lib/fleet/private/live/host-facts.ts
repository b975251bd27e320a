import { Agent } from "../../../host/agent";
import { Elasticsearch } from "../../../host/elasticsearch";
import { FleetServerHosts } from "../../../host/fleet-server-hosts";
import type { IFleetHost } from "../../../host/fleet-host";
import type { IFleetTls } from "../../../host/ifleet-tls";
import { isReceiver } from "../../../host/output-settings";
import { ReverseProxy } from "../../../host/reverse-proxy";

/** Names of the host itself in a Fleet Server's certificate. */
const LOCAL_NAME = "localhost";
const OTHER_LOCAL_NAMES = ["127.0.0.1", "::1"];

/** End of the names of files that contain a key's passphrase. */
const PASSPHRASE = "-passphrase";

/** Begins the proxy in a host's settings. */
export const PROXY = " proxy=";

/** Settings that a running host has had since it enrolled: a text without a secret and without a digest of one. */
export function settingsText(host: IFleetHost): string {
  const { files, platform } = host;
  const proxies = host instanceof Agent ? proxiesOf(host.fleetServerHosts) : [];
  const encrypted = files.files.flatMap(({ name }) =>
    name.endsWith(PASSPHRASE) ? [`${name.slice(0, -PASSPHRASE.length)}.pem`] : [],
  );
  return [
    `platform=${platform.name} hostDirectory=${files.hostDirectory}`,
    ...(encrypted.length === 0 ? [] : [` encrypted=${encrypted.join(",")}`]),
    ...(proxies.length === 0 ? [] : [`${PROXY}${proxies.join(",")}`]),
  ].join("");
}

/**
 * Proxies whose certificates an agent verifies on its way to Fleet Server. A reverse proxy is there whatever its CA is, so
 * that a change of that CA has its own gate alone.
 */
function proxiesOf({ proxy, fleetProxy }: FleetServerHosts): string[] {
  return [
    ...(proxy instanceof ReverseProxy ? [proxy.folder] : []),
    ...(fleetProxy?.ca === undefined ? [] : [`fleet-proxies/${fleetProxy.node.id}`]),
  ];
}

/** URLs of each of the fleet's Fleet Server hosts, former ones too, by the set's name; a proxy's are by its folder. */
export function urlSets(fleet: IFleetTls): [string, string[]][] {
  const lists = FleetServerHosts.of(fleet);
  const first = lists.find(({ proxy }) => proxy === undefined);
  return lists.map((list) => [
    list === first
      ? "fleetServerUrl"
      : list.proxy instanceof ReverseProxy
        ? `${list.proxy.folder} url`
        : `fleetServerHosts ${list.node.id}`,
    [...list.urls, ...list.formerUrls],
  ]);
}

/** Addresses of the receivers among the hosts, by the set's name: agents dial them until their policies change. */
export function addressSets(hosts: readonly IFleetHost[]): [string, string[]][] {
  return hosts.filter(isReceiver).map((receiver) => [`${receiver.folder} address`, receiver.outputHosts]);
}

/** Names of a host's certificates, by which clients may dial it. Those of the host itself come together: one stands for all. */
export function namesOf({ certificates }: IFleetHost): string[] {
  const names = new Set(certificates.flatMap((each) => each.names));
  return [...names].filter((name) => !names.has(LOCAL_NAME) || !OTHER_LOCAL_NAMES.includes(name));
}

/** Mode of a host's own client authentication, if it has one. */
export function clientAuthenticationOf(host: IFleetHost): string | undefined {
  return host instanceof Elasticsearch || host instanceof ReverseProxy || isReceiver(host)
    ? host.clientAuthentication.mode
    : undefined;
}
