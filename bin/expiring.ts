import { parseArgs } from "node:util";

import { authorityRenewalHours, defaultRenewalHours } from "../lib/certificate/renewal-hours";
import type { Certificate } from "../lib/private/x509/certificate";
import { isIssuedBy } from "../lib/private/x509/checks";
import { Host } from "../verify/host";
import { printable } from "../verify/report";
import { describeDuration, parseDuration } from "./duration";
import type { Io } from "./io";
import { Exit } from "./io";
import { findFolders } from "./read-folders";
import { UsageError } from "./usage-error";

export const EXPIRING_HELP = `fleet-tls expiring DIR... [options]

Tells a pipeline, from the certificates alone, whether a deploy is due: Terraform's own exit code also counts files that
a fresh runner does not have. DIR is a host's folder, or a tree of them.

  --within DURATION     a leaf is due this long before its end, such as 133d
                        default: a third of its validity, in whole days, which is when a deploy renews it
  --ca-within DURATION  the same for CAs; 0d if the CAs are your own, which no deploy renews
                        default: twice the longest validity that the CA signed here, CAs below it included; a CA that
                        signed nothing here is not renewed by a deploy, and never due
  --json                print every certificate as JSON

Exit codes: 0 nothing is due; 3 a deploy is due; 1 nothing is due, and a file could not be read; 2 the command line is
wrong, or there is no certificate.
`;

const HOUR = 3_600_000;

/** A certificate, its places, and the date on which it is due. */
interface Dated {
  readonly certificate: Certificate;
  readonly places: string[];
  readonly dueAt: Date | undefined;
}

/** `fleet-tls expiring`. */
export function expiring(args: readonly string[], io: Io): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      within: { type: "string" },
      "ca-within": { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    io.out(EXPIRING_HELP);
    return Exit.OK;
  }
  const within = {
    leaf: values.within === undefined ? undefined : parseDuration("--within", values.within),
    ca: values["ca-within"] === undefined ? undefined : parseDuration("--ca-within", values["ca-within"]),
  };
  const { certificates, unreadable } = readAll(positionals);
  if (certificates.size === 0 && unreadable.length === 0) {
    throw new UsageError(
      `${positionals.join(", ")}: no certificate; give the folders that contain the hosts' certificates`,
    );
  }
  const dated = [...certificates.values()]
    .map(({ certificate, places }) => ({ certificate, places, dueAt: dueAt(certificate, within, certificates) }))
    .sort((a, b) => Number(a.dueAt ?? Infinity) - Number(b.dueAt ?? Infinity));
  const due = dated.filter(({ dueAt: at }) => at !== undefined && at <= io.now);
  io.out(values.json ? json(dated, unreadable, io.now) : text(dated, due, unreadable, io.now));
  if (due.length > 0) {
    return Exit.DUE;
  }
  return unreadable.length > 0 ? Exit.FINDINGS : Exit.OK;
}

type Known = Map<string, { readonly certificate: Certificate; readonly places: string[] }>;

function readAll(directories: readonly string[]): { certificates: Known; unreadable: string[] } {
  const certificates: Known = new Map();
  const unreadable: string[] = [];
  for (const folder of findFolders(directories)) {
    const { label } = folder;
    const host = new Host(folder);
    for (const name of folder.files.keys()) {
      if (host.contentOf(name) !== "certificates") {
        continue;
      }
      const place = printable(`${label}/${name}`);
      const { certificates: found, findings } = host.certificateFile(name);
      if (findings.some(({ severity }) => severity === "error")) {
        unreadable.push(place);
      }
      for (const certificate of found) {
        const known = certificates.get(certificate.fingerprintSha256) ?? { certificate, places: [] };
        known.places.push(place);
        certificates.set(certificate.fingerprintSha256, known);
      }
    }
  }
  return { certificates, unreadable };
}

/** The defaults are those of the constructs: `Validity` for a leaf, `CertificateAuthoritySource` for a CA. */
function dueAt(
  certificate: Certificate,
  within: { readonly leaf: number | undefined; readonly ca: number | undefined },
  all: Known,
): Date | undefined {
  const before = certificate.isCa
    ? (within.ca ?? beforeOfCa(certificate, all))
    : (within.leaf ?? defaultRenewalHours(validityHours(certificate)) * HOUR);
  return before === undefined ? undefined : new Date(certificate.notAfter.getTime() - before);
}

function beforeOfCa(ca: Certificate, all: Known): number | undefined {
  const signed = [...all.values()]
    .map(({ certificate }) => certificate)
    .filter((other) => !isRenewal(other, ca) && isIssuedBy(other, ca))
    .map(validityHours);
  return signed.length === 0 ? undefined : authorityRenewalHours(Math.max(...signed)) * HOUR;
}

/** Whether one is the other, before or after a renewal: its name and its key signed it too. */
function isRenewal(one: Certificate, other: Certificate): boolean {
  return one.spkiPinSha256 === other.spkiPinSha256;
}

/** The tls provider counts validity in hours. */
function validityHours({ notBefore, notAfter }: Certificate): number {
  return Math.round((notAfter.getTime() - notBefore.getTime()) / HOUR);
}

function text(dated: readonly Dated[], due: readonly Dated[], unreadable: readonly string[], now: Date): string {
  const lines = due.map(({ certificate, places }) => {
    const left = certificate.notAfter.getTime() - now.getTime();
    const ends = left < 0 ? "has ended" : `ends in ${describeDuration(left)}`;
    const others = places.length > 1 ? ` and ${places.length - 1} more` : "";
    return `due         ${places[0]!}${others}  ${printable(certificate.subject.text)} ${ends}`;
  });
  lines.push(...unreadable.map((place) => `unreadable  ${place}  see fleet-tls verify`));
  const next = dated.find(({ dueAt: at }) => at !== undefined && at > now)?.dueAt;
  const known = `${dated.length} certificate${dated.length === 1 ? "" : "s"}`;
  const when = next === undefined ? "" : `; the next renewal is due on ${next.toISOString().slice(0, 10)}`;
  lines.push(due.length > 0 ? `${due.length} of ${known} due: deploy now` : `${known}, none due${when}`);
  return `${lines.join("\n")}\n`;
}

function json(dated: readonly Dated[], unreadable: readonly string[], now: Date): string {
  const certificates = dated.map(({ certificate, places, dueAt: at }) => ({
    files: places,
    subject: printable(certificate.subject.text),
    isCa: certificate.isCa,
    fingerprintSha256: certificate.fingerprintSha256,
    notAfter: certificate.notAfter.toISOString(),
    dueAt: at?.toISOString(),
    due: at !== undefined && at <= now,
  }));
  return `${JSON.stringify({ due: certificates.some((one) => one.due), certificates, unreadable }, null, 2)}\n`;
}
