import type { Certificate } from "../lib/private/x509/certificate";
import { isSameCertificate } from "../lib/private/x509/certificate";
import type { Finding, LeafUsage } from "../lib/private/x509/checks";
import { checkOutlives, verifyChain } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import type { Host } from "./host";
import type { Place, Report } from "./report";
import type { Role } from "./roles";

/** What certificates are verified with, apart from the folders. */
export interface Trust {
  readonly at: Date;
  /** Root certificates of public CAs, which every operating system trusts. */
  readonly publicRoots: readonly Certificate[];
}

/** A chain that somebody verifies. */
export interface Presented extends Place {
  readonly chain: readonly Certificate[];
  readonly usage: LeafUsage;
  /** The list that it is verified with, such as `web-1's CA list`. */
  readonly by?: string;
  readonly checks: readonly number[];
}

/** Verifies a chain and reports why it is refused; the path if it is accepted. */
export function checkTrusted(
  report: Report,
  presented: Presented,
  anchors: readonly Certificate[],
  at: Date,
): readonly Certificate[] | undefined {
  const { host, file, chain, usage, by, checks } = presented;
  report.check(55, ...checks);
  const { path, findings } = verifyChain(chain, anchors, { at, usages: [usage] });
  // An expired or weak certificate is so for everybody, and reported once.
  const isGeneral = ({ fact }: Finding): boolean => fact === 54;
  report.add(host, file, findings.filter(isGeneral));
  const refused = findings.filter((one) => !isGeneral(one)).map((one) => named(one, chain, anchors));
  report.addRefused({ host, file }, by, refused, ...checks);
  return path;
}

/** "Unknown authority" has two causes with different fixes: the CA is missing, or it is there with another key. */
function named(finding: Finding, chain: readonly Certificate[], anchors: readonly Certificate[]): Finding {
  const issuers = [...chain].map(({ issuer }) => issuer);
  const twin = anchors.find(({ subject }) => issuers.some(({ rawHex }) => rawHex === subject.rawHex));
  if (finding.fact !== 55 || twin === undefined || !/key identifiers differ|no valid signature/.test(finding.what)) {
    return finding;
  }
  const what = `is issued by ${twin.subject.text} with another key: the trusted CA of that name is a different one`;
  return { ...finding, what, fix: "trust the CA that issued it, or reissue it under the CA that is trusted" };
}

/** Verifies the chain that a host presents in a role, if both it and the CAs are known. */
export function checkPresented(
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

/** Whether only those who name its CA accept a chain: no public CA issued it. */
export function isPrivate(chain: readonly Certificate[], usage: LeafUsage, { at, publicRoots }: Trust): boolean {
  return chain.length > 0 && verifyChain(chain, publicRoots, { at, usages: [usage] }).path === undefined;
}

/** Whether a client has CAs to verify a server with; one that names none fails against a private CA. */
export function namesAuthorities(
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
  if (command === undefined || command.has(flag) || command.hasMore || command.isOn(insecure)) {
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

/** Checks which CAs a host trusts, with nothing but its own folder (checks 16, 17, 55 and 62). */
export function checkTrust(host: Host, report: Report, trust: Trust): void {
  checkOwnFleetServer(host, report, trust);
  checkOwnAgent(host, report, trust.at);
  checkOwnElasticsearch(host, report, trust.at);
  checkFleetCaNamed(host, report);
}

/** A Fleet Server's own agent verifies its certificate like any other client. */
function checkOwnFleetServer(host: Host, report: Report, trust: Trust): void {
  const { command, label } = host;
  const fleet = host.named("fleetCert");
  const chain = host.chain("fleetCert");
  const flag = host.spelled("certificate-authorities");
  if (command?.has("fleet-server-cert") === true && !command.has("certificate-authorities") && !command.hasMore) {
    report.check(17);
    if (host.folder.files.has("fleet-ca.pem") || isPrivate(chain, "serverAuth", trust)) {
      const what = `has no ${flag}, so it trusts the system's CAs only, and none of them issued its certificate`;
      const fix = `add ${flag} with the fleet CA, and for mutual TLS the agent CA`;
      report.add(label, undefined, [error(17, what, fix)]);
    }
  }
  if (fleet !== undefined && chain.length > 0 && host.authorities.length > 0) {
    const by = command === undefined ? "the fleet CA" : flag;
    const presented: Presented = { host: label, file: fleet.name, chain, usage: "serverAuth", by, checks: [17] };
    report.add(label, fleet.name, outlives(checkTrusted(report, presented, host.authorities, trust.at)));
  }
}

/** A Fleet Server that asks for client certificates asks its own agent too. */
function checkOwnAgent(host: Host, report: Report, at: Date): void {
  const { command, label } = host;
  const agent = host.named("agentCert");
  const chain = host.chain("agentCert");
  const admits =
    command === undefined ? host.folder.files.has("agent-ca.pem") : command.clientAuthentication !== "none";
  if (host.kind === "fleet server" && admits && agent && chain.length > 0 && host.authorities.length > 0) {
    const by = command === undefined ? "the agent CA" : host.spelled("certificate-authorities");
    const presented: Presented = { host: label, file: agent.name, chain, usage: "clientAuth", by, checks: [16] };
    report.add(label, agent.name, outlives(checkTrusted(report, presented, host.authorities, at)));
  }
}

function checkOwnElasticsearch(host: Host, report: Report, at: Date): void {
  const es = host.named("esCert");
  const chain = host.chain("esCert");
  const anchors = host.chain("esCa");
  if (es !== undefined && chain.length > 0 && anchors.length > 0) {
    const by = host.named("esCa")!.name;
    const presented: Presented = { host: host.label, file: es.name, chain, usage: "serverAuth", by, checks: [] };
    report.add(host.label, es.name, outlives(checkTrusted(report, presented, anchors, at)));
  }
}

/** Whether a command's list of CAs has none of the fleet CAs in the host's own folder. */
export function namesOtherCa(host: Host): boolean {
  const listed = host.authorities;
  const fleetCas = host.folder.files.has("fleet-ca.pem") ? host.certificates("fleet-ca.pem") : [];
  const hasBoth = host.command !== undefined && listed.length > 0 && fleetCas.length > 0;
  return hasBoth && !fleetCas.some((ca) => listed.some((one) => isSameCertificate(one, ca)));
}

/** A list without the fleet CA of its own folder trusts another CA for Fleet Server, such as Elasticsearch's. */
function checkFleetCaNamed(host: Host, report: Report): void {
  if (host.command === undefined || host.authorities.length === 0 || !host.folder.files.has("fleet-ca.pem")) {
    return;
  }
  report.check(17);
  if (namesOtherCa(host)) {
    const names = host.authorityFiles!.map(({ name }) => name).join(", ");
    const what = `trusts ${names} for Fleet Server, and not fleet-ca.pem of its folder`;
    const by = host.command?.ownNameOf("certificate-authorities") ?? host.spelled("certificate-authorities");
    const fix = `name fleet-ca.pem by ${by}`;
    report.add(host.label, undefined, [error(17, what, fix)]);
  }
}

/** A CA file that nothing names is often the one that a command lacks; for hosts whose server is not in the tree. */
export function checkUnnamedAuthorities(host: Host, report: Report): void {
  const { command, folder, label } = host;
  if (command === undefined || command.isOn("insecure")) {
    return;
  }
  report.check(62);
  const named = new Set([
    ...(host.authorityFiles ?? []).map(({ name }) => name),
    ...command.uses.map(({ value }) => value?.text.split(/[/\\]/).at(-1) ?? ""),
    // For the agent's output, which no flag configures.
    ...(command.isFleetServer ? [] : ["es-ca.pem"]),
  ]);
  const known = [...named].flatMap((name) => (folder.files.has(name) ? host.certificates(name) : []));
  for (const name of folder.files.keys()) {
    const certificates = host.contentOf(name) === "certificates" ? host.certificates(name) : [];
    const isAuthorities = certificates.length > 0 && certificates.every(({ isCa }) => isCa);
    const isKnown = certificates.every((one) => known.some((other) => isSameCertificate(one, other)));
    if (!isAuthorities || named.has(name) || isKnown) {
      continue;
    }
    const missing = missingTrust(host);
    if (missing !== undefined) {
      const fix = `name it by ${missing}, or remove it`;
      report.add(label, name, [warning(62, "is a CA that the command does not name", fix)]);
    }
  }
}

/** The flag by which this command could name a CA and does not. */
function missingTrust(host: Host): string | undefined {
  const { command } = host;
  if (command?.has("certificate-authorities") === false) {
    return host.spelled("certificate-authorities");
  }
  const trusts = ["fleet-server-es-ca", "fleet-server-es-ca-trusted-fingerprint", "fleet-server-es-insecure"];
  return command?.isFleetServer === true && !trusts.some((flag) => command.has(flag))
    ? host.spelled("fleet-server-es-ca")
    : undefined;
}

function outlives(path: readonly Certificate[] | undefined): Finding[] {
  return path === undefined ? [] : path.slice(1).flatMap((issuer) => checkOutlives(path[0]!, issuer));
}
