import type { FleetOutput } from "../../fleet-output";

import { FleetProxy } from "../../fleet-proxy";
import { FleetServerHosts } from "../../fleet-server-hosts";
import type { IFleetTls } from "../../ifleet-tls";
import { withPort } from "../../../private/urls";
import { OutputType } from "../../output-type";
import type { YamlMap } from "./yaml";
import { YamlExpression } from "./yaml";

/** Paths of Kibana's files on its host. */
export interface KibanaConnection {
  readonly elasticsearchCaPath?: string;
  readonly certificatePath?: string;
  readonly keyPath?: string;
  /** Whether Elasticsearch turns away clients without a certificate. */
  readonly isCertificateRequired: boolean;
}

/** Kibana's own connection to Elasticsearch, as flat keys that go with any others in `kibana.yml`. */
export function connectionSettings(fleet: IFleetTls, connection: KibanaConnection): YamlMap {
  const { elasticsearchCaPath: ca, certificatePath, keyPath, isCertificateRequired } = connection;
  return {
    "elasticsearch.hosts": [withPort(fleet.elasticsearchUrl, "9200")],
    "elasticsearch.ssl.certificateAuthorities": ca === undefined ? undefined : [ca],
    "elasticsearch.ssl.certificate": certificatePath,
    "elasticsearch.ssl.key": keyPath,
    // Else requests for a logged-in user come without the certificate (Kibana core client_config.ts).
    "elasticsearch.ssl.alwaysPresentCertificate":
      certificatePath !== undefined && isCertificateRequired ? true : undefined,
  };
}

/**
 * Kibana's own server. Without `certificateAuthorities`: these are for the client certificates of browsers, and the
 * certificate's file has its intermediates (kibana core http, ssl_config.ts).
 */
export function serverSettings(certificatePath: string, keyPath: string): YamlMap {
  return { "server.ssl.enabled": true, "server.ssl.certificate": certificatePath, "server.ssl.key": keyPath };
}

/**
 * Fleet Server hosts, as Kibana declares them. None has TLS settings: agents have theirs from their commands, and a running
 * agent does not apply a change here (elastic-agent, handler_action_policy_change.go); what is set also makes Fleet Server
 * use an output without hosts (elastic/kibana#286135).
 */
export function declaredFleetServerHosts(lists: readonly FleetServerHosts[], isDefault: boolean): YamlMap[] {
  return lists.map(({ hostId, name, urls, formerUrls, fleetProxy }, index) => ({
    id: hostId,
    name,
    ...(isDefault && index === 0 && { is_default: true }),
    host_urls: [...urls, ...formerUrls],
    proxy_id: fleetProxy?.proxyId,
  }));
}

/** Fleet settings for agents. The first output to the fleet's Elasticsearch is the default one. */
export function fleetSettings(fleet: IFleetTls, outputs: FleetOutput[]): YamlMap {
  // The policy of Fleet Servers takes none of another type.
  const first = outputs.findIndex(({ type }) => type === OutputType.ELASTICSEARCH);
  const proxies = FleetProxy.of(fleet).map(({ _fields }) => _fields);
  return {
    "xpack.fleet.proxies": proxies.length === 0 ? undefined : proxies,
    "xpack.fleet.fleetServerHosts": declaredFleetServerHosts(FleetServerHosts.of(fleet), true),
    "xpack.fleet.outputs": outputs.map((output, index) => ({
      id: output.outputId,
      name: `${fleet.kibanaIdPrefix} ${output.node.id}`,
      type: output.type.type,
      ...(index === first && { is_default: true, is_default_monitoring: true }),
      hosts: output.receiverHosts,
      ...output._fields,
      // Not as `ssl`, which Kibana 9.1.0 to 9.1.4 copy into the agents' fleet.ssl too, so that they look for the fleet
      // CA in the Elasticsearch CA (elastic/kibana#233780, #236788); nor has it a key for the passphrase's path.
      config: emptyIsAbsent(output._config),
    })),
  };
}

/** Kibana passes an empty `config` on, and what it adds to it counts as a setting. */
function emptyIsAbsent(config: YamlMap | YamlExpression): YamlMap | YamlExpression | undefined {
  return !(config instanceof YamlExpression) && Object.keys(config).length === 0 ? undefined : config;
}
