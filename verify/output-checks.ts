import type { Certificate } from "../lib/private/x509/certificate";
import { isSameCertificate } from "../lib/private/x509/certificate";
import { checkNames } from "../lib/private/x509/checks";
import type { Finding } from "../lib/private/x509/finding";
import { error, warning } from "../lib/private/x509/finding";
import { isHttps, urlHost } from "./dialled-url";
import { servingElasticsearch } from "./elasticsearch-checks";
import type { FleetObject } from "./fleet-objects";
import { adder, outputSsl } from "./fleet-objects";
import type { Host } from "./host";
import { fileName } from "./host-folder";
import { authoritiesOf, missingOn, otherLists } from "./listed-authorities";
import type { Report } from "./report";
import type { Trust } from "./trust-checks";
import { checkTrusted, isPrivate } from "./trust-checks";

/** Checks outputs to Elasticsearch against the hosts of a topology (checks 22, 40, 48, 57, 60 and 67). */
export function checkOutputs(
  objects: readonly FleetObject[],
  hosts: readonly Host[],
  report: Report,
  trust: Trust,
): void {
  for (const output of objects.filter(({ kind }) => kind === "output")) {
    // A remote_elasticsearch output is of another cluster, with its own CA.
    if ((output.settings.text("type") ?? "elasticsearch") === "elasticsearch") {
      checkOutput(output, hosts, report, trust);
    }
  }
}

function checkOutput(output: FleetObject, hosts: readonly Host[], report: Report, trust: Trust): void {
  const { settings } = output;
  const { prefix } = outputSsl(output);
  const add = adder(output, report);
  const urls = settings.texts("hosts") ?? [];
  const users = hosts.filter(({ kind }) => kind === "agent" || kind === "fleet server");
  const nodes = nodesOf(urls, hosts);
  const verifies = settings.text(`${prefix}.verification_mode`) !== "none";
  report.check(60);
  if (!verifies) {
    const what = "has ssl.verification_mode: none, so anybody can pose as Elasticsearch";
    add(warning(60, what, "remove it, and name the Elasticsearch CA in ssl.certificate_authorities"));
  }
  const listed = settings.texts(`${prefix}.certificate_authorities`) ?? [];
  const fingerprint = settings.text(`${prefix}.ca_trusted_fingerprint`) ?? settings.text("ca_trusted_fingerprint");
  const authorities = listed.flatMap((item) => authoritiesOf(item, users, add));
  const isOther = isOtherCluster(output, urls, authorities, fingerprint, hosts);
  if (listed.length === 0 && fingerprint === undefined && verifies) {
    const needsCa =
      nodes.some((node) => isPrivate(node.chain("esCert"), "serverAuth", trust)) ||
      (nodes.length === 0 && !isOther && hosts.some((host) => host.chain("esCa").length > 0));
    if (needsCa) {
      const fix = "add ssl.certificate_authorities: the Elasticsearch CA, inline or by its path on every host";
      add(error(60, "names no Elasticsearch CA, so enrolled agents trust the system's CAs only", fix));
    }
  }
  const by = `${output.host}/${output.file}${output.id === undefined ? "" : `, output ${output.id}`}`;
  for (const node of nodes) {
    const chain = node.chain("esCert");
    if (chain.length > 0 && authorities.length > 0 && verifies) {
      const file = node.named("esCert")!.name;
      const presented = { host: node.label, file, chain, usage: "serverAuth", by, checks: [60] } as const;
      checkTrusted(report, presented, authorities, trust.at);
      for (const [user, anchors] of otherLists(listed, authorities, users)) {
        checkTrusted(report, { ...presented, by: `${by} on ${user.label}` }, anchors, trust.at);
      }
    }
  }
  if (authorities.length > 0 && nodes.length === 0 && !isOther) {
    add(...unknownToHosts(authorities, users, servingElasticsearch(hosts)));
  }
  if (fingerprint !== undefined) {
    add(...fingerprintFindings(fingerprint, nodes, report));
  }
  add(...clientFindings(settings, prefix, users));
  urls.forEach((url) => add(...urlFindings(url, isOther, hosts, report)));
}

/** The nodes that an output is for: those with a name of its URLs, or all if it has no URL. */
function nodesOf(urls: readonly string[], hosts: readonly Host[]): readonly Host[] {
  const names = urls.flatMap((url) => urlHost(url) ?? []);
  const nodes = servingElasticsearch(hosts);
  return names.length === 0
    ? nodes
    : nodes.filter((node) => names.some((name) => checkNames(node.chain("esCert")[0]!, [name], 48).length === 0));
}

/**
 * Whether an output is for a cluster that this tree knows nothing of: it is not the default, no host here uses its
 * names, and none of its CAs is one of this tree's.
 */
function isOtherCluster(
  { settings }: FleetObject,
  urls: readonly string[],
  authorities: readonly Certificate[],
  fingerprint: string | undefined,
  hosts: readonly Host[],
): boolean {
  const names = urls.flatMap((url) => urlHost(url) ?? []);
  if (names.length === 0 || names.some(isLoopback) || settings.text("is_default") === "true") {
    return false;
  }
  const used = new Set(
    hosts.flatMap(({ command, kind, settings: own }) => [
      urlHost(command?.known("fleet-server-es") ?? ""),
      ...(kind === "kibana" ? (own?.texts("elasticsearch.hosts") ?? []).map(urlHost) : []),
    ]),
  );
  const ours = hosts.flatMap((host) => [...host.chain("esCa"), ...host.chain("esCert")]);
  const isOurs = ({ fingerprintSha256 }: Certificate): boolean =>
    fingerprintSha256 === fingerprint?.toLowerCase() ||
    authorities.some((one) => one.fingerprintSha256 === fingerprintSha256);
  return !names.some((name) => used.has(name)) && !ours.some(isOurs);
}

/** Whether a name is always the very machine that resolves it. */
export function isLoopback(name: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|0\.0\.0\.0)$/i.test(name);
}

/** Without Elasticsearch's own certificate, es-ca.pem of the hosts is the CA to expect. */
function unknownToHosts(
  authorities: readonly Certificate[],
  users: readonly Host[],
  nodes: readonly Host[],
): Finding[] {
  const known = [...users.flatMap((host) => host.chain("esCa")), ...nodes.flatMap((node) => node.chain("esCa"))];
  if (known.length === 0 || known.some((ca) => authorities.some((one) => isSameCertificate(one, ca)))) {
    return [];
  }
  const fix = "give the output the same CAs as the hosts' es-ca.pem";
  return [error(60, "has none of the Elasticsearch CAs that the hosts have", fix)];
}

function fingerprintFindings(fingerprint: string, nodes: readonly Host[], report: Report): Finding[] {
  if (!/^[0-9a-fA-F]{64}$/.test(fingerprint)) {
    const fix = "remove the colons of openssl x509 -fingerprint -sha256";
    return [error(22, "has a trusted fingerprint that is not 64 hex digits", fix)];
  }
  if (nodes.length === 0) {
    return [];
  }
  report.check(57);
  const wanted = fingerprint.toLowerCase();
  const isServed = nodes.every((node) =>
    node.chain("esCert").some((one) => one.isCa && one.fingerprintSha256 === wanted),
  );
  const fix = "append the CA to es-cert.pem, and give the SHA-256 of that CA's DER";
  return isServed ? [] : [error(57, "trusts a fingerprint of no CA that Elasticsearch serves", fix)];
}

/** The certificate that agents present to Elasticsearch. */
function clientFindings(settings: FleetObject["settings"], prefix: string, users: readonly Host[]): Finding[] {
  const certificate = settings.text(`${prefix}.certificate`);
  const hasSecretKey = settings.has("secrets.ssl.key");
  const key = settings.text(`${prefix}.key`) ?? settings.text("secrets.ssl.key");
  const findings: Finding[] = [];
  if ((certificate === undefined) !== (key === undefined && !hasSecretKey)) {
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
  const name = fileName(key ?? "");
  const encrypted = users.some((host) => host.blocks(name).some(isEncryptedKey));
  if (encrypted && !settings.has(`${prefix}.key_passphrase`)) {
    const fix = "add ssl.key_passphrase_path, or use plain keys";
    findings.push(error(40, "names an encrypted key, and no passphrase for it", fix));
  }
  return findings;
}

/** Whether a block is an encrypted private key. */
export function isEncryptedKey({
  label,
  headers,
}: {
  label: string;
  headers: Readonly<Record<string, string>>;
}): boolean {
  return label === "ENCRYPTED PRIVATE KEY" || headers["DEK-Info"] !== undefined;
}

/** Agents check Elasticsearch's name, unlike Fleet Server. */
function urlFindings(url: string, isOther: boolean, hosts: readonly Host[], report: Report): Finding[] {
  const dialled = urlHost(url);
  if (dialled === undefined || !isHttps(url)) {
    return [error(48, "has a host that is not an https URL", "write https://NAME:9200")];
  }
  const nodes = servingElasticsearch(hosts);
  if (nodes.length === 0 || isOther) {
    return [];
  }
  report.check(48);
  if (nodes.some((node) => checkNames(node.chain("esCert")[0]!, [dialled], 48).length === 0)) {
    return [];
  }
  return [error(48, `has the host ${dialled}, which no Elasticsearch cert here has`, "add the name to its SANs")];
}
