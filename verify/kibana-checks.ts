import type { StackVersion } from "../lib/command/stack-version";
import type { Certificate } from "../lib/private/x509/certificate";
import { checkNames, verifyChain } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import { isHttps, urlHost } from "./dialled-url";
import type { FleetObject } from "./fleet-objects";
import { adder, outputSsl } from "./fleet-objects";
import type { Host } from "./host";
import { authoritiesOf } from "./listed-authorities";
import { isLoopback } from "./output-checks";
import type { Report } from "./report";
import { plainSecrets } from "./settings";
import type { Trust } from "./trust-checks";

/** The context of the checks of Kibana's objects. */
export interface KibanaUse {
  readonly objects: readonly FleetObject[];
  readonly hosts: readonly Host[];
  readonly report: Report;
  readonly trust: Trust;
  readonly stackVersion?: StackVersion;
}

/** Checks settings that override the command's once an agent is enrolled (checks 47, 65, 66 and 73). */
export function checkKibana(use: KibanaUse): void {
  for (const object of use.objects) {
    checkSecrets(object, use.report);
    switch (object.kind) {
      case "fleet server host":
        use.report.check(65);
        checkUrls(object, use);
        checkHostSsl(object, use);
        checkProxy(object, use);
        break;
      case "output":
        use.report.check(65);
        checkCopied(object, use);
        checkProxy(object, use);
        break;
      case "agent policy":
        checkReferences(object, use);
        break;
      case "download source":
        checkDownloadSource(object, use);
        break;
      case "proxy":
        break;
    }
  }
}

/** Agents connect to these URLs from their first policy on, not to those of the command (check 47). */
function checkUrls(object: FleetObject, { hosts, report }: KibanaUse): void {
  const add = adder(object, report);
  const leaves = hosts.flatMap((host) => host.chain("fleetCert").slice(0, 1));
  const others = hosts.filter(({ kind }) => kind === "agent");
  for (const url of object.settings.texts("host_urls") ?? []) {
    report.check(47);
    const dialled = urlHost(url);
    if (dialled === undefined || !isHttps(url)) {
      add(error(47, "has a URL that is not https with a host", "write https://NAME:8220"));
    } else if (isLoopback(dialled)) {
      const what = `makes agents connect to ${dialled}, which on every other host is that host itself`;
      const finding = others.length > 0 ? error : warning;
      add(finding(47, what, "give the name by which agents reach Fleet Server"));
    } else if (leaves.length > 0 && !leaves.some((leaf) => checkNames(leaf, [dialled], 47).length === 0)) {
      const fix = "give agents a name of a fleet cert, or add the name to its SANs";
      add(error(47, `makes agents connect to ${dialled}, which no fleet cert here has`, fix));
    }
  }
}

/** What a Fleet Server host's `ssl` replaces: the CAs of agents, of Fleet Server, and of Fleet Server's clients. */
const HOST_AUTHORITIES = [
  { name: "agent_certificate_authorities", replaces: "the CA that agents enrolled with", server: "fleetCert" },
  { name: "es_certificate_authorities", replaces: "Fleet Server's Elasticsearch CA", server: "esCert" },
] as const;

function checkHostSsl(object: FleetObject, { hosts, report, trust }: KibanaUse): void {
  const add = adder(object, report);
  const users = hosts.filter(({ kind }) => kind === "agent" || kind === "fleet server");
  for (const { name, replaces, server } of HOST_AUTHORITIES) {
    const listed = object.settings.texts(`ssl.${name}`) ?? [];
    if (listed.length === 0) {
      continue;
    }
    const authorities = listed.flatMap((item) => authoritiesOf(item, users, add));
    const chains = hosts.map((host) => host.chain(server)).filter((chain) => chain.length > 0);
    const refused = chains.some((chain) => !accepts(chain, authorities, trust));
    if (refused && authorities.length > 0) {
      const cert = server === "fleetCert" ? "fleet cert" : "Elasticsearch cert";
      const what = `has ssl.${name}, which replaces ${replaces} and does not verify the ${cert} of this tree`;
      add(error(65, what, "remove it: the command names the right CA"));
    } else {
      const what = `has ssl.${name}, which replaces ${replaces}`;
      add(warning(65, what, "remove it, or change it together with the commands in every rotation"));
    }
  }
  for (const name of ["agent_certificate", "agent_key", "es_certificate", "es_key", "certificate", "key"]) {
    if (object.settings.text(`ssl.${name}`) !== undefined) {
      const what = `has ssl.${name}, which replaces the command's own setting on every host`;
      add(warning(65, what, "remove it: the commands name the files of each host"));
    }
  }
  if (object.settings.has("ssl.certificate_authorities")) {
    const what = "has ssl.certificate_authorities, which replaces Fleet Server's CAs for its clients";
    add(warning(65, what, "remove it: the command names the CAs"));
  }
}

function accepts(chain: readonly Certificate[], anchors: readonly Certificate[], { at }: Trust): boolean {
  return verifyChain(chain, anchors, { at, usages: ["serverAuth"] }).path !== undefined;
}

/** Kibana 9.1.0 to 9.1.4 makes an output's CAs the CAs for Fleet Server too. */
function checkCopied(object: FleetObject, { hosts, report, trust, stackVersion }: KibanaUse): void {
  const { prefix, isOwn } = outputSsl(object);
  // Releases that copy an output's `ssl` into the policy's `fleet.ssl` (kibana#233780).
  const isAffected =
    stackVersion === undefined || (stackVersion.isAtLeast("9.1.0") && !stackVersion.isAtLeast("9.1.5"));
  const listed = object.settings.texts(`${prefix}.certificate_authorities`) ?? [];
  if (!isOwn || !isAffected || listed.length === 0) {
    return;
  }
  const authorities = listed.flatMap((item) => authoritiesOf(item, hosts, () => undefined));
  const chains = hosts.map((host) => host.chain("fleetCert")).filter((chain) => chain.length > 0);
  if (chains.length > 0 && authorities.length > 0 && chains.every((chain) => accepts(chain, authorities, trust))) {
    return;
  }
  const what =
    "has ssl.certificate_authorities, which Kibana 9.1.0 to 9.1.4 also makes the agents' CAs for Fleet Server " +
    "(kibana#233780)";
  const fix = "write these settings under config (advanced YAML), or run 9.1.5 or newer";
  adder(object, report)((stackVersion === undefined ? warning : error)(65, what, fix));
}

/** A proxy's CA replaces the fleet CA, and becomes an output's only CA if it has no other (kibana full_agent_policy.ts). */
function checkProxy(object: FleetObject, { objects, hosts, report, trust, stackVersion }: KibanaUse): void {
  const id = object.settings.text("proxy_id");
  if (id === undefined) {
    return;
  }
  const add = adder(object, report);
  const proxies = objects.filter(({ kind }) => kind === "proxy");
  const proxy = proxies.find((one) => one.settings.text("id") === id || one.settings.text("name") === id);
  if (proxy === undefined) {
    const hasAll = proxies.length > 0 || !object.isShared;
    add(
      ...(hasAll ? [error(65, "has a proxy_id of no proxy", "name a proxy of xpack.fleet.proxies or of Kibana")] : []),
    );
    return;
  }
  if (stackVersion?.toString() === "9.1.0") {
    add(error(65, "has a proxy, which Kibana 9.1.0 does not write into policies", "run 9.1.1 or newer"));
  }
  const listed = proxy.settings.texts("certificate_authorities") ?? [];
  const authorities = listed.flatMap((item) => authoritiesOf(item, hosts, () => undefined));
  const isHost = object.kind === "fleet server host";
  const chains = hosts.map((host) => host.chain(isHost ? "fleetCert" : "esCert")).filter((one) => one.length > 0);
  const ownCas = object.settings.has(`${outputSsl(object).prefix}.certificate_authorities`);
  const replaces = isHost || !ownCas;
  if (replaces && authorities.length > 0 && chains.some((chain) => !accepts(chain, authorities, trust))) {
    const what = isHost
      ? `has proxy ${id}, whose CA replaces the fleet CA and does not verify the fleet cert of this tree`
      : `has proxy ${id}, whose CA becomes the only one and does not verify the Elasticsearch cert of this tree`;
    add(error(65, what, "add the CA of this tree to the proxy's certificate_authorities"));
  }
  if (proxy.settings.has("certificate") && object.settings.has(`${outputSsl(object).prefix}.certificate`) && !isHost) {
    const what = `has proxy ${id}, whose certificate replaces the output's own client certificate`;
    add(error(65, what, "use one certificate for both, or a proxy without a certificate"));
  }
}

/**
 * Agents verify the server that they download from by the source's list (check 73). Kibana replaces it with the CA of a
 * proxy, and removes it if the proxy has none.
 */
function checkDownloadSource(source: FleetObject, { objects, hosts, report }: KibanaUse): void {
  report.check(73);
  const add = adder(source, report);
  const { settings } = source;
  const users = hosts.filter(({ kind }) => kind === "agent" || kind === "fleet server");
  if (!isHttps(settings.text("host") ?? "")) {
    add(warning(73, "has a host that is not https, so anybody on the way can change or stop downloads", "use https"));
  }
  const listed = settings.texts("ssl.certificate_authorities") ?? [];
  listed.forEach((item) => authoritiesOf(item, users, add, 73));
  const id = settings.text("proxy_id");
  const proxy = objects.find((one) => one.kind === "proxy" && one.settings.text("id") === id);
  const ofProxy = proxy?.settings.texts("certificate_authorities") ?? [];
  ofProxy.forEach((item) => authoritiesOf(item, users, add, 73));
  if (proxy !== undefined && !includesAll(ofProxy, listed, users)) {
    const what = `has proxy ${id}, whose CA replaces the source's own ssl.certificate_authorities`;
    const fix =
      "put the CA of the source into the proxy's certificate_authorities too: a proxy without a CA removes it";
    add(error(73, what, fix));
  }
}

/** Whether one list has every certificate of another one. */
function includesAll(list: readonly string[], wanted: readonly string[], hosts: readonly Host[]): boolean {
  const ids = (items: readonly string[]): string[] =>
    items
      .flatMap((item) => authoritiesOf(item, hosts, () => undefined))
      .map(({ fingerprintSha256 }) => fingerprintSha256);
  const known = ids(list);
  return wanted.length === 0 || (list.length > 0 && ids(wanted).every((id) => known.includes(id)));
}

/** A policy whose Fleet Server host or output does not exist falls back on the default one. */
function checkReferences(policy: FleetObject, { objects, report }: KibanaUse): void {
  const add = adder(policy, report);
  const references = [
    { name: "fleet_server_host_id", kind: "fleet server host" },
    { name: "data_output_id", kind: "output" },
    { name: "monitoring_output_id", kind: "output" },
    { name: "download_source_id", kind: "download source" },
  ] as const;
  for (const { name, kind } of references) {
    const id = policy.settings.text(name);
    const known = objects.filter((one) => one.kind === kind);
    if (id !== undefined && known.length > 0) {
      report.check(65);
      if (!known.some((one) => one.settings.text("id") === id)) {
        add(error(65, `has a ${name} of no ${kind} here`, `name an existing ${kind}`));
      }
    }
  }
}

/** A secret among an object's settings is readable for everybody who reads the object (check 66). */
function checkSecrets(object: FleetObject, report: Report): void {
  report.check(66);
  for (const name of plainSecrets(object.settings).filter((one) => !one.startsWith("secrets."))) {
    const shown = name.replace(/[^\w.]/g, "?");
    const readers = object.isShared ? "everybody who may read Fleet's settings" : "everybody who may read the file";
    const what = `has ${shown} in plain text, for ${readers}`;
    const fix = `replace the secret, and write it as secrets.${shown.replace(/^config\./, "")} or as a file on the hosts`;
    adder(object, report)((object.isShared ? error : warning)(66, what, fix));
  }
}
