import * as fs from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type * as net from "node:net";
import * as tls from "node:tls";

/** What every Terraform reads first from its registry. */
const REGISTRY_DISCOVERY = "https://registry.terraform.io/.well-known/terraform.json";

// Go reads these on Linux and Node does not: a proxy that opens TLS is trusted here as Terraform trusts it.
const SYSTEM_CAS = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/** Whether the Terraform registry answers within the time, directly or through the proxy that the environment names. */
export async function registryAnswers(
  env: NodeJS.ProcessEnv = process.env,
  discovery = REGISTRY_DISCOVERY,
  timeoutMs = 3000,
): Promise<boolean> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const body = await get(new URL(discovery), env, abort.signal);
    // A captive portal answers too, but not with this.
    return typeof JSON.parse(body)["providers.v1"] === "string";
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** The proxy for a URL as Terraform would pick it: the scheme's variable, unless NO_PROXY names the host. */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): URL | undefined {
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = env[name] || env[name.toLowerCase()];
  const exempt = (env["NO_PROXY"] || env["no_proxy"] || "").split(",").map((entry) => entry.trim().toLowerCase());
  const exempted = exempt.some((entry) => {
    const domain = entry.replace(/^\*?\./, "");
    return entry === "*" || (domain !== "" && (url.hostname === domain || url.hostname.endsWith(`.${domain}`)));
  });
  if (!proxy || exempted) return undefined;
  return new URL(proxy.includes("://") ? proxy : `http://${proxy}`);
}

async function get(url: URL, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string> {
  const proxy = proxyFor(url, env);
  const ca = trustedCas(env);
  const tunnel = proxy && (await connectThrough(proxy, url, signal, ca));
  const secure = url.protocol === "https:";
  const servername = url.hostname;
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).get(url, {
      signal,
      ca,
      // Node would not ask for a connection of ours from an agent, not even from `false`.
      ...(tunnel
        ? { createConnection: () => (secure ? tls.connect({ socket: tunnel, servername, ca }) : tunnel) }
        : { agent: false }),
    });
    request.on("error", reject).on("response", (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk) => (body += chunk));
      response.on("error", reject).on("end", () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${url.href} answered ${response.statusCode}`));
      });
    });
  });
}

function connectThrough(proxy: URL, target: URL, signal: AbortSignal, ca: string[]): Promise<net.Socket> {
  const authority = `${target.hostname}:${target.port || (target.protocol === "https:" ? 443 : 80)}`;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === "https:" ? https : http).request({
      host: proxy.hostname,
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: authority,
      headers: {
        host: authority,
        ...(proxy.username && { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` }),
      },
      agent: false,
      signal,
      ca,
    });
    request.on("error", reject).on("connect", (response, socket) => {
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy ${proxy.host} answered ${response.statusCode}`));
    });
    request.end();
  });
}

function trustedCas(env: NodeJS.ProcessEnv): string[] {
  const bundles = [env["SSL_CERT_FILE"], env["NODE_EXTRA_CA_CERTS"], ...SYSTEM_CAS].filter(
    (file) => file && fs.existsSync(file),
  );
  return [...tls.rootCertificates, ...bundles.map((file) => fs.readFileSync(file!, "utf8"))];
}
