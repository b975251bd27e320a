import { isIP } from "node:net";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import { connect } from "node:tls";

import type { Certificate } from "../lib/private/x509/certificate";
import { parseCertificate } from "../lib/private/x509/certificate";
import type { Endpoint, Handshake } from "../verify/endpoints";
import { endpointsOf, judgeHandshake } from "../verify/endpoints";
import type { Host } from "../verify/host";
import type { Role } from "../verify/roles";
import type { Report } from "../verify/report";
import type { Trust } from "../verify/trust-checks";
import { inWords } from "./system-errors";

const TIMEOUT = 10_000;

/** Connects to the endpoints of the hosts' commands with the files of their folders, and reports what fails. */
export async function connectHosts(
  hosts: readonly Host[],
  report: Report,
  options: Trust & { readonly override?: string },
): Promise<void> {
  for (const host of hosts) {
    for (const endpoint of endpointsOf(host, options.override)) {
      judgeHandshake(host, endpoint, await shakeHands(host, endpoint), report, options);
    }
  }
}

function shakeHands(host: Host, to: Endpoint): Promise<Handshake> {
  const text = (role: Role): Buffer | undefined => host.named(role)?.file?.bytes;
  return new Promise((resolve) => {
    let socket: TLSSocket;
    let chain: readonly Certificate[] = [];
    let protocol: string | undefined;
    const end = (answered: boolean, failure?: string): void => {
      socket?.destroy();
      resolve({ chain, protocol, answered, failure });
    };
    try {
      socket = connect({
        host: to.address?.host ?? to.host,
        port: to.address?.port ?? to.port,
        servername: isIP(to.host) === 0 ? to.host : "",
        // Judged here by Elastic's rules; without CAs Node does not complete the chain that is served.
        ca: [],
        rejectUnauthorized: false,
        minVersion: "TLSv1.2",
        ALPNProtocols: ["http/1.1"],
        cert: text(to.cert),
        key: text(to.cert) && text(to.key),
        passphrase: to.passphrase && host.passphrase(to.passphrase),
      });
    } catch (error) {
      resolve({ chain, answered: false, failure: `this host's certificate or key cannot be used: ${inWords(error)}` });
      return;
    }
    socket.setTimeout(TIMEOUT, () => end(false, "no answer within 10 s"));
    socket.once("secureConnect", () => {
      protocol = socket.getProtocol() ?? undefined;
      chain = servedChain(socket);
      socket.write(`GET /api/status HTTP/1.1\r\nHost: ${to.host}\r\nConnection: close\r\n\r\n`);
    });
    socket.once("data", () => end(true));
    socket.once("error", (error) => end(false, inWords(error)));
    socket.once("close", () => end(false));
  });
}

function servedChain(socket: TLSSocket): Certificate[] {
  const chain: Certificate[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.raw !== undefined && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256);
    try {
      chain.push(parseCertificate(next.raw));
    } catch {
      break;
    }
    next = next.issuerCertificate;
  }
  return chain;
}
