import { ClientAuthentication } from "../../../command/client-authentication";
import type { YamlMap } from "../settings/yaml";
import { yamlDocument } from "../settings/yaml";
import type { ProxyConfiguration } from "./configuration";
import { LONGEST_POLL_SECONDS } from "./configuration";

const TYPES = "type.googleapis.com/envoy.extensions";
const PROTOCOLS: YamlMap = { tls_minimum_protocol_version: "TLSv1_2" };

/** A whole bootstrap: one listener and one cluster. */
export function envoyConfiguration(proxy: ProxyConfiguration): string {
  const { name } = proxy;
  const seconds = `${LONGEST_POLL_SECONDS}s`;
  const manager: YamlMap = {
    "@type": `${TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: name,
    codec_type: "HTTP1",
    stream_idle_timeout: seconds,
    request_timeout: "0s",
    route_config: {
      name,
      virtual_hosts: [
        {
          name,
          domains: ["*"],
          routes: [
            {
              match: { prefix: "/" },
              route: {
                cluster: name,
                host_rewrite_literal: `${proxy.upstreamHost}:${proxy.upstreamPort}`,
                timeout: "0s",
                idle_timeout: seconds,
              },
            },
          ],
        },
      ],
    },
    http_filters: [
      { name: "envoy.filters.http.router", typed_config: { "@type": `${TYPES}.filters.http.router.v3.Router` } },
    ],
  };
  return yamlDocument({
    static_resources: {
      listeners: [
        {
          name,
          address: socketAddress("0.0.0.0", proxy.port),
          filter_chains: [
            {
              transport_socket: transportSocket(downstreamTls(proxy)),
              filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }],
            },
          ],
        },
      ],
      clusters: [
        {
          name,
          type: "STRICT_DNS",
          connect_timeout: "10s",
          load_assignment: {
            cluster_name: name,
            endpoints: [
              {
                lb_endpoints: [{ endpoint: { address: socketAddress(proxy.upstreamHost, proxy.upstreamPort) } }],
              },
            ],
          },
          transport_socket: transportSocket(upstreamTls(proxy)),
        },
      ],
    },
  });
}

function downstreamTls({ certificatePath, keyPath, clientCaPath, clientAuthentication }: ProxyConfiguration): YamlMap {
  return {
    "@type": `${TYPES}.transport_sockets.tls.v3.DownstreamTlsContext`,
    require_client_certificate: clientCaPath !== undefined && clientAuthentication === ClientAuthentication.REQUIRED,
    common_tls_context: {
      tls_params: PROTOCOLS,
      tls_certificates: [pair(certificatePath, keyPath)],
      validation_context: clientCaPath === undefined ? undefined : { trusted_ca: { filename: clientCaPath } },
    },
  };
}

function upstreamTls(proxy: ProxyConfiguration): YamlMap {
  const { upstreamHost, upstreamCaPath, upstreamCertificatePath, upstreamKeyPath } = proxy;
  return {
    "@type": `${TYPES}.transport_sockets.tls.v3.UpstreamTlsContext`,
    sni: upstreamHost,
    common_tls_context: {
      tls_params: PROTOCOLS,
      tls_certificates:
        upstreamCertificatePath === undefined ? undefined : [pair(upstreamCertificatePath, upstreamKeyPath ?? "")],
      validation_context: {
        trusted_ca: { filename: upstreamCaPath },
        match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: upstreamHost } }],
      },
    },
  };
}

const transportSocket = (config: YamlMap): YamlMap => ({
  name: "envoy.transport_sockets.tls",
  typed_config: config,
});

const pair = (certificate: string, key: string): YamlMap => ({
  certificate_chain: { filename: certificate },
  private_key: { filename: key },
});

/** Envoy's YAML takes a number in quotes. */
const socketAddress = (address: string, port: string): YamlMap => ({
  socket_address: { address, port_value: port },
});
