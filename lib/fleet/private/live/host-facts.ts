import { Elasticsearch } from "../../../host/elasticsearch";
import { FleetServerHosts } from "../../../host/fleet-server-hosts";
import type { IFleetHost } from "../../../host/fleet-host";
import type { IFleetTls } from "../../../host/ifleet-tls";
import { isReceiver } from "../../../host/output-settings";
import { ReverseProxy } from "../../../host/reverse-proxy";
import type { FormerEndpoints } from "./former";

/** Names that every Fleet Server's certificate has. */
const LOCAL_NAMES = ["localhost", "127.0.0.1", "::1"];

/** End of the names of files that contain a key's passphrase. */
const PASSPHRASE = "-passphrase";

/**
 * Settings that a running host has had since it enrolled: a text without a secret and without a digest of one.
 */
export function settingsText({ files, platform }: IFleetHost): string {
  const encrypted = files.files.flatMap(({ name }) =>
    name.endsWith(PASSPHRASE) ? [`${name.slice(0, -PASSPHRASE.length)}.pem`] : [],
  );
  return [
    `platform=${platform.name} hostDirectory=${files.hostDirectory}`,
    ...(encrypted.length === 0 ? [] : [`encrypted=${encrypted.join(",")}`]),
  ].join(" ");
}

/**
 * URLs of each of the fleet's Fleet Server hosts, former ones too, by the set's name. Those of a proxy are not among them:
 * its host has the names.
 */
export function urlSets(fleet: IFleetTls): [string, string[]][] {
  return FleetServerHosts.of(fleet)
    .filter(({ proxy }) => proxy === undefined)
    .map((list, index) => [
      index === 0 ? "fleetServerUrl" : `fleetServerHosts ${list.node.id}`,
      [...list.urls, ...list.formerUrls],
    ]);
}

/** Names of a host's own certificates in addition to those of the fleet's URLs: clients may dial the host by them. */
export function ownNames({ certificates }: IFleetHost, fleet: IFleetTls, former: FormerEndpoints): string[] {
  const shared = new Set([
    ...(FleetServerHosts.of(fleet)[0]?.names ?? []),
    fleet.elasticsearchHost,
    ...former.elasticsearch.map(({ host }) => host),
    ...LOCAL_NAMES,
  ]);
  return [...new Set(certificates.flatMap(({ names }) => names))].filter((name) => !shared.has(name));
}

/** Mode of a host's own client authentication, if it has one. */
export function clientAuthenticationOf(host: IFleetHost): string | undefined {
  return host instanceof Elasticsearch || host instanceof ReverseProxy || isReceiver(host)
    ? host.clientAuthentication.mode
    : undefined;
}
