import { isIP } from "node:net";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import { connect } from "node:tls";

import type { Certificate } from "../lib/private/x509/certificate";
import { parseCertificate } from "../lib/private/x509/certificate";
import { checkLeaf, verifyChain } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import { explicitPort, urlHost } from "./dialled-url";
import type { Host, Role } from "./host";
import type { Report } from "./report";

/** One endpoint that a host's command dials, with what the host has for it. */
interface Endpoint {
  readonly flag: string;
  readonly host: string;
  readonly port: number;
  /** Where it is reached, if not by its own name. */
  readonly address?: { readonly host: string; readonly port: number };
  readonly anchors: readonly Certificate[];
  readonly cert: Role;
  readonly key: Role;
  readonly passphrase?: "agentPassphrase";
  readonly nameFact: number;
}

/** How a handshake ended. */
interface Handshake {
  readonly chain: readonly Certificate[];
  readonly protocol?: string;
  /** Whether the server answered a request: under TLS 1.3 a client learns of a refusal only then. */
  readonly answered: boolean;
  readonly failure?: string;
}

const TIMEOUT = 10_000;

/** Shakes hands with what the hosts' commands dial, using their folders, and reports what does not fit. */
export async function connectHosts(
  hosts: readonly Host[],
  report: Report,
  options: { readonly at: Date; readonly override?: string },
): Promise<void> {
  for (const host of hosts) {
    for (const endpoint of endpointsOf(host, options.override)) {
      judge(host, endpoint, await shakeHands(host, endpoint), report, options.at);
    }
  }
}

function endpointsOf(host: Host, override: string | undefined): Endpoint[] {
  const [, name, port] = /^\[?(.*?)\]?:(\d+)$/.exec(override ?? "") ?? [];
  const address = name === undefined ? undefined : { host: name, port: Number(port) };
  const agent = { cert: "agentCert", key: "agentKey", passphrase: "agentPassphrase", nameFact: 45 } as const;
  const es = { cert: "fleetEsCert", key: "fleetEsKey", nameFact: 48 } as const;
  return [
    // Ports as the agent fills them in: 443 by MakeURL, 9200 by Fleet Server's output.go.
    ...endpoint(host, "url", 443, { ...agent, anchors: host.authorities, address }),
    ...endpoint(host, "fleet-server-es", 9200, { ...es, anchors: host.chain("esCa") }),
  ];
}

function endpoint(host: Host, flag: string, port: number, rest: Omit<Endpoint, "flag" | "host" | "port">): Endpoint[] {
  const url = host.command?.known(flag);
  const name = url === undefined ? undefined : urlHost(url);
  return name === undefined ? [] : [{ flag: `--${flag}`, host: name, port: explicitPort(url!) ?? port, ...rest }];
}

function judge(
  host: Host,
  to: Endpoint,
  { chain, protocol, answered, failure }: Handshake,
  report: Report,
  at: Date,
): void {
  const [leaf] = chain;
  const place = `${to.flag} ${to.host}:${to.port}`;
  if (leaf === undefined) {
    const fix = "see that it runs there, speaks TLS 1.2 or newer, and is reachable from here";
    report.add(host.label, undefined, [
      error(undefined, `${place}: no handshake: ${failure ?? "nothing served"}`, fix),
    ]);
    return;
  }
  const serves = { at, usages: ["serverAuth"], names: [to.host], nameFact: to.nameFact } as const;
  const findings = [...checkLeaf(leaf, serves), ...trustFindings(host, to, chain, report, at)];
  report.check(45, 49, 54, 55);
  report.add(
    host.label,
    undefined,
    findings.map(({ what, ...other }) => ({ ...other, what: `${place}: what it serves ${what}` })),
  );
  if (failure !== undefined) {
    const fix = "present a certificate of a CA that it trusts, with its intermediates, and the right key";
    report.add(host.label, undefined, [error(undefined, `${place}: refuses this host: ${failure}`, fix)]);
  } else if (!answered) {
    const what = `${place}: closes the connection without an answer`;
    const fix = "look into its log: it may refuse this host's certificate, or want one";
    report.add(host.label, undefined, [error(undefined, what, fix)]);
  } else if (findings.length === 0) {
    report.note(`${host.label}: ${place} answers over ${protocol ?? "TLS"}, and its certificate is trusted`);
  }
}

function trustFindings(host: Host, to: Endpoint, chain: readonly Certificate[], report: Report, at: Date) {
  const fingerprint = to.flag === "--fleet-server-es" && host.command?.known("fleet-server-es-ca-trusted-fingerprint");
  const anchors = [...to.anchors];
  if (typeof fingerprint === "string") {
    report.check(57);
    const trusted = chain.find((one) => one.isCa && one.fingerprintSha256 === fingerprint.toLowerCase());
    if (trusted === undefined) {
      return [
        error(
          57,
          "has no CA with the trusted fingerprint",
          "append the CA to the certificate that Elasticsearch serves",
        ),
      ];
    }
    anchors.push(trusted);
  }
  if (anchors.length === 0) {
    return [warning(55, "cannot be verified without CAs in the folder", "name a CA file that lies in the folder")];
  }
  return verifyChain(chain, anchors, { at, usages: ["serverAuth"] }).findings;
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
    } catch (fault) {
      resolve({ chain, answered: false, failure: `this host's certificate or key cannot be used: ${codeOf(fault)}` });
      return;
    }
    socket.setTimeout(TIMEOUT, () => end(false, "no answer within 10 s"));
    socket.once("secureConnect", () => {
      protocol = socket.getProtocol() ?? undefined;
      chain = servedChain(socket);
      socket.write(`GET /api/status HTTP/1.1\r\nHost: ${to.host}\r\nConnection: close\r\n\r\n`);
    });
    socket.once("data", () => end(true));
    socket.once("error", (fault) => end(false, codeOf(fault)));
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

/** OpenSSL's words for an alert, or the system's for a connection; never what was sent. */
function codeOf(fault: unknown): string {
  const { code, reason } = fault as { code?: string; reason?: string };
  return reason ?? code ?? "failed";
}
