import { describeDuration } from "../lib/command/private/parse/duration";
import { FACTS } from "./facts";
import type { Entry, Report, Seen } from "./report";
import { printable } from "./report";

/** What a report is printed with. */
export interface PrintOptions {
  readonly hosts: number;
  readonly now: Date;
  readonly facts: boolean;
  /** Certificates that end within what `--expiring` says. */
  readonly expiring: readonly Seen[];
}

// The facts that files can show; those of the command alone come before.
const FILE_FACTS = Object.keys(FACTS)
  .map(Number)
  .filter((fact) => fact >= 35);

/** A report for people: one finding a line, aligned, then a summary. */
export function reportText(report: Report, options: PrintOptions): string {
  const rows = [
    ...sorted(report.entries).map((entry) => [
      entry.severity,
      placeOf(entry),
      `${entry.what}; ${entry.fix}${entry.facts.length === 0 ? "" : ` (fact ${entry.facts.join(", ")})`}`,
    ]),
    ...options.expiring.map(({ host, file, certificate }) => [
      "expiring",
      placeOf({ host, file }),
      `${certificate.subject.text} ends in ${describeDuration(certificate.notAfter.getTime() - options.now.getTime())}`,
    ]),
  ];
  const notes = report.notes.map((note) => `note: ${note}`).join("\n");
  const parts = [table(rows), notes, options.facts ? table(factRows(report)) : "", summary(report, options)];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** A report for programs. */
export function reportJson(report: Report, options: PrintOptions): string {
  const facts = Object.entries(FACTS).map(([fact, { text, needs }]) => ({
    fact: Number(fact),
    text,
    status: report.status(Number(fact)),
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
    expiring: options.expiring.some((seen) => seen.certificate === certificate),
  }));
  const summary = { hosts: options.hosts, errors: report.count("error"), warnings: report.count("warning") };
  return `${JSON.stringify({ summary, findings: sorted(report.entries), facts, certificates, notes: report.notes }, null, 2)}\n`;
}

function summary(report: Report, { hosts, now }: PrintOptions): string {
  const count = (status: string): number => FILE_FACTS.filter((fact) => report.status(fact) === status).length;
  const lines = [
    `${plural(hosts, "host")}, ${plural(report.certificates.length, "certificate")}: ` +
      `${plural(report.count("error"), "error")}, ${plural(report.count("warning"), "warning")}`,
    `facts 35 to 61: ${count("holds")} hold, ${count("broken")} broken, ${count("nothing to check")} with nothing to ` +
      "check here (--facts names them)",
  ];
  const [first] = [...report.certificates].sort(
    (a, b) => Number(a.certificate.notAfter) - Number(b.certificate.notAfter),
  );
  if (first !== undefined) {
    const left = first.certificate.notAfter.getTime() - now.getTime();
    lines.push(`first to end: ${placeOf(first)}, ${left < 0 ? "ended" : `in ${describeDuration(left)}`}`);
  }
  return lines.join("\n");
}

function factRows(report: Report): string[][] {
  return Object.entries(FACTS).map(([fact, { text, needs }]) => {
    const status = report.status(Number(fact));
    return [fact, status, status === "nothing to check" && needs !== undefined ? `${text}: needs ${needs}` : text];
  });
}

function sorted(entries: readonly Entry[]): Entry[] {
  const rank = (entry: Entry): string => `${entry.severity === "error" ? 0 : 1} ${entry.host} ${entry.file ?? ""}`;
  return [...entries].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

function placeOf({ host, file }: { readonly host: string; readonly file?: string }): string {
  return printable(file === undefined ? host : `${host}/${file}`);
}

function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(0, ...rows.map((row) => row[column]!.length));
  const widths = [width(0), width(1)];
  return rows.map(([a, b, c]) => `${a!.padEnd(widths[0]!)}  ${b!.padEnd(widths[1]!)}  ${c!}`.trimEnd()).join("\n");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
