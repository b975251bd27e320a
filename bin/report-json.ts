import { CHECKS, CHECKS_PAGE } from "../verify/checks";
import type { Entry } from "../verify/report";
import { printable } from "../verify/report";
import type { Printed } from "./report-text";
import { count, sorted } from "./report-text";

/** A report for programs; its schema is docs/verify.schema.json. */
export function reportJson({ report, open, accepted, notes, hosts, withoutCommand, expiring }: Printed): string {
  const finding = (entry: Entry): unknown => ({
    severity: entry.severity,
    checks: entry.checks,
    what: entry.what,
    fix: entry.fix,
    places: entry.places,
    ...(entry.accepted === undefined ? {} : { accepted: entry.accepted }),
  });
  const checks = Object.entries(CHECKS).map(([check, { text, needs }]) => ({
    check: Number(check),
    text,
    status: report.status(Number(check)),
    link: `${CHECKS_PAGE}#check-${check}`,
    ...(needs === undefined ? {} : { needs }),
  }));
  const certificates = report.certificates.map(({ host, file, certificate }) => ({
    host,
    file,
    subject: printable(certificate.subject.text),
    isCa: certificate.isCa,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    serialNumber: certificate.serialNumber,
    fingerprintSha256: certificate.fingerprintSha256,
    spkiPinSha256: certificate.spkiPinSha256,
    expiring: expiring.some((seen) => seen.certificate === certificate),
  }));
  const summary = {
    hosts,
    hostsWithoutCommand: withoutCommand,
    errors: count(open, "error"),
    warnings: count(open, "warning"),
    accepted: accepted.length,
  };
  const document = {
    version: 1,
    summary,
    findings: sorted(open).map(finding),
    accepted: sorted(accepted).map(finding),
    checks,
    certificates,
    notes,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
