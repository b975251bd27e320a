import type { Certificate } from "../lib/private/x509/certificate";
import { isSameCertificate } from "../lib/private/x509/certificate";
import { checkDistinctNames, matchHostName } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import { urlHost } from "./dialled-url";
import { checkElasticsearchClients } from "./elasticsearch-checks";
import type { FleetObject } from "./fleet-objects";
import type { Host } from "./host";
import type { Role } from "./roles";
import { topologyOf } from "./host-folder";
import { checkKibanaSetup } from "./kibana-setup-checks";
import type { Report } from "./report";
import type { Trust } from "./trust-checks";
import { checkPresented, checkTrusted, checkUnnamedAuthorities, namesAuthorities, namesOtherCa } from "./trust-checks";

/** Checks the hosts of one topology against each other (checks 16, 17, 47, 55, 56, 58, 61 and 62). */
export function checkTopology(
  hosts: readonly Host[],
  objects: readonly FleetObject[],
  report: Report,
  trust: Trust,
): void {
  const fleetServers = hosts.filter(({ kind }) => kind === "fleet server");
  const agents = hosts.filter(({ kind }) => kind === "agent");
  const proxies = hosts.filter(({ kind }) => kind === "proxy");
  for (const agent of agents) {
    checkFleetServersOf(agent, fleetServers, proxies, report, trust);
    fleetServers.forEach((server) => checkAdmission(agent, server, report, trust.at));
  }
  checkElasticsearchClients(hosts, objects, report, trust);
  const kibanas = hosts.filter(({ kind }) => kind === "kibana");
  hosts.forEach((host) => checkKibanaSetup(host, kibanas, report, trust));
  const hasServer = fleetServers.some((server) => server.chain("fleetCert").length > 0);
  agents.filter(() => !hasServer).forEach((agent) => checkUnnamedAuthorities(agent, report));
  const hasNode = hosts.some((host) => host.kind === "elasticsearch" && host.chain("esCert").length > 0);
  fleetServers.filter(() => !hasNode).forEach((server) => checkUnnamedAuthorities(server, report));
  if (hosts.length > 1) {
    checkBundles(hosts, report);
  }
}

/** An agent connects to any Fleet Server or proxy that has the name in its URL; one URL may stand for several. */
function checkFleetServersOf(
  agent: Host,
  servers: readonly Host[],
  proxies: readonly Host[],
  report: Report,
  trust: Trust,
): void {
  const dialled = urlHost(agent.command?.known("url") ?? "");
  const serving = servers.filter((server) => server.chain("fleetCert").length > 0);
  if (serving.length === 0) {
    return;
  }
  const named = [...serving, ...proxies].filter((server) => {
    const [leaf] = server.chain("fleetCert");
    return dialled !== undefined && leaf !== undefined && matchHostName(leaf, dialled) !== "none";
  });
  if (dialled !== undefined) {
    report.check(47);
    // The name may be that of a proxy whose certificate is not here.
    const areAllRead = proxies.every((proxy) => proxy.chain("fleetCert").length > 0);
    if (named.length === 0 && areAllRead) {
      const fix = "use a name of a fleet cert, or add the name to its SANs";
      report.add(agent.label, undefined, [error(47, `connects to ${dialled}, which no fleet cert here has`, fix)]);
    }
  }
  const pins = agent.command?.list("ca-sha256");
  for (const server of named.length > 0 ? named : serving) {
    const chain = server.chain("fleetCert");
    const hasCas = namesAuthorities(agent, "certificate-authorities", chain, report, trust, 17, server);
    if (!hasCas || namesOtherCa(agent)) {
      continue;
    }
    const by = `${agent.label}'s CA list`;
    const file = server.named("fleetCert")!.name;
    const presented = { host: server.label, file, chain, usage: "serverAuth", by, checks: [17] } as const;
    const path = checkTrusted(report, presented, agent.authorities, trust.at);
    if (path !== undefined && pins !== undefined) {
      report.check(58);
      const matches = path.some(({ spkiPinSha256 }) => pins.includes(spkiPinSha256));
      const what = `has a --ca-sha256 that matches no certificate of ${server.label}'s chain`;
      const fix = "give the base64 SHA-256 of the public key of the fleet CA";
      report.add(agent.label, undefined, matches ? [] : [error(58, what, fix)]);
    }
  }
}

/** Under `optional` no other program reports an agent whose CA is not on the list. */
function checkAdmission(agent: Host, server: Host, report: Report, at: Date): void {
  const mode = server.command?.clientAuthentication ?? "none";
  if (mode === "none" || server.authorities.length === 0) {
    return;
  }
  report.check(16);
  if (agent.named("agentCert") === undefined && agent.command !== undefined && mode === "required") {
    const fix = `add ${agent.spelled("elastic-agent-cert")} and ${agent.spelled("elastic-agent-cert-key")}`;
    const what = `names no client certificate, which ${server.label} requires`;
    report.add(agent.label, undefined, [error(16, what, fix)]);
  }
  checkPresented(report, agent, "agentCert", server.authorities, at, "clientAuth", [16], `${server.label}'s CA list`);
}

/** The certificates that a list of CAs verifies. */
const SERVED: Readonly<Record<string, Role>> = {
  "fleet-ca.pem": "fleetCert",
  "agent-ca.pem": "agentCert",
  "es-ca.pem": "esCert",
  "es-client-ca.pem": "agentCert",
};

/** In a rotation every host has the old and the new CA, or the next step cuts it off (check 61); names differ (56). */
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
    const hasServed = hosts.some((host) => host.chain(SERVED[name]!).length > 0);
    const fullest = all.reduce((most, one) => (one.length > most.length ? one : most));
    const fullSet = sets[all.indexOf(fullest)];
    for (const [i, host] of holders.entries()) {
      // A list with none of the same CAs is another one; the hosts that it refuses are reported.
      const isOther = hasServed && !all[i]!.some((one) => fullest.some((other) => isSameCertificate(one, other)));
      if (sets[i] !== fullSet && !isOther) {
        const what = `does not contain the same CAs as ${holders[all.indexOf(fullest)]!.label}'s`;
        const fix = "copy the new file to every host before the next step of a rotation";
        report.add(host.label, name, [warning(61, what, fix)]);
      }
    }
  }
  // Two CAs of one name on one host are reported there, and a certificate of the other one is refused by name.
  if (report.status(56) !== "failed" && report.status(55) !== "failed") {
    report.check(56);
    report.add(topologyOf(hosts[0]!.label), undefined, checkDistinctNames(lists));
  }
}
