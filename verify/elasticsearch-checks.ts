import { checkNames, matchHostName, verifyChain } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import { isHttp, isHttps, urlHost } from "./dialled-url";
import type { FleetObject } from "./fleet-objects";
import type { Host } from "./host";
import type { Report } from "./report";
import type { Trust } from "./trust-checks";
import { checkPresented, isPrivate, namesAuthorities } from "./trust-checks";

/** Checks every client of Elasticsearch against its nodes (checks 48, 55, 57, 59, 62 and 67). */
export function checkElasticsearchClients(
  hosts: readonly Host[],
  objects: readonly FleetObject[],
  report: Report,
  trust: Trust,
): void {
  const nodes = hosts.filter(({ kind }) => kind === "elasticsearch");
  for (const host of hosts.filter(({ kind }) => kind !== "elasticsearch")) {
    for (const node of nodesOf(host, hosts, objects, trust)) {
      checkElasticsearch(host, node, report, trust);
      checkClients(host, node, report, trust.at);
    }
  }
  hosts.filter(({ kind }) => kind === "kibana").forEach((kibana) => checkKibanaNames(kibana, nodes, report));
  nodes.forEach((node) => checkClientAuthorities(node, report));
  for (const server of hosts.filter(({ kind }) => kind === "fleet server")) {
    checkElasticsearchName(server, nodes, report);
    const isUnknown = nodes.every(
      (node) => node.chain("esCert").length === 0 && node.settings?.has("xpack.security.http.ssl.enabled") !== true,
    );
    if (isUnknown && isHttp(server.command?.known("fleet-server-es") ?? "")) {
      const what = "connects to Elasticsearch with http, so its service token is sent unencrypted";
      report.add(server.label, undefined, [warning(67, what, "write https:// and name the Elasticsearch CA")]);
    }
    checkFingerprint(server, nodesOf(server, hosts, objects, trust), report);
  }
}

/**
 * The nodes that a host connects to, as a tree may have several clusters: those with a name of its URLs, or all if none
 * has, as behind a load balancer. An agent connects to those of its Fleet Servers and of its outputs; the outputs' own
 * CAs are checked against the latter.
 */
function nodesOf(host: Host, hosts: readonly Host[], objects: readonly FleetObject[], { at }: Trust): readonly Host[] {
  const nodes = hosts.filter(({ kind }) => kind === "elasticsearch");
  const named = (urls: readonly (string | undefined)[]): readonly Host[] => {
    const found = nodes.filter((node) => urls.some((url) => hasNameOf(node, url)));
    return found.length > 0 ? found : nodes;
  };
  if (host.kind === "fleet server" || host.kind === "kibana") {
    return named([host.command?.known("fleet-server-es"), ...(host.settings?.texts("elasticsearch.hosts") ?? [])]);
  }
  const url = urlHost(host.command?.known("url") ?? "");
  const servers = hosts.filter(({ kind }) => kind === "fleet server");
  const own = servers.filter((server) => {
    const [leaf] = server.chain("fleetCert");
    return url !== undefined && leaf !== undefined && matchHostName(leaf, url) !== "none";
  });
  const reached = named((own.length > 0 ? own : servers).map(({ command }) => command?.known("fleet-server-es")));
  const anchors = host.chain("esCa");
  const accepts = (node: Host): boolean =>
    verifyChain(node.chain("esCert"), anchors, { at, usages: ["serverAuth"] }).path !== undefined;
  if (anchors.length === 0 || !nodes.some(accepts)) {
    return reached;
  }
  const outputs = objects.filter(({ kind }) => kind === "output");
  const isOutputs = (node: Host): boolean =>
    outputs.some(({ settings }) => settings.texts("hosts")?.some((one) => hasNameOf(node, one)) === true);
  return reached.filter((node) => accepts(node) || !isOutputs(node));
}

/** The hosts whose server certificate for Elasticsearch is in the tree. */
export function servingElasticsearch(hosts: readonly Host[]): readonly Host[] {
  return hosts.filter((host) => host.chain("esCert")[0]?.isCa === false);
}

function hasNameOf(node: Host, url: string | undefined): boolean {
  const [leaf] = node.chain("esCert");
  const name = urlHost(url ?? "");
  return name !== undefined && leaf?.isCa === false && matchHostName(leaf, name) !== "none";
}

/** Fleet Server, Kibana and the output of every agent verify Elasticsearch's certificate. */
function checkElasticsearch(host: Host, node: Host, report: Report, trust: Trust): void {
  const chain = node.chain("esCert");
  checkTransport(host, node, report);
  if (host.kind === "fleet server" && host.command?.isFleetServer === true && chain.length > 0) {
    const url = host.command.known("fleet-server-es");
    const byFingerprint = host.command.has("fleet-server-es-ca-trusted-fingerprint");
    if (!isHttp(url ?? "") && !byFingerprint) {
      namesAuthorities(host, "fleet-server-es-ca", chain, report, trust, 62, node);
    }
  }
  if (host.kind === "kibana") {
    checkKibanaTrust(host, node, report, trust);
  }
  const by = `${host.label}'s ${host.named("esCa")?.name ?? "es-ca.pem"}`;
  checkPresented(report, node, "esCert", host.chain("esCa"), trust.at, "serverAuth", [], by);
}

/** Kibana trusts the system's CAs unless its settings name others. */
function checkKibanaTrust(kibana: Host, node: Host, report: Report, trust: Trust): void {
  const { settings } = kibana;
  const hosts = settings?.texts("elasticsearch.hosts") ?? [];
  const mode = settings?.text("elasticsearch.ssl.verificationMode");
  const names = ["certificateAuthorities", "truststore", "keystore"].some((name) =>
    settings?.has(`elasticsearch.ssl.${name}`),
  );
  if (!hosts.some(isHttps)) {
    return;
  }
  report.check(62);
  if (mode === "none") {
    const what = "has elasticsearch.ssl.verificationMode: none, so anybody can pose as Elasticsearch";
    const fix = "remove it, and name the Elasticsearch CA in elasticsearch.ssl.certificateAuthorities";
    report.add(kibana.label, kibana.settingsFile, [warning(62, what, fix)]);
    return;
  }
  if (!names && isPrivate(node.chain("esCert"), "serverAuth", trust)) {
    const what = `has no elasticsearch.ssl.certificateAuthorities, and a private CA issued ${node.label}'s certificate`;
    const fix = "add elasticsearch.ssl.certificateAuthorities with the Elasticsearch CA";
    report.add(kibana.label, kibana.settingsFile, [error(62, what, fix)]);
  }
}

/** Kibana checks the name of every node that it is given, unless it verifies less than everything (check 48). */
function checkKibanaNames({ label, settings, settingsFile }: Host, nodes: readonly Host[], report: Report): void {
  const serving = servingElasticsearch(nodes);
  if (serving.length === 0 || (settings?.text("elasticsearch.ssl.verificationMode") ?? "full") !== "full") {
    return;
  }
  for (const url of settings?.texts("elasticsearch.hosts") ?? []) {
    const dialled = isHttps(url) ? urlHost(url) : undefined;
    if (dialled !== undefined) {
      report.check(48);
      const isNamed = serving.some((node) => hasNameOf(node, url));
      const what = `connects to ${dialled}, which no Elasticsearch cert here has`;
      const fix = "use a name of the certificate, or add the name to its SANs";
      report.add(label, settingsFile, isNamed ? [] : [error(48, what, fix)]);
    }
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
    if (isOff && isHttps(url)) {
      const what = `connects with https, and ${node.label} has xpack.security.http.ssl.enabled: false`;
      report.add(host.label, file, [error(67, what, "set it to true on Elasticsearch, which is what this TLS is for")]);
    } else if (!isOff && isOn && isHttp(url)) {
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
      checkPresented(report, host, role, anchors, at, "clientAuth", [59], by);
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

/** Of several nodes one must have the name: they may be behind a load balancer, or have a name each. */
function checkElasticsearchName(server: Host, nodes: readonly Host[], report: Report): void {
  const dialled = urlHost(server.command?.known("fleet-server-es") ?? "");
  const serving = servingElasticsearch(nodes);
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
