import { createHash, X509Certificate } from "node:crypto";
import * as tls from "node:tls";

import type { HostDisk } from "./host-disk";
import { OWN_PAIR, SYSTEM_CAS } from "./host-disk";

/** A side of a connection. */
interface Side {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
}

/** A connection between two hosts. */
export interface Connection {
  readonly name: string;
  readonly server: "fleetServer" | "elasticsearch";
  readonly client: "agent" | "fleetServer";
}

/** Connections of a small fleet. The output of the agent names the same pair as its command. */
export const CONNECTIONS: readonly Connection[] = [
  { name: "agent to Fleet Server", client: "agent", server: "fleetServer" },
  { name: "Fleet Server to Elasticsearch", client: "fleetServer", server: "elasticsearch" },
  { name: "agent to Elasticsearch", client: "agent", server: "elasticsearch" },
];

/** Connects two hosts as their commands and settings have it; answers what went wrong, or nothing. */
export async function connect(
  { client, server }: Connection,
  from: HostDisk,
  to: HostDisk,
): Promise<string | undefined> {
  const serverSide = server === "elasticsearch" ? elasticsearch(to) : fleetServer(to);
  const mode = server === "elasticsearch" ? to.setting("client_authentication") : to.flag("--fleet-server-client-auth");
  const clientSide = clientOf(from, client, server);
  const pins = server === "fleetServer" ? from.flag("--ca-sha256")?.split(",") : undefined;
  const url = server === "elasticsearch" ? from.flag("--fleet-server-es") : from.flag("--url");
  const isMutual = mode === "optional" || mode === "required";
  // Go and Java send no certificate that does not match the server's list of CAs.
  const presented = matches(clientSide, serverSide.ca) ? clientSide : { ca: clientSide.ca };
  try {
    return await handshake(
      serverSide,
      isMutual,
      mode === "required",
      presented,
      new URL(url ?? "https://es.example.com").hostname,
      pins,
    );
  } catch (error) {
    return (error as Error).message;
  }
}

function fleetServer(host: HostDisk): Side {
  const cas = host.flag("--certificate-authorities")?.split(",") ?? [];
  return {
    ca: cas.map((file) => host.content(file) ?? "").join(""),
    ...pair(host, "--fleet-server-cert"),
  };
}

function elasticsearch(host: HostDisk): Side {
  const cas = (host.setting("certificate_authorities") as string[] | undefined) ?? [];
  return {
    ca: cas.map((file) => host.content(file) ?? "").join(""),
    // An Elasticsearch of others has no certificate of this library.
    cert: host.content((host.setting("certificate") as string | undefined) ?? OWN_PAIR.certificate),
    key: host.content((host.setting("key") as string | undefined) ?? OWN_PAIR.key),
  };
}

function clientOf(host: HostDisk, client: Connection["client"], server: Connection["server"]): Side {
  const isOwn = client === "fleetServer" && server === "elasticsearch";
  const directory = (host.flag("--certificate-authorities") ?? "/etc/elastic-agent/certs/x").replace(
    /\/[^/]*$|,.*/g,
    "",
  );
  const file = isOwn
    ? host.flag("--fleet-server-es-ca")
    : server === "elasticsearch"
      ? `${directory}/es-ca.pem`
      : host.flag("--certificate-authorities")?.split(",")[0];
  const ca = host.content(file) ?? host.content(SYSTEM_CAS);
  return { ca, ...pair(host, isOwn ? "--fleet-server-es-cert" : "--elastic-agent-cert") };
}

function pair(host: HostDisk, flag: string): Side {
  const cert = host.content(host.flag(flag));
  const key = host.content(host.flag(`${flag}-key`));
  return { cert, key, passphrase: host.content(host.flag(`${flag}-key-passphrase`)) };
}

function matches({ cert }: Side, cas: string | undefined): boolean {
  if (cert === undefined) return false;
  const issuers = certificates(cert).map(({ issuer }) => issuer);
  return certificates(cas ?? "").some(({ subject }) => issuers.includes(subject));
}

function certificates(pem: string): X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? []).map(
    (each) => new X509Certificate(each),
  );
}

/** Pins of a chain as it was verified. */
function pinsOf(certificate: tls.DetailedPeerCertificate): string[] {
  const { publicKey } = new X509Certificate(certificate.raw);
  const pin = createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
  const { issuerCertificate: issuer } = certificate;
  return issuer === undefined || issuer.fingerprint256 === certificate.fingerprint256
    ? [pin]
    : [pin, ...pinsOf(issuer)];
}

/** One real handshake; in TLS 1.3 only an answer of the server tells that the client was let in. */
async function handshake(
  server: Side,
  requestCert: boolean,
  rejectUnauthorized: boolean,
  client: Side,
  servername: string,
  pins?: readonly string[],
): Promise<string | undefined> {
  const ca = server.ca === "" ? undefined : server.ca;
  // Go and Java take any certificate that they trust for an anchor.
  const options = { ...server, ca, requestCert, rejectUnauthorized, allowPartialTrustChain: true };
  const listener = tls.createServer(options, (socket) => socket.end("in"));
  listener.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as { port: number };
  try {
    return await new Promise<string | undefined>((resolve) => {
      const socket = tls.connect({
        ...client,
        ...{ host: "127.0.0.1", port, servername, minVersion: "TLSv1.2", allowPartialTrustChain: true },
      });
      let answer = "";
      socket.on("secureConnect", () => {
        // Go looks for a pin in the chain that it verified, anchor included.
        if (pins !== undefined && !pinsOf(socket.getPeerCertificate(true)).some((pin) => pins.includes(pin))) {
          socket.destroy(new Error("no certificate of the chain has a pinned key"));
        }
      });
      socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
      socket.on("error", (error) => resolve(error.message));
      socket.on("close", () => resolve(answer === "in" ? undefined : "closed without an answer"));
    });
  } finally {
    listener.close();
  }
}
