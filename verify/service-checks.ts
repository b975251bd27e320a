import type { Certificate } from "../lib/private/x509/certificate";
import type { LeafUsage } from "../lib/private/x509/checks";
import { checkChainOrder, checkLeaf, matchHostName } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import { addressHost, addressPort, urlHost } from "./dialled-url";
import type { FleetObject } from "./fleet-objects";
import { outputSsl } from "./fleet-objects";
import type { Host } from "./host";
import { fileName } from "./host-folder";
import { isPkcs8Reader, keyFindings, receiverKeyFindings } from "./key-reading";
import type { Report } from "./report";
import type { Listener } from "./service";
import { isReceiver } from "./service";
import type { Trust } from "./trust-checks";
import { checkTrusted } from "./trust-checks";
import { certificatesOf, checkUpstream } from "./upstream-checks";

/** Checks proxies and receivers by themselves, and with those that connect to them and that they connect to. */
export function checkServices(
  hosts: readonly Host[],
  objects: readonly FleetObject[],
  report: Report,
  trust: Trust,
): void {
  const services = hosts.filter(({ service }) => service !== undefined);
  for (const host of services) {
    const { listener, upstreams } = host.service!;
    if (listener !== undefined) {
      checkPair(host, listener, "serverAuth", report, trust);
      checkClients(host, listener, clientsOf(host, hosts, objects), report, trust);
    }
    for (const upstream of upstreams) {
      checkPair(host, upstream, "clientAuth", report, trust);
      checkUpstream(host, upstream, hosts, report, trust);
    }
  }
  for (const output of objects.filter(({ kind }) => kind === "output")) {
    checkOutput(output, services, hosts, report, trust);
  }
}

/** The certificates that a proxy or a receiver presents to its clients. */
function servedBy(host: Host): readonly Certificate[] {
  const path = host.service?.listener?.certificate;
  return path === undefined ? [] : host.certificates(host.at(path, "settings").name);
}

function checkPair(
  host: Host,
  { certificate, key }: Pick<Listener, "certificate" | "key">,
  usage: LeafUsage,
  report: Report,
  { at }: Trust,
): void {
  if (certificate === undefined) {
    return;
  }
  const named = host.at(certificate, "settings");
  report.check(64);
  if (named.file === undefined) {
    const what = `is named by ${host.service!.file} and is not in the folder`;
    report.add(host.label, named.name, [warning(64, what, "add it to the folder, or make sure that the host has it")]);
    return;
  }
  const chain = host.certificates(named.name);
  const [leaf] = chain;
  if (leaf === undefined) {
    return;
  }
  report.check(38, usage === "serverAuth" ? 49 : 50);
  const order = checkChainOrder(chain);
  report.add(host.label, named.name, order);
  if (order.every(({ severity }) => severity === "warning")) {
    report.add(host.label, named.name, checkLeaf(leaf, { at, usages: [usage] }));
  }
  // HAProxy reads the key of a pair from either file.
  const own = host.at(key ?? certificate, "settings");
  const keyFile = own.file ?? (host.service!.program === "HAProxy" ? named.file : undefined);
  if (keyFile?.bytes !== undefined && host.hasKey(keyFile.name)) {
    const { program } = host.service!;
    report.check(39, ...(isPkcs8Reader(program) ? [44] : []));
    const file = `${host.label}/${keyFile.name}`;
    const use = { certificate: leaf, encrypted: "allowed", file } as const;
    report.add(host.label, keyFile.name, [
      ...keyFindings(keyFile.bytes, use),
      ...receiverKeyFindings(keyFile.bytes, program),
    ]);
  }
}

/**
 * The agents that connect to a proxy or a receiver. An output says who receives, and an agent's URL says which proxy is
 * in front of Fleet Server; all agents where neither names one of the services here.
 */
function clientsOf(host: Host, hosts: readonly Host[], objects: readonly FleetObject[]): readonly Host[] {
  const agents = hosts.filter(({ kind }) => kind === "agent");
  const { program } = host.service!;
  const isSent = isReceiver(host.service!);
  const outputs = objects
    .filter(({ kind, settings }) => kind === "output" && (!isSent || settings.text("type") === program.toLowerCase()))
    .flatMap(({ settings }) => settings.texts("hosts") ?? []);
  const others = hosts.filter(({ service }) => service !== undefined && isReceiver(service) === isSent);
  return agents.filter((agent) => {
    const url = isSent ? undefined : agent.command?.known("url");
    const dialled = url === undefined ? outputs : [url, ...outputs];
    const reached = others.filter((other) => dialled.some((address) => isReachedBy(other, address)));
    return reached.length === 0 || reached.includes(host);
  });
}

/** Whether the certificate that a service presents has the name of an address, and its listener the port. */
function isReachedBy(host: Host, address: string): boolean {
  const port = addressPort(address);
  const [leaf] = servedBy(host);
  const own = host.service!.listener?.port;
  const isPort = port === undefined || own === undefined || port === own;
  return isPort && leaf !== undefined && matchHostName(leaf, addressHost(address)) !== "none";
}

/** Agents present their certificates to proxies and receivers that ask for them. */
function checkClients(
  host: Host,
  { clients, clientCas }: Listener,
  agents: readonly Host[],
  report: Report,
  { at }: Trust,
): void {
  if (clients === "none") {
    return;
  }
  report.check(72);
  const { file } = host.service!;
  if (clientCas.length === 0) {
    const fix = "name the agent CA for clients, or ask for no certificates";
    report.add(host.label, file, [error(72, "asks for client certificates and names no CA for them", fix)]);
    return;
  }
  const anchors = certificatesOf(host, clientCas);
  for (const agent of agents) {
    const chain = agent.chain("agentCert");
    if (chain.length > 0 && anchors.length > 0) {
      const by = `${host.label}'s ${fileName(clientCas[0]!)}`;
      const certificate = agent.named("agentCert")!.name;
      const presented = { host: agent.label, file: certificate, chain, usage: "clientAuth", by, checks: [72] } as const;
      checkTrusted(report, presented, anchors, at);
    } else if (clients === "required" && agent.command !== undefined && agent.named("agentCert") === undefined) {
      const dialled = urlHost(agent.command.known("url") ?? "");
      const [served] = servedBy(host);
      if (dialled !== undefined && served !== undefined && matchHostName(served, dialled) !== "none") {
        const what = `names no client certificate, which ${host.label} requires`;
        const fix = `add ${agent.spelled("elastic-agent-cert")} and ${agent.spelled("elastic-agent-cert-key")}`;
        report.add(agent.label, undefined, [error(72, what, fix)]);
      }
    }
  }
}

/** An output of Logstash or Kafka names receivers by their addresses, and the CA of their certificates. */
function checkOutput(
  output: FleetObject,
  services: readonly Host[],
  hosts: readonly Host[],
  report: Report,
  { at }: Trust,
): void {
  const { settings } = output;
  const type = settings.text("type");
  const receivers = services.filter(
    ({ service, kind }) => kind === "receiver" && service!.program.toLowerCase() === type,
  );
  if (receivers.length === 0) {
    return;
  }
  const { prefix } = outputSsl(output);
  const items = settings.texts(`${prefix}.certificate_authorities`) ?? [];
  const anchors = items.flatMap((item) => {
    const holder = hosts.find(({ folder, kind }) => kind === "agent" && folder.files.has(fileName(item)));
    return item.trimStart().startsWith("-") || holder === undefined ? [] : holder.certificates(fileName(item));
  });
  for (const address of settings.texts("hosts") ?? []) {
    const dialled = addressHost(address);
    const named = receivers.filter((host) => {
      const [leaf] = servedBy(host);
      return leaf !== undefined && matchHostName(leaf, dialled) !== "none";
    });
    report.check(48);
    if (named.length === 0 && receivers.some((host) => servedBy(host).length > 0)) {
      const what = `output ${output.id ?? ""} connects to ${dialled}, which no certificate of ${type} here has`;
      const fix = "use a name of the certificate, or add the name to its SANs";
      report.add(output.host, output.file, [error(48, what, fix)]);
    }
    for (const host of named.filter(() => anchors.length > 0)) {
      const by = `output ${output.id ?? ""}`;
      const file = host.at(host.service!.listener!.certificate!, "settings").name;
      const presented = {
        host: host.label,
        file,
        chain: servedBy(host),
        usage: "serverAuth",
        by,
        checks: [60],
      } as const;
      checkTrusted(report, presented, anchors, at);
    }
  }
}
