import type { Certificate } from "../lib/private/x509/certificate";
import { checkLeaf, verifyChain } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import { explicitPort, urlHost } from "./dialled-url";
import type { Host } from "./host";
import type { Role } from "./roles";
import type { Report } from "./report";
import type { Trust } from "./trust-checks";

/** One endpoint that a host's command connects to, with the host's files for it. */
export interface Endpoint {
  readonly flag: string;
  readonly host: string;
  readonly port: number;
  /** The address to connect to instead of its own name. */
  readonly address?: { readonly host: string; readonly port: number };
  readonly anchors: readonly Certificate[];
  readonly cert: Role;
  readonly key: Role;
  readonly passphrase?: "agentPassphrase";
  readonly nameCheck: number;
}

/** The result of a handshake. */
export interface Handshake {
  readonly chain: readonly Certificate[];
  readonly protocol?: string;
  /** Whether the server answered a request: under TLS 1.3 a client learns of a refusal only then. */
  readonly answered: boolean;
  readonly failure?: string;
}

/** The endpoints of a host's command; `override` is the HOST:PORT at which --url is reached. */
export function endpointsOf(host: Host, override: string | undefined): Endpoint[] {
  const [, name, port] = /^\[?(.*?)\]?:(\d+)$/.exec(override ?? "") ?? [];
  const address = name === undefined ? undefined : { host: name, port: Number(port) };
  const agent = { cert: "agentCert", key: "agentKey", passphrase: "agentPassphrase", nameCheck: 45 } as const;
  const es = { cert: "fleetEsCert", key: "fleetEsKey", nameCheck: 48 } as const;
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

/** Reports what a handshake showed. */
export function judgeHandshake(
  host: Host,
  to: Endpoint,
  { chain, protocol, answered, failure }: Handshake,
  report: Report,
  trust: Trust,
): void {
  const [leaf] = chain;
  const place = `${to.flag} ${to.host.includes(":") ? `[${to.host}]` : to.host}:${to.port}`;
  if (leaf === undefined) {
    const fix = "check that it runs there with TLS 1.2 or newer and can be reached from here";
    report.add(host.label, undefined, [error(68, `${place}: no handshake: ${failure ?? "nothing served"}`, fix)]);
    return;
  }
  const serves = { at: trust.at, usages: ["serverAuth"], names: [to.host], nameFact: to.nameCheck } as const;
  const findings = [...checkLeaf(leaf, serves), ...trustFindings(host, to, chain, report, trust)];
  report.check(45, 49, 54, 55, 68);
  report.add(
    host.label,
    undefined,
    findings.map(({ what, ...other }) => ({ ...other, what: `${place}: its certificate ${what}` })),
  );
  if (failure !== undefined) {
    const fix = "present a certificate of a CA that it trusts, with its intermediates, and the right key";
    report.add(host.label, undefined, [error(68, `${place}: refuses this host: ${failure}`, fix)]);
  } else if (!answered) {
    const what = `${place}: closes the connection without an answer`;
    const fix = "read its log: it may refuse this host's certificate, or require one";
    report.add(host.label, undefined, [error(68, what, fix)]);
  } else if (findings.length === 0) {
    report.note(`${host.label}: ${place} answers over ${protocol ?? "TLS"}, and its certificate is trusted`);
  }
}

function trustFindings(host: Host, to: Endpoint, chain: readonly Certificate[], report: Report, trust: Trust) {
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
  const flag = to.flag === "--url" ? "certificate-authorities" : "fleet-server-es-ca";
  if (anchors.length === 0 && host.command?.has(flag) === false && host.folder.files.get("es-ca.pem") === undefined) {
    anchors.push(...trust.publicRoots);
  }
  if (anchors.length === 0) {
    return [
      warning(
        55,
        "cannot be verified without CAs in the folder",
        "add the CA file that the command names to the folder",
      ),
    ];
  }
  return verifyChain(chain, anchors, { at: trust.at, usages: ["serverAuth"] }).findings;
}
