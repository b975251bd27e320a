import { posix } from "node:path";

import type { Certificate } from "../lib/private/x509/certificate";
import { isSameCertificate } from "../lib/private/x509/certificate";
import { readPem } from "../lib/private/x509/pem";
import { classifyPrivateKey } from "../lib/private/x509/pkcs8";
import type { Finding } from "../lib/private/x509/checks";
import { checkFipsKey, checkValidity } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import type { Host } from "./host";
import type { Role } from "./roles";
import { ROLES, SECRET_TEXTS } from "./roles";
import { isKeyOf } from "./key-reading";
import type { FolderFile } from "./host-folder";
import { fileName } from "./host-folder";
import type { Report } from "./report";

/** Options of the checks of files. */
export interface FileOptions {
  readonly at: Date;
  readonly fips: boolean;
}

const NAMED_ROLES: readonly Role[] = [
  "fleetCert",
  "fleetKey",
  "fleetPassphrase",
  "agentCert",
  "agentKey",
  "agentPassphrase",
  "fleetEsCert",
  "fleetEsKey",
  "serviceToken",
  "esCa",
  "esCert",
  "esKey",
  "esClientCa",
  "kibanaCert",
  "kibanaKey",
  "kibanaServerCert",
  "kibanaServerKey",
];

/** Names such as `ca.key` of elasticsearch-certutil: an encrypted key cannot be compared with a certificate. */
const AUTHORITY_KEY = /(^|[-_.])ca([-_.]key)?\.(key|pem)$/i;

/** Checks each file of a folder by itself (checks 35 to 37, 41 to 44 and 64). */
export function checkFiles(host: Host, report: Report, options: FileOptions): void {
  checkNamedFiles(host, report);
  for (const file of [...host.folder.files.values()].filter(({ isMounted }) => isMounted !== true)) {
    const content = host.contentOf(file.name);
    if (file.bytes === undefined) {
      if (content !== "other") {
        const fix = "replace it by a regular file that this user may read";
        report.add(host.label, file.name, [error(64, file.problem ?? "cannot be read", fix)]);
      }
    } else if (content === "certificates") {
      const { certificates, findings } = host.certificateFile(file.name);
      report.check(37, 43, 54);
      const isPair = host.isKeyFile(file.name);
      const found = isPair ? findings.filter(({ severity }) => severity === "error") : findings;
      const all = [...found, ...certificates.flatMap((one) => checkValidity(one, options.at))];
      // The agent does not read it; if an output names it, the check of the output says so.
      const isRead = !isOthers(host, file.name);
      report.add(host.label, file.name, isRead ? all : all.map((one) => ({ ...one, severity: "warning" as const })));
      report.see(host.label, file.name, certificates);
      if (host.hasKey(file.name)) {
        checkAuthorityKey(host, file, report);
      }
    } else if (content === "key") {
      checkKeyFile(host, file, report, options);
    } else if (content === "secret") {
      checkSecretText(host, file, report);
    }
  }
}

/** Files that are named but not in the folder: an error on the host itself, a warning in a staging area. */
function checkNamedFiles(host: Host, report: Report): void {
  const files = NAMED_ROLES.flatMap((role) => host.allNamed(role).map((named) => ({ role, named })));
  const lists = (host.authorityFiles ?? []).map((named) => ({ role: undefined, named }));
  for (const { role, named } of [...files, ...lists]) {
    if (named.hostPath === undefined || named.hostPath.trimStart().startsWith("-")) {
      continue;
    }
    report.check(64);
    // In the place of a path may be the secret itself; check 8 reports it.
    const isSecret = role !== undefined && SECRET_TEXTS.some((one) => one === role) && !/[/\\]/.test(named.hostPath);
    if (named.file !== undefined || isSecret) {
      continue;
    }
    if (host.isHostDirectory(named.hostPath)) {
      const what = `is named by the ${named.by} and does not exist`;
      report.add(host.label, named.name, [error(64, what, "copy it there before the command runs")]);
    } else if (elsewhere(host, named.name) !== undefined) {
      const what = `is named by the ${named.by}, and mounted as ${elsewhere(host, named.name)}`;
      report.add(host.label, named.name, [error(64, what, "name the path inside of the container")]);
    } else if (lacksVolume(host, named.hostPath, role) !== undefined) {
      const what = `is named by the ${named.by}, and ${lacksVolume(host, named.hostPath, role)}`;
      report.add(host.label, named.name, [error(64, what, "mount the file, or name the path under which it is")]);
    } else if (host.folder.isVirtual === true || (role !== undefined && isMadeOnHost(host, role))) {
      report.note(`${host.label}/${named.name} is not in the folder and was not checked; the host needs it`);
    } else {
      const fix = "add it to the folder, or make sure that the host has it";
      const what = `is named by the ${named.by} and is not in the folder`;
      report.add(host.label, named.name, [warning(64, what, fix)]);
    }
  }
}

/** The path in a container under which a file of this name is, other than the one that is named. */
function elsewhere({ folder }: Host, path: string): string | undefined {
  const name = fileName(path);
  return folder.isVirtual === true ? [...folder.files.keys()].find((one) => fileName(one) === name) : undefined;
}

/** Why a container cannot have a file: no volume of it is there, or the volume is known and has other files. */
function lacksVolume(host: Host, path: string, role: Role | undefined): string | undefined {
  const { volumes, hasOwnFiles } = host.folder;
  if (volumes === undefined || path.includes("${")) {
    return undefined;
  }
  const found = volumes.filter((one) => path === one.path || path.startsWith(`${one.path.replace(/\/$/, "")}/`));
  if (found.length === 0) {
    return hasOwnFiles === true ? undefined : "no volume of the container has it";
  }
  const nearest = Math.max(...found.map((one) => one.path.length));
  const [known] = found.filter((one) => one.path.length === nearest && (one.isWhole || one.isFolder === true));
  if (known === undefined) {
    return undefined;
  }
  // A folder of this machine may be a copy without what exists on the host alone.
  const isInFolder = known.isFolder === true && posix.dirname(path) === known.path.replace(/(.)\/$/, "$1");
  const isMissing = known.isWhole || (isInFolder && !(role !== undefined && isMadeOnHost(host, role)));
  return isMissing ? `the volume at ${known.path} does not have it` : undefined;
}

/** Keys, passphrases, tokens and whole pairs may exist on the host only. */
function isMadeOnHost(host: Host, role: Role): boolean {
  const key = {
    fleetCert: "fleetKey",
    agentCert: "agentKey",
    fleetEsCert: "fleetEsKey",
    esCert: "esKey",
    kibanaCert: "kibanaKey",
    kibanaServerCert: "kibanaServerKey",
  } as const;
  if (role in key) {
    return host.named(key[role as keyof typeof key])?.file === undefined;
  }
  return role !== "esCa" && role !== "esClientCa";
}

function checkKeyFile(host: Host, file: FolderFile, report: Report, options: FileOptions): void {
  const add = (findings: readonly Finding[]): void => report.add(host.label, file.name, findings);
  const bytes = file.bytes!;
  report.check(37);
  add(
    readPem(bytes, { file: `${host.label}/${file.name}`, part: "key" }).problems.map(({ what, fix }) =>
      error(37, what, fix),
    ),
  );
  checkAuthorityKey(host, file, report);
  try {
    const info = classifyPrivateKey(bytes);
    if (options.fips) {
      report.check(41);
      add(checkFipsKey(info));
    }
    // The settings of a receiver name its keys, so that those are checked as such.
    if (/logstash/i.test(file.name) && host.service === undefined) {
      report.check(44);
      const fix = "openssl pkcs8 -topk8 -nocrypt";
      add(info.format === "PKCS#8" ? [] : [error(44, `is ${info.format}, where Logstash reads plain PKCS#8`, fix)]);
    }
  } catch {
    // The check of the pair reports a key that cannot be read.
  }
}

/** No host may have the key of a CA, by itself or next to its certificate. */
function checkAuthorityKey(host: Host, file: FolderFile, report: Report): void {
  report.check(42);
  const authorities = [...host.folder.files.keys()]
    .filter((name) => host.contentOf(name) === "certificates")
    .flatMap((name) => host.certificates(name))
    .filter((ca) => ca.isCa && !host.selfSigned.some((one) => isSameCertificate(one, ca)))
    .filter((ca) => !isOthers(host, file.name) || !isAlone(host, ca));
  const matches = authorities.some((ca) => isKeyOf(file.bytes!, ca));
  if (matches || (host.contentOf(file.name) === "key" && AUTHORITY_KEY.test(file.name))) {
    const what = `is ${matches ? "" : "by its name "}the private key of a CA, which no host may have`;
    const fix = "remove it, and replace that CA if the folder went anywhere";
    report.add(host.label, file.name, [error(42, what, fix)]);
  }
}

/** Whether a file belongs to another program, as the command names its own and this is none of them. */
function isOthers(host: Host, name: string): boolean {
  const isOurs =
    Object.entries(ROLES).some(([role, { file }]) => file === name || host.named(role as Role)?.name === name) ||
    ["fleet-ca.pem", "agent-ca.pem"].includes(name) ||
    host.authorityFiles?.some((one) => one.name === name) === true;
  return host.command !== undefined && host.folder.isVirtual !== true && !isOurs && !AUTHORITY_KEY.test(name);
}

/** Whether a certificate is its own issuer, no list has it, and it issued nothing here: `openssl req -x509` makes such. */
function isAlone(host: Host, ca: Certificate): boolean {
  const certificates = [...host.folder.files.keys()]
    .filter((name) => host.contentOf(name) === "certificates")
    .map((name) => ({ name, all: host.certificates(name) }));
  return (
    ca.issuer.rawHex === ca.subject.rawHex &&
    certificates.every(({ name, all }) =>
      all.every((one) => (isSameCertificate(one, ca) ? isOthers(host, name) : one.issuer.rawHex !== ca.subject.rawHex)),
    )
  );
}

/** Fleet Server, and releases before 9.3, use every byte of these files. */
function checkSecretText(host: Host, file: FolderFile, report: Report): void {
  const isToken = host.named("serviceToken")?.name === file.name || file.name === "service-token";
  const fact = isToken ? 36 : 35;
  const bytes = file.bytes!;
  report.check(fact);
  const add = (what: string, fix: string): void => report.add(host.label, file.name, [error(fact, what, fix)]);
  const again = "write it again with printf %s, which adds none";
  if (isEmptySecret(bytes)) {
    add("is empty", "write the secret into it");
  } else if (isOtherEncoding(bytes)) {
    add("has a byte order mark or is UTF-16, all of which counts as the secret", "write it as plain ASCII");
  } else if (bytes.includes("\n") || bytes.includes("\r")) {
    add(`has a newline, which counts as part of the ${isToken ? "token" : "passphrase"}`, again);
  } else if (/^[ \t]|[ \t]$/.test(bytes.toString("latin1"))) {
    add("has blanks at its start or end, which count", again);
  }
}

/** Whether a secret's file has nothing that its reader could use. */
export function isUnusableSecret(bytes: Buffer): boolean {
  return isEmptySecret(bytes) || isOtherEncoding(bytes);
}

function isEmptySecret(bytes: Buffer): boolean {
  return bytes.toString("latin1").trim() === "";
}

function isOtherEncoding(bytes: Buffer): boolean {
  return bytes.subarray(0, 3).equals(Buffer.from("efbbbf", "hex")) || bytes.includes(0);
}
