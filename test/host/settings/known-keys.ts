/** Every key that the emitted settings may contain, by its source; nothing else is emitted. */
export const ELASTICSEARCH_KEYS: Record<string, string> = {
  "xpack.security.http.ssl.enabled":
    "elastic/elasticsearch SSLConfigurationSettings.java, XPackSettings.HTTP_SSL_ENABLED",
  "xpack.security.http.ssl.certificate": "libs/ssl-config SslConfigurationKeys.CERTIFICATE",
  "xpack.security.http.ssl.key": "libs/ssl-config SslConfigurationKeys.KEY",
  "xpack.security.http.ssl.certificate_authorities": "libs/ssl-config SslConfigurationKeys.CERTIFICATE_AUTHORITIES",
  "xpack.security.http.ssl.client_authentication": "libs/ssl-config SslConfigurationKeys.CLIENT_AUTH",
};

export const KIBANA_KEYS: Record<string, string> = {
  "elasticsearch.hosts": "elastic/kibana core/server/elasticsearch/elasticsearch_config.ts",
  "elasticsearch.ssl.certificateAuthorities": "the same, ssl",
  "elasticsearch.ssl.certificate": "the same, ssl",
  "elasticsearch.ssl.key": "the same, ssl",
  "elasticsearch.ssl.alwaysPresentCertificate":
    "the same, ssl; client_config.ts: without it, scoped requests go without",
  "xpack.fleet.fleetServerHosts": "elastic/kibana fleet/server/types/models/preconfiguration.ts",
  "xpack.fleet.outputs": "the same",
};

/** `PreconfiguredFleetServerHostsSchema`, as far as it is used. */
export const FLEET_SERVER_HOST_KEYS = ["id", "name", "is_default", "host_urls"];

/** `ElasticSearchSchema` and `PreconfiguredOutputBaseSchema`, as far as they are used. */
export const OUTPUT_KEYS = ["id", "name", "type", "is_default", "is_default_monitoring", "hosts", "config"];

/** elastic-agent-libs transport/tlscommon/config.go, by their configuration names. */
export const OUTPUT_SSL_KEYS = [
  "certificate_authorities",
  "certificate",
  "key",
  "key_passphrase_path",
  "ca_trusted_fingerprint",
];
