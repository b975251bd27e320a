import type { Certificate } from "../lib/private/x509/certificate";
import { isSameCertificate } from "../lib/private/x509/certificate";
import type { LeafUsage } from "../lib/private/x509/checks";
import { checkDistinctNames, checkNames, matchHostName } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import { urlHost } from "./dialled-url";
import type { Host, Role } from "./host";
import { topologyOf } from "./host-folder";
import type { Report } from "./report";
import type { Trust } from "./trust-checks";
import { checkTrusted, checkUnnamedAuthorities, isPrivate, namesOtherCa } from "./trust-checks";

/** Checks the hosts of one topology against each other (checks 16, 17, 47, 48, 55 to 59, 61, 62 and 67). */
export function checkTopology(hosts: readonly Host[], report: Report, trust: Trust): void {
  const fleetServers = hosts.filter(({ kind }) => kind === "fleet server");
  const agents = hosts.filter(({ kind }) => kind === "agent");
  const nodes = hosts.filter(({ kind }) => kind === "elasticsearch");
  const proxies = hosts.filter(({ kind }) => kind === "proxy");
  for (const agent of agents) {
    checkFleetServersOf(agent, fleetServers, proxies, report, trust);
    fleetServers.forEach((server) => checkAdmission(agent, server, report, trust.at));
  }
  for (const host of hosts.filter(({ kind }) => kind !== "elasticsearch")) {
    for (const node of nodes) {
      checkElasticsearch(host, node, report, trust);
      checkClients(host, node, report, trust.at);
    }
  }
  nodes.forEach((node) => checkClientAuthorities(node, report));
  const hasNode = nodes.some((node) => node.chain("esCert").length > 0);
  for (const server of fleetServers) {
    checkElasticsearchName(server, nodes, report);
    const isUnknown = nodes.every(
      (node) => node.chain("esCert").length === 0 && node.settings?.has("xpack.security.http.ssl.enabled") !== true,
    );
    if (isUnknown && server.command?.known("fleet-server-es")?.startsWith("http:") === true) {
      const what = "connects to Elasticsearch with http, so its service token is sent unencrypted";
      report.add(server.label, undefined, [warning(67, what, "write https:// and name the Elasticsearch CA")]);
    }
    checkFingerprint(server, nodes, report);
  }
  const hasServer = fleetServers.some((server) => server.chain("fleetCert").length > 0);
  agents.filter(() => !hasServer).forEach((agent) => checkUnnamedAuthorities(agent, report));
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
    if (named.length === 0) {
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

/** Whether a client has CAs to verify a server with; one that names none fails against a private CA. */
function namesAuthorities(
  client: Host,
  flag: "certificate-authorities" | "fleet-server-es-ca",
  chain: readonly Certificate[],
  report: Report,
  trust: Trust,
  check: number,
  server: Host,
): boolean {
  const { command } = client;
  const anchors = flag === "certificate-authorities" ? client.authorities : client.chain("esCa");
  const insecure = flag === "certificate-authorities" ? "insecure" : "fleet-server-es-insecure";
  if (command === undefined || command.has(flag) || command.isOn(insecure)) {
    return command?.isOn(insecure) !== true && anchors.length > 0;
  }
  report.check(check);
  if (isPrivate(chain, "serverAuth", trust)) {
    const what =
      `has no ${client.spelled(flag)}, so it trusts the system's CAs only, and a private CA issued ` +
      `${server.label}'s certificate (x509: certificate signed by unknown authority)`;
    report.add(client.label, undefined, [error(check, what, `add ${client.spelled(flag)} with the CA that issued it`)]);
  }
  return false;
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
  refuse(report, agent, "agentCert", server.authorities, at, "clientAuth", [16], `${server.label}'s CA list`);
}

/** Fleet Server, Kibana and the output of every agent verify Elasticsearch's certificate. */
function checkElasticsearch(host: Host, node: Host, report: Report, trust: Trust): void {
  const chain = node.chain("esCert");
  checkTransport(host, node, report);
  if (host.kind === "fleet server" && host.command?.isFleetServer === true && chain.length > 0) {
    const url = host.command.known("fleet-server-es");
    const byFingerprint = host.command.has("fleet-server-es-ca-trusted-fingerprint");
    if (url?.startsWith("http:") !== true && !byFingerprint) {
      namesAuthorities(host, "fleet-server-es-ca", chain, report, trust, 62, node);
    }
  }
  if (host.kind === "kibana") {
    checkKibanaTrust(host, node, report, trust);
  }
  const by = `${host.label}'s ${host.named("esCa")?.name ?? "es-ca.pem"}`;
  refuse(report, node, "esCert", host.chain("esCa"), trust.at, "serverAuth", [], by);
}

/** Kibana trusts the system's CAs unless its settings name others. */
function checkKibanaTrust(kibana: Host, node: Host, report: Report, trust: Trust): void {
  const { settings } = kibana;
  const hosts = settings?.texts("elasticsearch.hosts") ?? [];
  const mode = settings?.text("elasticsearch.ssl.verificationMode");
  const names = ["certificateAuthorities", "truststore", "keystore"].some((name) =>
    settings?.has(`elasticsearch.ssl.${name}`),
  );
  if (!hosts.some((url) => url.startsWith("https:")) || mode === "none") {
    return;
  }
  report.check(62);
  if (!names && isPrivate(node.chain("esCert"), "serverAuth", trust)) {
    const what = `has no elasticsearch.ssl.certificateAuthorities, and a private CA issued ${node.label}'s certificate`;
    const fix = "add elasticsearch.ssl.certificateAuthorities with the Elasticsearch CA";
    report.add(kibana.label, kibana.settingsFile, [error(62, what, fix)]);
  }
}

/** Plain HTTP on one end and TLS on the other never meet (check 67). */
function checkTransport(host: Host, node: Host, report: Report): void {
  const isOff = node.settings?.text("xpack.security.http.ssl.enabled") === "false";
  const isOn = node.settings?.text("xpack.security.http.ssl.enabled") === "true" || node.chain("esCert").length > 0;
  const urls = [host.command?.known("fleet-server-es"), ...(host.settings?.texts("elasticsearch.hosts") ?? [])];
  const file = host.command === undefined ? host.settingsFile : undefined;
  for (const url of urls.filter((one) => one !== undefined)) {
    report.check(67);
    if (isOff && url.startsWith("https:")) {
      const what = `connects with https, and ${node.label} has xpack.security.http.ssl.enabled: false`;
      report.add(host.label, file, [error(67, what, "set it to true on Elasticsearch, which is what this TLS is for")]);
    } else if (!isOff && isOn && url.startsWith("http:")) {
      const what = `connects to Elasticsearch with http, and ${node.label} serves TLS`;
      report.add(host.label, file, [error(67, what, "write https:// and name the Elasticsearch CA")]);
    }
  }
}

/**
 * Elasticsearch admits Fleet Server, Kibana and, as agents' outputs present them, the agents' certificates; under
 * `optional` too it refuses one that it cannot verify (check 59).
 */
function checkClients(host: Host, node: Host, report: Report, at: Date): void {
  const mode = node.clientAuthentication;
  if (mode === "none") {
    return;
  }
  const presented = host.kind === "agent" ? "agentCert" : host.kind === "kibana" ? "kibanaCert" : "fleetEsCert";
  if (mode === "required" && host.named(presented) === undefined) {
    const fix = "give it a certificate of a CA in es-client-ca.pem, or make client authentication optional";
    const what = `has no certificate to present to ${node.label}, which requires one`;
    report.add(host.label, undefined, [error(59, what, fix)]);
  }
  for (const role of ["fleetEsCert", "agentCert", "kibanaCert"] as const) {
    const anchors = node.chain("esClientCa");
    if (host.chain(role).length > 0 && anchors.length > 0) {
      const by = `${node.label}'s ${node.named("esClientCa")!.name}`;
      refuse(report, host, role, anchors, at, "clientAuth", [59], by);
    }
  }
}

/** Without a list of its own Elasticsearch uses the CAs that Java trusts. */
function checkClientAuthorities(node: Host, report: Report): void {
  if (!["optional", "required"].includes(node.clientAuthentication ?? "")) {
    return;
  }
  report.check(59);
  if (node.named("esClientCa") === undefined && node.settings?.has("xpack.security.http.ssl.truststore") !== true) {
    const fix = "add xpack.security.http.ssl.certificate_authorities with the CAs of the clients";
    const what = "asks for client certificates and names no CA for them";
    report.add(node.label, node.settingsFile, [error(59, what, fix)]);
  }
}

function refuse(
  report: Report,
  host: Host,
  role: Role,
  anchors: readonly Certificate[],
  at: Date,
  usage: LeafUsage,
  checks: readonly number[],
  by: string,
): void {
  const chain = host.chain(role);
  if (chain.length > 0 && anchors.length > 0) {
    checkTrusted(report, { host: host.label, file: host.named(role)!.name, chain, usage, by, checks }, anchors, at);
  }
}

/** Of several nodes one must have the name: they may be behind a load balancer, or have a name each. */
function checkElasticsearchName(server: Host, nodes: readonly Host[], report: Report): void {
  const dialled = urlHost(server.command?.known("fleet-server-es") ?? "");
  const serving = nodes.filter((node) => node.chain("esCert")[0]?.isCa === false);
  if (dialled === undefined || serving.length === 0) {
    return;
  }
  report.check(48);
  const findings = serving.map((node) => checkNames(node.chain("esCert")[0]!, [dialled], 48));
  if (!findings.some((one) => one.length === 0)) {
    // Fleet Server itself may not check this name; agents' outputs do.
    report.add(serving[0]!.label, serving[0]!.named("esCert")!.name, findings[0]!);
  }
}

/** The fingerprinted CA must be in the chain that is served (elastic-agent-libs, trustRootCA; check 57). */
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
      // A list with none of the same CAs is another one; whoever it refuses is reported.
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
