import { isAbsolute, win32 } from "node:path";

import type { Certificate } from "../lib/private/x509/certificate";
import { isSameCertificate } from "../lib/private/x509/certificate";
import { checkNames, readCertificates } from "../lib/private/x509/checks";
import type { Finding } from "../lib/private/x509/finding";
import { error, warning } from "../lib/private/x509/finding";
import { urlHost } from "./dialled-url";
import type { Host } from "./host";
import { checkTrusted } from "./host-checks";
import type { Output } from "./outputs";
import { outputsOf } from "./outputs";
import type { Report } from "./report";
import type { Settings } from "./settings";

/** What a run looks at beside the hosts' own folders. */
export interface OutputOptions {
  readonly at: Date;
  /** The directories that the user gave: nothing outside of them is read. */
  readonly directories: readonly string[];
}

/** Checks what Fleet tells agents of Elasticsearch and of Fleet Server (facts 47, 48, 57 and 60). */
export function checkOutputs(hosts: readonly Host[], report: Report, options: OutputOptions): void {
  for (const output of outputsOf(hosts, report, options.directories)) {
    checkOutput(output, hosts, report, options.at);
  }
  for (const kibana of hosts.filter(({ kind, settings }) => kind === "kibana" && settings !== undefined)) {
    checkFleetServerHosts(kibana, hosts, report);
  }
}

function checkOutput(output: Output, hosts: readonly Host[], report: Report, at: Date): void {
  const { settings, prefix } = output;
  const add = (...findings: readonly Finding[]): void => {
    const subject = output.name === undefined ? "" : `output ${output.name} `;
    report.add(
      output.place,
      output.file,
      findings.map((one) => ({ ...one, what: `${subject}${one.what}` })),
    );
  };
  report.check(60);
  const users = hosts.filter(({ kind }) => kind === "agent" || kind === "fleet server");
  const listed = settings.texts(`${prefix}.certificate_authorities`) ?? [];
  const fingerprint = (
    settings.text(`${prefix}.ca_trusted_fingerprint`) ?? settings.text("ca_trusted_fingerprint")
  )?.toLowerCase();
  if (listed.length === 0 && fingerprint === undefined) {
    const fix = "add ssl.certificate_authorities: the Elasticsearch CA, inline or by its path on every host";
    if (hosts.some((host) => host.chain("esCa").length > 0)) {
      add(error(60, "names no Elasticsearch CA, so agents trust the system's CAs alone once they are enrolled", fix));
    }
  }
  const authorities = listed.flatMap((item) => authoritiesOf(item, users, add));
  checkServed(output, authorities, hosts, report, at);
  if (listed.length > 0 && authorities.length > 0) {
    add(...unknownToHosts(authorities, users));
  }
  if (fingerprint !== undefined) {
    add(...fingerprintFindings(fingerprint, hosts, report));
  }
  add(...clientFindings(settings, prefix, users));
  for (const url of settings.texts("hosts") ?? []) add(...nameFindings(url, hosts, report));
}

/** One entry of the CA list: PEM, or a path that is the same on every host. */
function authoritiesOf(
  item: string,
  users: readonly Host[],
  add: (...findings: Finding[]) => void,
): readonly Certificate[] {
  // A value that begins with a dash is PEM (elastic-agent-libs, tls.go, ReadPEM).
  if (item.trimStart().startsWith("-")) {
    const { certificates, findings } = readCertificates(item.trimStart());
    add(...findings.map((one) => ({ ...one, fact: 60, what: `has an inline CA that ${one.what}` })));
    return certificates;
  }
  if (!isAbsolute(item) && !win32.isAbsolute(item)) {
    add(error(60, "names a CA by a path that is not absolute", "write the whole path on the hosts"));
  }
  add(...missingOn(item, users, "a CA"));
  const name = item.split(/[/\\]/).at(-1)!;
  return users.find(({ folder }) => folder.files.has(name))?.certificates(name) ?? [];
}

/** A path that the output names has to lie on every host whose agent uses it; what a command names is told there. */
function missingOn(path: string, users: readonly Host[], what: string): Finding[] {
  const name = path.split(/[/\\]/).at(-1)!;
  const isNamed = ({ command }: Host): boolean =>
    command?.uses.some(({ value }) => value?.text.endsWith(name)) === true;
  const [missing, ...more] = users.filter((host) => !host.folder.files.has(name) && !isNamed(host));
  if (missing === undefined || more.length + 1 === users.length) {
    return [];
  }
  const others = more.length > 0 ? ` and ${more.length} more` : "";
  const fix = "put it there, or give those hosts an output of their own";
  return [warning(60, `names ${what}, ${name}, which ${missing.label}${others} lacks`, fix)];
}

function checkServed(
  output: Output,
  anchors: readonly Certificate[],
  hosts: readonly Host[],
  report: Report,
  at: Date,
) {
  const by = `${output.place}/${output.file}${output.name === undefined ? "" : `, output ${output.name}`}`;
  for (const node of hosts.filter(({ kind }) => kind === "elasticsearch")) {
    const chain = node.chain("esCert");
    if (chain.length > 0 && anchors.length > 0) {
      const where = { host: node.label, file: node.named("esCert")!.name, facts: [60], by };
      checkTrusted(report, where, chain, anchors, { at, usage: "serverAuth" });
    }
  }
}

/** Where Elasticsearch's own certificate is not here, the hosts' es-ca.pem says which CA it must be. */
function unknownToHosts(authorities: readonly Certificate[], users: readonly Host[]): Finding[] {
  const known = users.flatMap((host) => host.chain("esCa"));
  if (known.length === 0 || known.some((ca) => authorities.some((one) => isSameCertificate(one, ca)))) {
    return [];
  }
  const fix = "give the output the same CAs as the hosts' es-ca.pem";
  return [error(60, "has none of the Elasticsearch CAs that the hosts have", fix)];
}

function fingerprintFindings(fingerprint: string, hosts: readonly Host[], report: Report): Finding[] {
  if (!/^[0-9a-f]{64}$/.test(fingerprint)) {
    const fix = "take the colons out of openssl x509 -fingerprint -sha256";
    return [error(22, "has a trusted fingerprint that is not 64 hex digits", fix)];
  }
  const served = hosts.map((host) => host.chain("esCert")).filter((chain) => chain.length > 0);
  if (served.length === 0) {
    return [];
  }
  report.check(57);
  const isServed = served.every((chain) => chain.some((one) => one.isCa && one.fingerprintSha256 === fingerprint));
  const fix = "append the CA to es-cert.pem, and give the SHA-256 of that CA's DER";
  return isServed ? [] : [error(57, "trusts a fingerprint that is of no CA which Elasticsearch serves", fix)];
}

/** What agents present to Elasticsearch. */
function clientFindings(settings: Settings, prefix: string, users: readonly Host[]): Finding[] {
  const certificate = settings.text(`${prefix}.certificate`);
  const key = settings.text(`${prefix}.key`) ?? settings.text("secrets.ssl.key");
  const findings: Finding[] = [];
  if ((certificate === undefined) !== (key === undefined)) {
    findings.push(error(60, "has one of ssl.certificate and ssl.key without the other", "give both, or neither"));
  }
  for (const [path, what] of [
    [certificate, "a certificate"],
    [key, "a key"],
  ] as const) {
    if (path !== undefined && !path.trimStart().startsWith("-")) {
      findings.push(...missingOn(path, users, what));
    }
  }
  const name = key?.split(/[/\\]/).at(-1) ?? "";
  const encrypted = users.some((host) => host.blocks(name).some(isEncrypted));
  if (encrypted && !settings.has(`${prefix}.key_passphrase`)) {
    const fix = "add ssl.key_passphrase_path, or use plain keys";
    findings.push(error(40, "names an encrypted key, and no passphrase for it", fix));
  }
  return findings;
}

function isEncrypted({ label, headers }: { label: string; headers: Readonly<Record<string, string>> }): boolean {
  return label === "ENCRYPTED PRIVATE KEY" || headers["DEK-Info"] !== undefined;
}

/** Agents check Elasticsearch's name, unlike Fleet Server (reference, "Later runs"). */
function nameFindings(url: string, hosts: readonly Host[], report: Report): Finding[] {
  const dialled = urlHost(url);
  if (dialled === undefined || !url.startsWith("https:")) {
    return [error(48, "has a host that is no https URL", "write https://NAME:9200")];
  }
  const leaves = hosts.flatMap((host) => host.chain("esCert").slice(0, 1));
  if (leaves.length === 0) {
    return [];
  }
  report.check(48);
  if (leaves.some((leaf) => checkNames(leaf, [dialled], 48).length === 0)) {
    return [];
  }
  return [error(48, `has the host ${dialled}, which no Elasticsearch cert here has`, "add the name to its SANs")];
}

/** The URLs that Fleet gives agents for Fleet Server (fact 47). */
function checkFleetServerHosts(kibana: Host, hosts: readonly Host[], report: Report): void {
  const leaves = hosts.flatMap((host) => host.chain("fleetCert").slice(0, 1));
  const urls = kibana.settings!.maps("xpack.fleet.fleetServerHosts").flatMap((one) => one.texts("host_urls") ?? []);
  for (const url of leaves.length === 0 ? [] : urls) {
    const dialled = urlHost(url);
    report.check(47);
    if (dialled === undefined || !leaves.some((leaf) => checkNames(leaf, [dialled], 47).length === 0)) {
      const fix = "give agents a name of a fleet cert, or add the name to its SANs";
      const what = `gives agents ${dialled ?? "a Fleet Server URL without a host"}, which no fleet cert here has`;
      report.add(kibana.label, kibana.settingsFile, [error(47, what, fix)]);
    }
  }
}
