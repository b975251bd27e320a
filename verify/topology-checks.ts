import { relative } from "node:path";

import type { Certificate } from "../lib/private/x509/certificate";
import type { LeafUsage } from "../lib/private/x509/checks";
import { checkDistinctNames, checkNames, matchHostName } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import { urlHost } from "./dialled-url";
import type { Host, Role } from "./host";
import { checkTrusted } from "./host-checks";
import type { Report } from "./report";

/** Checks the hosts of one topology against each other (facts 16, 17, 47, 48, 55 to 59 and 61). */
export function checkTopology(hosts: readonly Host[], report: Report, at: Date): void {
  const fleetServers = hosts.filter(({ kind }) => kind === "fleet server");
  const agents = hosts.filter(({ kind }) => kind === "agent");
  const nodes = hosts.filter(({ kind }) => kind === "elasticsearch");
  for (const agent of agents) {
    checkDialledFleetServers(agent, fleetServers, report, at);
    fleetServers.forEach((server) => checkAdmission(agent, server, report, at));
  }
  for (const host of hosts.filter(({ kind }) => kind !== "elasticsearch")) {
    for (const node of nodes) {
      checkServed(host, node, report, at);
      checkClients(host, node, report, at);
    }
  }
  nodes.forEach((node) => checkClientAuthorities(node, report));
  fleetServers.forEach((server) => checkElasticsearchName(server, nodes, report));
  fleetServers.forEach((server) => checkFingerprint(server, nodes, report));
  if (hosts.length > 1) {
    checkBundles(hosts, report);
  }
}

/** An agent reaches whichever Fleet Server has the name that it dials, behind one URL perhaps several. */
function checkDialledFleetServers(agent: Host, servers: readonly Host[], report: Report, at: Date): void {
  const dialled = urlHost(agent.command?.known("url") ?? "");
  const serving = servers.filter((server) => server.chain("fleetCert").length > 0);
  if (serving.length === 0) {
    return;
  }
  const named = serving.filter(
    (server) => dialled !== undefined && matchHostName(server.chain("fleetCert")[0]!, dialled) !== "none",
  );
  if (dialled !== undefined) {
    report.check(47);
    if (named.length === 0) {
      const fix = "dial a name of a fleet cert, or add the name to its SANs";
      report.add(agent.label, undefined, [error(47, `dials ${dialled}, which no fleet cert here has`, fix)]);
    }
  }
  if (agent.authorities.length === 0) {
    return;
  }
  const pins = agent.command?.list("ca-sha256");
  for (const server of named.length > 0 ? named : serving) {
    const where = {
      host: server.label,
      file: server.named("fleetCert")!.name,
      facts: [17],
      by: `${agent.label}'s CA list`,
    };
    const path = checkTrusted(report, where, server.chain("fleetCert"), agent.authorities, { at, usage: "serverAuth" });
    if (path !== undefined && pins !== undefined) {
      report.check(58);
      const matches = path.some(({ spkiPinSha256 }) => pins.includes(spkiPinSha256));
      const what = `has a --ca-sha256 that is of no certificate of ${server.label}'s chain`;
      const fix = "give the base64 SHA-256 of the public key of the fleet CA";
      report.add(agent.label, undefined, matches ? [] : [error(58, what, fix)]);
    }
  }
}

/** Under `optional` nothing else ever complains of an agent whose CA is not on the list. */
function checkAdmission(agent: Host, server: Host, report: Report, at: Date): void {
  const mode = server.command?.clientAuthentication ?? "none";
  if (mode === "none" || server.authorities.length === 0) {
    return;
  }
  report.check(16);
  const cert = agent.named("agentCert");
  if (cert === undefined && agent.command !== undefined && mode === "required") {
    const fix = "add --elastic-agent-cert and --elastic-agent-cert-key";
    const what = `names no client certificate, which ${server.label} requires`;
    report.add(agent.label, undefined, [error(16, what, fix)]);
  }
  refuse(
    report,
    agent,
    "agentCert",
    server.authorities,
    { at, usage: "clientAuth" },
    [16],
    `${server.label}'s CA list`,
  );
}

/** Fleet Server, and the output of every agent, verify what Elasticsearch presents. */
function checkServed(host: Host, node: Host, report: Report, at: Date): void {
  const by = `${host.label}'s ${host.named("esCa")?.name ?? "es-ca.pem"}`;
  refuse(report, node, "esCert", host.chain("esCa"), { at, usage: "serverAuth" }, [], by);
}

/**
 * Elasticsearch admits Fleet Server, Kibana and, since agents' outputs present theirs, the agents' certificates; under
 * `optional` too it refuses one that it cannot verify (fact 59).
 */
function checkClients(host: Host, node: Host, report: Report, at: Date): void {
  const mode = node.clientAuthentication;
  if (mode === "none") {
    return;
  }
  const presented = host.kind === "agent" ? "agentCert" : host.kind === "kibana" ? "kibanaCert" : "fleetEsCert";
  if (mode === "required" && host.named(presented) === undefined) {
    const fix = "give it a certificate of a CA in es-client-ca.pem, or make it optional";
    report.add(host.label, undefined, [
      error(59, `has no certificate to present to ${node.label}, which requires one`, fix),
    ]);
  }
  for (const role of ["fleetEsCert", "agentCert", "kibanaCert"] as const) {
    if (host.chain(role).length > 0 && node.chain("esClientCa").length > 0) {
      refuse(
        report,
        host,
        role,
        node.chain("esClientCa"),
        { at, usage: "clientAuth" },
        [59],
        `${node.label}'s ${node.named("esClientCa")!.name}`,
      );
    }
  }
}

/** Without a list of its own Elasticsearch falls back on the CAs that Java trusts. */
function checkClientAuthorities(node: Host, report: Report): void {
  if (!["optional", "required"].includes(node.clientAuthentication ?? "")) {
    return;
  }
  report.check(59);
  if (node.named("esClientCa") === undefined) {
    const fix = "add xpack.security.http.ssl.certificate_authorities with the CAs that sign clients";
    report.add(node.label, node.settingsFile, [
      error(59, "asks for client certificates and names no CA for them", fix),
    ]);
  }
}

function refuse(
  report: Report,
  host: Host,
  role: Role,
  anchors: readonly Certificate[],
  use: { readonly at: Date; readonly usage: LeafUsage },
  facts: readonly number[],
  by: string,
): void {
  const chain = host.chain(role);
  if (chain.length > 0 && anchors.length > 0) {
    checkTrusted(report, { host: host.label, file: host.named(role)!.name, facts, by }, chain, anchors, use);
  }
}

/** Of several nodes one must have the name: they may stand behind a load balancer, or have a name each. */
function checkElasticsearchName(server: Host, nodes: readonly Host[], report: Report): void {
  const dialled = urlHost(server.command?.known("fleet-server-es") ?? "");
  const serving = nodes.filter((node) => node.chain("esCert").length > 0);
  if (dialled === undefined || serving.length === 0) {
    return;
  }
  report.check(48);
  const findings = serving.map((node) => checkNames(node.chain("esCert")[0]!, [dialled], 48));
  if (!findings.some((one) => one.length === 0)) {
    // Fleet Server itself does not check this name, agents' outputs do (reference, "Later runs").
    report.add(serving[0]!.label, serving[0]!.named("esCert")!.name, findings[0]!);
  }
}

/** The fingerprinted CA must be in the chain that is served (elastic-agent-libs, trustRootCA; fact 57). */
function checkFingerprint(server: Host, nodes: readonly Host[], report: Report): void {
  const fingerprint = server.command?.known("fleet-server-es-ca-trusted-fingerprint")?.toLowerCase();
  const serving = nodes.filter((node) => node.chain("esCert").length > 0);
  if (fingerprint === undefined || serving.length === 0) {
    return;
  }
  report.check(57);
  for (const node of serving) {
    const found = node.chain("esCert").find(({ fingerprintSha256 }) => fingerprintSha256 === fingerprint);
    if (found?.isCa !== true) {
      const what = `serves no CA with the fingerprint that ${server.label} trusts`;
      const fix = "append the CA to es-cert.pem, and give the SHA-256 of that CA's DER";
      report.add(node.label, node.named("esCert")!.name, [error(57, what, fix)]);
    }
  }
}

/** In a rotation every side has old and new, or the next step cuts hosts off (fact 61); names differ (fact 56). */
function checkBundles(hosts: readonly Host[], report: Report): void {
  const lists: { name: string; certificates: readonly Certificate[] }[] = [];
  for (const name of ["fleet-ca.pem", "agent-ca.pem", "es-ca.pem", "es-client-ca.pem"]) {
    const holders = hosts.filter((host) => host.folder.files.has(name));
    const all = holders.map((host) => host.certificates(name));
    lists.push({ name, certificates: all.flat() });
    if (holders.length < 2) {
      continue;
    }
    report.check(61);
    const sets = all.map((certificates) =>
      certificates
        .map((one) => one.fingerprintSha256)
        .sort()
        .join(),
    );
    const fullest = all.reduce((most, one) => (one.length > most.length ? one : most));
    const fullSet = sets[all.indexOf(fullest)];
    for (const [i, host] of holders.entries()) {
      if (sets[i] !== fullSet) {
        const what = `does not hold the same CAs as ${holders[all.indexOf(fullest)]!.label}'s`;
        report.add(host.label, name, [
          warning(61, what, "copy the new file to every host before the next step of a rotation"),
        ]);
      }
    }
  }
  // A clash on one host has been told there.
  if (report.status(56) !== "broken") {
    report.check(56);
    report.add(relative(".", hosts[0]!.folder.topology) || ".", undefined, checkDistinctNames(lists));
  }
}
