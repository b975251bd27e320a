import type { Certificate } from "../lib/private/x509/certificate";
import { isSameCertificate } from "../lib/private/x509/certificate";
import type { LeafUsage } from "../lib/private/x509/checks";
import {
  checkAuthority,
  checkChainOrder,
  checkDistinctNames,
  checkLeaf,
  checkNames,
  verifyChain,
} from "../lib/private/x509/checks";
import type { Finding } from "../lib/private/x509/finding";
import { error, warning } from "../lib/private/x509/finding";
import { hasFeature, LOCAL_ENROLLMENT } from "../lib/command/data/stack-features";
import type { StackVersion } from "../lib/command/stack-version";
import { readPem } from "../lib/private/x509/pem";
import { urlHost } from "./dialled-url";
import { isUnusableSecret } from "./file-checks";
import type { Host } from "./host";
import type { Role } from "./roles";
import { javaKeyFindings, keyFindings } from "./key-reading";
import type { Report } from "./report";
import type { Trust } from "./trust-checks";
import { checkTrust, namesOtherCa } from "./trust-checks";

/** A certificate, its key and the key's passphrase. */
interface Pair {
  readonly cert: Role;
  readonly key: Role;
  readonly passphrase?: "fleetPassphrase" | "agentPassphrase";
  readonly usage: LeafUsage;
  readonly encrypted: "allowed" | "refused";
}

const PAIRS: readonly Pair[] = [
  { cert: "fleetCert", key: "fleetKey", passphrase: "fleetPassphrase", usage: "serverAuth", encrypted: "allowed" },
  { cert: "agentCert", key: "agentKey", passphrase: "agentPassphrase", usage: "clientAuth", encrypted: "allowed" },
  { cert: "fleetEsCert", key: "fleetEsKey", usage: "clientAuth", encrypted: "refused" },
  { cert: "esCert", key: "esKey", usage: "serverAuth", encrypted: "allowed" },
  { cert: "kibanaCert", key: "kibanaKey", usage: "clientAuth", encrypted: "allowed" },
  { cert: "kibanaServerCert", key: "kibanaServerKey", usage: "serverAuth", encrypted: "allowed" },
];

/** Checks the files of one host against each other and against its command (checks 16 to 20, 30, 38 to 40, 45 to 58). */
export function checkHost(host: Host, report: Report, trust: Trust, stackVersion?: StackVersion): void {
  const { at } = trust;
  PAIRS.forEach((pair) => checkPair(host, pair, report, at));
  checkFleetNames(host, report, stackVersion);
  checkAuthorities(host, report, at);
  checkTrust(host, report, trust);
  checkPins(host, report, at);
}

function checkPair(host: Host, pair: Pair, report: Report, at: Date): void {
  const cert = host.named(pair.cert);
  const chain = host.chain(pair.cert);
  const [leaf] = chain;
  const isSelfSigned = leaf !== undefined && host.selfSigned.some((one) => isSameCertificate(one, leaf));
  if (cert !== undefined && leaf !== undefined) {
    const usages = usagesOf(host, pair, leaf);
    report.check(38, pair.usage === "serverAuth" ? 49 : 50, 54, ...(usages.length > 1 ? [51] : []));
    const findings = checkChainOrder(chain);
    report.add(host.label, cert.name, findings);
    if (findings.every(({ severity }) => severity === "warning") && !isOfEarlierPair(host, pair, leaf)) {
      const found = checkLeaf(leaf, { at, usages });
      report.add(host.label, cert.name, isSelfSigned ? found.map(selfSigned) : found);
    }
  }
  const key = host.named(pair.key);
  // Errors of the file itself, of its passphrase or of the order of certificates say why the key fails.
  const isDamaged =
    key?.file?.bytes !== undefined && host.contentOf(key.name) === "key" && readPem(key.file.bytes).problems.length > 0;
  const isCa = leaf?.isCa === true && !isSelfSigned;
  if (key?.file?.bytes === undefined || isDamaged || isCa || hasUnusableSecret(host, pair.passphrase)) {
    return;
  }
  report.check(39, 40, ...(pair.encrypted === "refused" ? [20] : []));
  const passphrase = pair.passphrase === undefined ? undefined : host.passphrase(pair.passphrase);
  const refused = host.kind === "elasticsearch" ? javaKeyFindings(key.file.bytes) : [];
  const findings =
    refused.length > 0
      ? refused
      : keyFindings(key.file.bytes, {
          certificate: leaf,
          passphrase,
          encrypted: pair.encrypted,
          file: `${host.label}/${key.name}`,
        });
  const named = pair.passphrase === undefined ? undefined : host.named(pair.passphrase);
  const isUnknown = ({ severity }: Finding): boolean => severity === "warning" && passphrase === undefined;
  // Without a passphrase the agent ignores an encrypted block: "no PEM blocks" (elastic-agent-libs, tls.go).
  const fix = "name its passphrase file, or use a plain key";
  const without = error(40, "is encrypted, and the command names no passphrase for it", fix);
  // A passphrase file that is missing here is reported itself.
  const add = named === undefined ? findings : findings.filter((one) => !isUnknown(one));
  const isPlain = host.command === undefined || named !== undefined;
  report.add(
    host.label,
    key.name,
    add.map((one) => (isUnknown(one) && !isPlain ? without : one)),
  );
}

/** Go accepts a CA's own certificate from a server if that very certificate is trusted. */
function selfSigned(finding: Finding): Finding {
  const what = "is a CA itself, so anyone with its key can issue certificates that are trusted like this one";
  const fix = "issue a certificate for this host under a CA whose key is not on it";
  return finding.fact === 38 ? warning(38, what, fix) : finding;
}

/** One certificate in two roles is reported in the first one. */
function isOfEarlierPair(host: Host, pair: Pair, leaf: Certificate): boolean {
  return PAIRS.slice(0, PAIRS.indexOf(pair)).some(({ cert }) => {
    const [other] = host.chain(cert);
    return other !== undefined && isSameCertificate(other, leaf);
  });
}

function hasUnusableSecret(host: Host, role: Pair["passphrase"]): boolean {
  const file = role === undefined ? undefined : host.named(role)?.file;
  return file?.bytes !== undefined && isUnusableSecret(file.bytes);
}

/** One leaf in two roles needs both usages (check 51). */
function usagesOf(host: Host, pair: Pair, leaf: Certificate): LeafUsage[] {
  const roles = PAIRS.filter(
    ({ cert }) => host.chain(cert)[0] !== undefined && isSameCertificate(host.chain(cert)[0]!, leaf),
  );
  return [...new Set([pair.usage, ...roles.map(({ usage }) => usage)])];
}

function checkFleetNames(host: Host, report: Report, stackVersion: StackVersion | undefined): void {
  const cert = host.named("fleetCert");
  const [leaf] = host.chain("fleetCert");
  if (cert === undefined || leaf === undefined || (leaf.isCa && host.selfSigned.length === 0)) {
    return;
  }
  const dialled = urlHost(host.command?.known("url") ?? "");
  if (dialled !== undefined) {
    report.check(45);
    report.add(host.label, cert.name, checkNames(leaf, [dialled], 45));
  }
  if (stackVersion !== undefined && hasFeature(stackVersion, LOCAL_ENROLLMENT)) {
    return;
  }
  report.check(46);
  const local = checkNames(leaf, ["localhost", "127.0.0.1"], 46);
  report.add(
    host.label,
    cert.name,
    local.slice(0, 1).map((finding) => ({
      ...finding,
      severity: "warning" as const,
      what:
        local.length === 1
          ? finding.what
          : finding.what.replace("the name localhost", "the names localhost and 127.0.0.1"),
    })),
  );
}

function checkAuthorities(host: Host, report: Report, at: Date): void {
  const files = [...(host.authorityFiles ?? []), ...host.allNamed("esCa"), ...host.allNamed("esClientCa")];
  const lists = files
    .filter(({ file }) => file !== undefined)
    .map(({ name }) => ({ name, certificates: host.certificates(name) }));
  for (const { name, certificates } of lists) {
    report.check(52, 53, 54);
    certificates.forEach((ca) => report.add(host.label, name, checkAuthority(ca, { at })));
  }
  if (lists.length > 0) {
    report.check(56);
    report.add(host.label, undefined, checkDistinctNames(lists));
  }
  const es = host.chain("esCa");
  // An agent that trusts the Elasticsearch CA alone does not trust the fleet CA, which is the worse finding.
  if (host.kind === "agent" && host.command !== undefined && es.length > 0 && !namesOtherCa(host)) {
    report.check(30);
    const alsoFleets = host.certificates("fleet-ca.pem");
    const stray = host.authorities.find(
      (ca) => es.some((one) => isSameCertificate(one, ca)) && !alsoFleets.some((one) => isSameCertificate(one, ca)),
    );
    const what = "trusts the Elasticsearch CA for Fleet Server";
    const fix = `leave it out of ${host.spelled("certificate-authorities")}: the policy's output names it`;
    report.add(host.label, undefined, stray === undefined ? [] : [warning(30, what, fix)]);
  }
}

/** A pin must be of some certificate of the verified chain (elastic-agent-libs, ca_pinning.go; check 58). */
function checkPins(host: Host, report: Report, at: Date): void {
  const pins = host.command?.list("ca-sha256");
  const chain = host.chain("fleetCert");
  if (pins === undefined || chain.length === 0) {
    return;
  }
  const { path } = verifyChain(chain, host.authorities, { at, usages: ["serverAuth"] });
  report.check(58);
  if (path?.some(({ spkiPinSha256 }) => pins.includes(spkiPinSha256)) === false) {
    const fix = "give the base64 SHA-256 of the public key of the fleet CA";
    report.add(host.label, undefined, [error(58, "has a --ca-sha256 that matches no certificate of the chain", fix)]);
  }
}
