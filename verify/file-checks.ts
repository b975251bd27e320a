import { readPem } from "../lib/private/x509/pem";
import { classifyPrivateKey, matchPrivateKey } from "../lib/private/x509/pkcs8";
import type { Finding } from "../lib/private/x509/checks";
import { checkFipsKey, checkValidity } from "../lib/private/x509/checks";
import { error, warning } from "../lib/private/x509/finding";
import type { Host, Role } from "./host";
import type { FolderFile } from "./host-folder";
import type { Report } from "./report";

/** What a user chose for a run. */
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
];

/** `ca.key` of elasticsearch-certutil and the like: an encrypted one, or one without its certificate, shows no more. */
const AUTHORITY_KEY = /(^|[-_.])ca([-_.]key)?\.(key|pem)$/i;

/** Checks each file of a folder by itself (facts 35 to 37 and 41 to 44). */
export function checkFiles(host: Host, report: Report, options: FileOptions): void {
  checkNamedFiles(host, report);
  for (const file of host.folder.files.values()) {
    const content = host.contentOf(file.name);
    if (file.bytes === undefined) {
      if (content !== "other") {
        const fix = "put a regular file there that this user may read";
        report.add(host.label, file.name, [error(undefined, file.problem ?? "cannot be read", fix)]);
      }
    } else if (content === "certificates") {
      const { certificates, findings } = host.certificateFile(file.name);
      report.check(37, 43, 54);
      report.add(host.label, file.name, findings);
      report.add(
        host.label,
        file.name,
        certificates.flatMap((one) => checkValidity(one, options.at)),
      );
      report.see(host.label, file.name, certificates);
    } else if (content === "key") {
      checkKeyFile(host, file, report, options);
    } else if (content === "secret") {
      checkSecretText(host, file, report);
    }
  }
}

/** The files that a command or settings name and the folder lacks: missing on a host, perhaps right in a staging area. */
function checkNamedFiles(host: Host, report: Report): void {
  const files = NAMED_ROLES.flatMap((role) => host.allNamed(role).map((named) => ({ role, named })));
  const lists = (host.authorityFiles ?? []).map((named) => ({ role: undefined, named }));
  for (const { role, named } of [...files, ...lists]) {
    if (named?.hostPath === undefined || named.file !== undefined) {
      continue;
    }
    if (host.isHostDirectory(named.hostPath)) {
      const what = `is named by the ${named.by} and is not there`;
      report.add(host.label, named.name, [error(undefined, what, "copy it there before the command runs")]);
    } else if (role !== undefined && isBornOnHost(host, role)) {
      report.note(`${host.label}/${named.name} is not in the folder: not checked, it has to lie on the host`);
    } else {
      const fix = "put it there, or see to it that it lies on the host";
      const what = `is named by the ${named.by} and is not in the folder`;
      report.add(host.label, named.name, [warning(undefined, what, fix)]);
    }
  }
}

/** Keys, passphrases and tokens may never have been anywhere but on the host; so may a pair as a whole. */
function isBornOnHost(host: Host, role: Role): boolean {
  const key = {
    fleetCert: "fleetKey",
    agentCert: "agentKey",
    fleetEsCert: "fleetEsKey",
    esCert: "esKey",
    kibanaCert: "kibanaKey",
  } as const;
  if (role in key) {
    return host.named(key[role as keyof typeof key])?.file === undefined;
  }
  return role !== "esCa" && role !== "esClientCa";
}

function checkKeyFile(host: Host, file: FolderFile, report: Report, options: FileOptions): void {
  const add = (findings: readonly Finding[]): void => report.add(host.label, file.name, findings);
  const bytes = file.bytes!;
  report.check(37, 42);
  add(readPem(bytes).problems.map(({ what, fix }) => error(37, what, fix)));
  const authorities = [...host.folder.files.keys()]
    .filter((name) => host.contentOf(name) === "certificates")
    .flatMap((name) => host.certificates(name))
    .filter(({ isCa }) => isCa);
  const matches = authorities.some((ca) => matchPrivateKey(bytes, ca) === "match");
  if (matches || AUTHORITY_KEY.test(file.name)) {
    const what = `is ${matches ? "" : "by its name "}the private key of a CA, which belongs on no host`;
    add([error(42, what, "remove it, and replace that CA if the folder went anywhere")]);
  }
  try {
    const info = classifyPrivateKey(bytes);
    if (options.fips) {
      report.check(41);
      add(checkFipsKey(info));
    }
    if (/logstash/i.test(file.name)) {
      report.check(44);
      const fix = "openssl pkcs8 -topk8 -nocrypt";
      add(info.format === "PKCS#8" ? [] : [error(44, `is ${info.format}, where Logstash reads plain PKCS#8`, fix)]);
    }
  } catch {
    // What is wrong with it is said where it is used.
  }
}

/** Fleet Server and releases before 9.3 read these files as they are (reference, fact 35 and 36). */
function checkSecretText(host: Host, file: FolderFile, report: Report): void {
  const isToken = host.named("serviceToken")?.name === file.name || file.name === "service-token";
  const fact = isToken ? 36 : 35;
  const bytes = file.bytes!;
  report.check(fact);
  const add = (what: string, fix: string): void => report.add(host.label, file.name, [error(fact, what, fix)]);
  const again = "write it again with printf %s, which adds none";
  if (bytes.toString("latin1").trim() === "") {
    add("is empty", "write the secret into it");
  } else if (bytes.subarray(0, 3).equals(Buffer.from("efbbbf", "hex")) || bytes.includes(0)) {
    add("has a byte order mark or is UTF-16, all of which counts as the secret", "write it as plain ASCII");
  } else if (bytes.includes("\n") || bytes.includes("\r")) {
    add(`has a newline, which counts as part of the ${isToken ? "token" : "passphrase"}`, again);
  } else if (/^[ \t]|[ \t]$/.test(bytes.toString("latin1"))) {
    add("has blanks at its start or end, which count", again);
  }
}

/** Modes and owners of what is secret (fact 42); Windows has neither. */
export function checkModes(host: Host, report: Report, secretCommands: readonly string[]): void {
  if (process.platform === "win32") {
    return;
  }
  const secrets = [...host.folder.files.values()].filter(
    ({ name }) => ["key", "secret"].includes(host.contentOf(name)) || secretCommands.includes(name),
  );
  if (secrets.length === 0) {
    return;
  }
  report.check(42);
  // An unprivileged agent, Elasticsearch and Kibana read their keys as a user of their own, who owns them or is in their group.
  const byGroup = ["elasticsearch", "kibana"].includes(host.kind) || host.command?.isOn("unprivileged") === true;
  for (const { name, stats } of secrets) {
    const add = (finding: Finding): void => report.add(host.label, name, [finding]);
    if (stats.isSymbolicLink()) {
      add(
        error(
          42,
          "is a symbolic link, through which a secret is written elsewhere",
          "remove it, and put the file itself there",
        ),
      );
      continue;
    }
    const wide = stats.mode & (byGroup ? 0o037 : 0o077);
    if (wide !== 0) {
      const what = `has mode ${octal(stats.mode)}, so others than its owner may use it`;
      add(error(42, what, `chmod ${byGroup ? "640" : "600"}; replace the secret if others use this machine`));
    }
    if (!byGroup && isForeign(stats.uid)) {
      const what = `belongs to user ${stats.uid}, who can read and change it`;
      add(error(42, what, "chown it to the user who runs the agent, root as a rule"));
    }
  }
  const { mode, uid } = host.folder.stats;
  if ((mode & (byGroup ? 0o027 : 0o077)) !== 0) {
    const what = `has mode ${octal(mode)}, so others may enter a folder with secrets`;
    report.add(host.label, undefined, [error(42, what, `chmod ${byGroup ? "750" : "700"} the folder`)]);
  }
  if (!byGroup && isForeign(uid)) {
    const what = `belongs to user ${uid}, who can replace every file in it`;
    report.add(host.label, undefined, [error(42, what, "chown the folder")]);
  }
}

function isForeign(uid: number): boolean {
  const own = process.getuid?.();
  return own !== undefined && uid !== own && uid !== 0;
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}
