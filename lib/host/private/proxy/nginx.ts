import { ClientAuthentication } from "../../../command/client-authentication";
import type { ProxyConfiguration } from "./configuration";
import { LONGEST_POLL_SECONDS, VERIFY_DEPTH } from "./configuration";

/** A `server` block for nginx's `http` block. nginx verifies neither the upstream's certificate nor its name by default. */
export function nginxConfiguration(proxy: ProxyConfiguration): string {
  const { clientCaPath, upstreamCertificatePath, upstreamKeyPath } = proxy;
  const upstream = `${proxy.upstreamHost}:${proxy.upstreamPort}`;
  const verify = proxy.clientAuthentication === ClientAuthentication.REQUIRED ? "on" : "optional";
  const seconds = `${LONGEST_POLL_SECONDS}s`;
  return [
    `# ${proxy.name}: include it in the http block of nginx.conf. Every file that it names is in this folder.`,
    "server {",
    `    listen ${proxy.port} ssl;`,
    `    server_name ${proxy.host};`,
    "    ssl_protocols TLSv1.2 TLSv1.3;",
    `    ssl_certificate "${proxy.certificatePath}";`,
    `    ssl_certificate_key "${proxy.keyPath}";`,
    ...(clientCaPath === undefined
      ? []
      : [
          `    ssl_client_certificate "${clientCaPath}";`,
          `    ssl_verify_client ${verify};`,
          `    ssl_verify_depth ${VERIFY_DEPTH};`,
        ]),
    "    client_max_body_size 0;",
    `    client_body_timeout ${seconds};`,
    `    send_timeout ${seconds};`,
    "    location / {",
    `        proxy_pass https://${upstream};`,
    "        proxy_http_version 1.1;",
    `        proxy_set_header Host ${upstream};`,
    '        proxy_set_header Connection "";',
    "        proxy_ssl_protocols TLSv1.2 TLSv1.3;",
    "        proxy_ssl_server_name on;",
    `        proxy_ssl_name ${proxy.upstreamHost};`,
    "        proxy_ssl_verify on;",
    `        proxy_ssl_verify_depth ${VERIFY_DEPTH};`,
    `        proxy_ssl_trusted_certificate "${proxy.upstreamCaPath}";`,
    ...(upstreamCertificatePath === undefined
      ? []
      : [
          `        proxy_ssl_certificate "${upstreamCertificatePath}";`,
          `        proxy_ssl_certificate_key "${upstreamKeyPath ?? ""}";`,
        ]),
    "        proxy_buffering off;",
    "        proxy_request_buffering off;",
    `        proxy_read_timeout ${seconds};`,
    `        proxy_send_timeout ${seconds};`,
    "    }",
    "}",
    "",
  ].join("\n");
}
