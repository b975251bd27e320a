import { ClientAuthentication } from "../../../command/client-authentication";
import type { ProxyConfiguration } from "./configuration";
import { LONGEST_POLL_SECONDS } from "./configuration";

/** A frontend and a backend. HAProxy reads the key of `NAME.pem` from `NAME.pem.key` (ssl-load-extra-files). */
export function haproxyConfiguration(proxy: ProxyConfiguration): string {
  const { name, clientCaPath, upstreamCertificatePath } = proxy;
  const isRequired = proxy.clientAuthentication === ClientAuthentication.REQUIRED;
  const clients =
    clientCaPath === undefined ? "" : ` ca-file '${clientCaPath}' verify ${isRequired ? "required" : "optional"}`;
  const own = upstreamCertificatePath === undefined ? "" : ` crt '${upstreamCertificatePath}'`;
  const seconds = `${LONGEST_POLL_SECONDS}s`;
  return [
    `# ${name}: pass it to haproxy by another -f, or add it to haproxy.cfg. Every file that it names is in this folder.`,
    `frontend ${name}`,
    "    mode http",
    `    bind :${proxy.port} ssl crt '${proxy.certificatePath}'${clients} ssl-min-ver TLSv1.2 alpn http/1.1`,
    `    timeout client ${seconds}`,
    `    default_backend ${name}`,
    "",
    `backend ${name}`,
    "    mode http",
    "    timeout connect 10s",
    `    timeout server ${seconds}`,
    `    http-request set-header Host ${proxy.upstreamHost}:${proxy.upstreamPort}`,
    `    server upstream ${proxy.upstreamHost}:${proxy.upstreamPort} ssl verify required` +
      ` ca-file '${proxy.upstreamCaPath}' verifyhost ${proxy.upstreamHost} sni str(${proxy.upstreamHost})${own}` +
      " ssl-min-ver TLSv1.2 alpn http/1.1 init-addr last,libc,none",
    "",
  ].join("\n");
}
