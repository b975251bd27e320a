import type { Certificate } from "../lib/private/x509/certificate";
import { checkNames, matchHostName } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import { addressHost, addressPort } from "./dialled-url";
import type { Host } from "./host";
import { fileName } from "./host-folder";
import type { Report } from "./report";
import type { Upstream } from "./service";
import type { Trust } from "./trust-checks";
import { checkTrusted } from "./trust-checks";

/** Checks the connection of a proxy or a receiver to the server behind it (check 71). */
export function checkUpstream(
  host: Host,
  upstream: Upstream,
  hosts: readonly Host[],
  report: Report,
  trust: Trust,
): void {
  checkVerification(host, upstream, report);
  checkServer(host, upstream, hosts, report, trust);
}

/** The certificates in the files that a service's settings name. */
export function certificatesOf(host: Host, paths: readonly string[]): readonly Certificate[] {
  return paths.flatMap((path) => host.certificates(host.at(path, "settings").name));
}

/** Whether a program verifies the server behind it at all, and that server's name. */
function checkVerification(host: Host, { address, verifies, name }: Upstream, report: Report): void {
  const { program, file } = host.service!;
  report.check(71);
  const add = (finding: ReturnType<typeof error>): void => report.add(host.label, file, [finding]);
  const how = {
    nginx: "proxy_ssl_verify on, proxy_ssl_trusted_certificate and proxy_ssl_name",
    HAProxy: "ssl verify required, ca-file and verifyhost",
    Envoy: "validation_context with trusted_ca and match_typed_subject_alt_names",
    Logstash: 'ssl_verification_mode => "full" and ssl_certificate_authorities',
    Kafka: "a truststore",
  }[program];
  if (verifies === undefined) {
    add(error(71, `verifies ${address} and names no CA for it, so ${program} does not start`, `set ${how}`));
  } else if (!verifies) {
    add(warning(71, `does not verify the certificate of ${address}, so anybody can pose as it`, `set ${how}`));
  } else if (name === undefined) {
    add(warning(71, `does not check the name in the certificate of ${address}`, `set ${how}`));
  }
}

/** The server behind a proxy or a receiver, as far as it is in the tree: the one with the name that is looked for. */
function checkServer(host: Host, upstream: Upstream, hosts: readonly Host[], report: Report, { at }: Trust): void {
  const { address, cas, name } = upstream;
  const dialled = name ?? addressHost(address);
  if (dialled === "" || dialled.includes("$") || dialled.startsWith(".")) {
    // A variable or a pattern: what it stands for is not known here.
    return;
  }
  const servers = hosts.flatMap((one) =>
    (["fleetCert", "esCert"] as const).flatMap((role) => {
      const chain = one.chain(role);
      return chain[0]?.isCa === false ? [{ host: one, role, chain }] : [];
    }),
  );
  const named = servers.filter(({ chain }) => matchHostName(chain[0]!, dialled) !== "none");
  const port = addressPort(address);
  const role = port === "8220" ? "fleetCert" : port === "9200" ? "esCert" : undefined;
  const meant = servers.filter((one) => one.role === role);
  if (named.length === 0 && meant.length > 0 && name !== undefined) {
    const [{ host: server, chain }] = meant as [(typeof meant)[number]];
    report.check(71);
    const [finding] = checkNames(chain[0]!, [dialled], 71);
    if (finding !== undefined) {
      const what = `connects to ${dialled}, which ${server.label}'s certificate has not among its names`;
      report.add(host.label, host.service!.file, [error(71, what, finding.fix)]);
    }
    return;
  }
  const anchors = certificatesOf(host, cas);
  for (const { host: server, role: presented, chain } of named) {
    if (anchors.length > 0) {
      const by = `${host.label}'s ${fileName(cas[0]!)}`;
      const file = server.named(presented)!.name;
      checkTrusted(report, { host: server.label, file, chain, usage: "serverAuth", by, checks: [71] }, anchors, at);
    }
  }
}
