import type { Certificate } from "../lib/private/x509/certificate";
import { isSameCertificate } from "../lib/private/x509/certificate";
import type { LeafUsage } from "../lib/private/x509/checks";
import { checkLeaf, verifyChain } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import type { FleetObject } from "./fleet-objects";
import { adder, outputSsl } from "./fleet-objects";
import type { Host } from "./host";
import type { NamedFile, Role } from "./roles";
import type { Report } from "./report";
import type { Trust } from "./trust-checks";
import { isPrivate } from "./trust-checks";

/** A leaf of the tree, with its place. */
interface Leaf {
  readonly place: string;
  readonly chain: readonly Certificate[];
}

/**
 * Checks that a list of CAs admits no other clients: Elasticsearch and Fleet Server admit every client of their client CAs,
 * and Fleet Server takes every server of its Elasticsearch CA for Elasticsearch, as it does not check the name
 * (fleet-server internal/pkg/config/output.go; check 70).
 */
export function checkDoors(
  hosts: readonly Host[],
  objects: readonly FleetObject[],
  report: Report,
  trust: Trust,
): void {
  const leaves = (...roles: Role[]): Leaf[] => hosts.flatMap((host) => leavesOf(host, roles));
  const clients = leaves("fleetEsCert", "agentCert", "kibanaCert");
  const nodes = leaves("esCert");
  const fleetServers = leaves("fleetCert");
  const servers = without([...fleetServers, ...nodes], clients);
  for (const host of hosts) {
    // Settings without a mode mean none; without settings, the list itself says that there are clients.
    const mode = host.clientAuthentication ?? (host.settings === undefined ? "unknown" : "none");
    if (host.kind === "elasticsearch" && mode !== "none") {
      checkList(host, host.allNamed("esClientCa"), "clientAuth", { others: servers }, report, trust);
    }
    if (host.kind === "fleet server") {
      const { command } = host;
      const posers = { others: without(clients, nodes), unless: { fleetServers, nodes } };
      checkList(host, host.allNamed("esCa"), "serverAuth", posers, report, trust);
      if ((command?.clientAuthentication ?? "none") !== "none") {
        checkPublic(host, host.authorityFiles ?? [], "clientAuth", report, trust);
      }
      const trusts = ["fleet-server-es-ca", "fleet-server-es-ca-trusted-fingerprint", "fleet-server-es-insecure"];
      const isPrivateServer = hosts.some((node) => isPrivate(node.chain("esCert"), "serverAuth", trust));
      const isNamed = isPrivateServer || host.chain("esCa").length > 0 || trusts.some((flag) => command?.has(flag));
      if (command?.has("fleet-server-es-cert") === true && !isNamed) {
        report.check(70);
        const what =
          `has ${host.spelled("fleet-server-es-cert")} and no ${host.spelled("fleet-server-es-ca")}: Fleet Server then ` +
          "does not check Elasticsearch's name, and every server with a certificate of a public CA can pose as it";
        const fix = `leave it out, or add ${host.spelled("fleet-server-es-ca")}`;
        report.add(host.label, undefined, [error(70, what, fix)]);
      }
    }
  }
  checkEmptySsl(hosts, objects, report, trust);
}

/** Hosts that a list must not admit. */
interface Others {
  readonly others: readonly Leaf[];
  /**
   * Fleet Servers know the token that they would collect, so that one CA for them and for Elasticsearch admits no other client;
   * a CA that issued certificates of theirs and none of Elasticsearch's does not belong into the list.
   */
  readonly unless?: { readonly fleetServers: readonly Leaf[]; readonly nodes: readonly Leaf[] };
}

function checkList(
  host: Host,
  files: readonly NamedFile[],
  usage: LeafUsage,
  { others, unless }: Others,
  report: Report,
  trust: Trust,
): void {
  checkPublic(host, files, usage, report, trust);
  const { at } = trust;
  for (const { name } of files) {
    for (const ca of host.certificates(name)) {
      const isAdmitted = ({ chain }: Leaf): boolean =>
        checkLeaf(chain[0]!, { at, usages: [usage] }).every(({ severity }) => severity === "warning") &&
        verifyChain(chain, [ca], { at, usages: [usage] }).path !== undefined;
      const isForBoth = unless?.nodes.some(isAdmitted) === true;
      const other = [...others, ...(isForBoth ? [] : (unless?.fleetServers ?? []))].find(isAdmitted);
      if (other !== undefined) {
        const [who, as] =
          usage === "clientAuth" ? ["client", "is admitted to Elasticsearch"] : ["server", "can pose as Elasticsearch"];
        const what =
          `has the CA ${ca.subject.text}, which also issued ${other.place}: ` +
          `every ${who} with a certificate of that CA ${as}`;
        const fix = `use a CA that issues ${usage === "clientAuth" ? "these clients'" : "Elasticsearch's"} certificates only`;
        report.add(host.label, name, [warning(70, what, fix)]);
      }
    }
  }
}

/** A public CA issues certificates to everybody. */
function checkPublic(host: Host, files: readonly NamedFile[], usage: LeafUsage, report: Report, trust: Trust): void {
  for (const { name, file } of files) {
    if (file === undefined) {
      continue;
    }
    report.check(70);
    const isPublic = host
      .certificates(name)
      .some((ca) => trust.publicRoots.some((root) => root.spkiPinSha256 === ca.spkiPinSha256));
    if (isPublic) {
      const what =
        usage === "clientAuth"
          ? "has a public CA, so everybody with a certificate of that CA is admitted"
          : "has a public CA, and Fleet Server does not check Elasticsearch's name, so every server of that CA can pose as it";
      const fix = usage === "clientAuth" ? "use a CA of your own for clients" : "name no CA for a public certificate";
      report.add(host.label, name, [error(70, what, fix)]);
    }
  }
}

/** Any `ssl` setting of its output makes Fleet Server skip the check of the name; towards a public CA nothing is left. */
function checkEmptySsl(hosts: readonly Host[], objects: readonly FleetObject[], report: Report, trust: Trust): void {
  const chains = hosts.map((host) => host.chain("esCert")).filter((chain) => chain.length > 0);
  const servers = hosts.filter(({ command }) => command?.isFleetServer === true);
  const namesCa = servers.some(
    ({ command }) => command!.has("fleet-server-es-ca") || command!.has("fleet-server-es-ca-trusted-fingerprint"),
  );
  const isPrivateServer = namesCa || chains.some((chain) => isPrivate(chain, "serverAuth", trust));
  for (const output of objects.filter(({ kind }) => kind === "output")) {
    const { settings } = output;
    const { prefix } = outputSsl(output);
    const hasSsl = settings.has(`${prefix}.`) || settings.isEmptyMap(prefix);
    const isElasticsearch = (settings.text("type") ?? "elasticsearch") === "elasticsearch";
    const mode = settings.text(`${prefix}.verification_mode`);
    if (!isElasticsearch || !hasSsl || isPrivateServer || servers.length + chains.length === 0 || mode === "strict") {
      continue;
    }
    report.check(70);
    const hasCa =
      settings.texts(`${prefix}.certificate_authorities`) ?? settings.text(`${prefix}.ca_trusted_fingerprint`);
    if (hasCa === undefined && settings.text("ca_trusted_fingerprint") === undefined) {
      const what =
        "has ssl settings and names no CA: Fleet Server then does not check Elasticsearch's name, and every server " +
        "with a certificate of a public CA can pose as it";
      adder(output, report)(error(70, what, "remove ssl, or set ssl.verification_mode: strict"));
    }
  }
}

function without(leaves: readonly Leaf[], excluded: readonly Leaf[]): Leaf[] {
  return leaves.filter(({ chain }) => !excluded.some((one) => isSameCertificate(one.chain[0]!, chain[0]!)));
}

/** The certificates of a host in these roles. */
function leavesOf(host: Host, roles: readonly Role[]): Leaf[] {
  return roles.flatMap((role) => {
    const chain = host.chain(role);
    return chain[0] === undefined || chain[0].isCa ? [] : [{ place: `${host.label}/${host.named(role)!.name}`, chain }];
  });
}
