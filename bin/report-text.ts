import { CHECKS, CHECKS_PAGE, FIRST_FILE_CHECK } from "../verify/checks";
import type { Entry, Place, Report, Seen } from "../verify/report";
import { printable } from "../verify/report";
import { describeDuration } from "./duration";

/** A report and the options for printing it. */
export interface Printed {
  readonly report: Report;
  /** The findings that count, and those that are accepted. */
  readonly open: readonly Entry[];
  readonly accepted: readonly Entry[];
  readonly notes: readonly string[];
  readonly hosts: number;
  /** Hosts whose command could not be read or is not there. */
  readonly withoutCommand: number;
  readonly now: Date;
  /** Whether every check is listed. */
  readonly checks: boolean;
  /** Certificates that end within the time of `--expiring`. */
  readonly expiring: readonly Seen[];
}

/** Places of one finding that are printed before "and N more". */
const MOST_PLACES = 3;

/** A report for people: one finding a line, aligned, then a summary. */
export function reportText(printed: Printed): string {
  const rows = [
    ...sorted(printed.open).map((entry) => [entry.severity, placesOf(entry), wordsOf(entry)]),
    ...printed.expiring.map(({ host, file, certificate }) => [
      "expiring",
      placeOf({ host, file }),
      `${certificate.subject.text} ends in ${describeDuration(certificate.notAfter.getTime() - printed.now.getTime())}`,
    ]),
  ];
  const notes = [
    ...printed.accepted.map((entry) => `accepted: ${placesOf(entry)}: ${entry.what} (${entry.accepted})`),
    ...printed.notes.map((note) => `note: ${note}`),
  ];
  const parts = [
    table(rows),
    notes.map(printable).join("\n"),
    printed.checks ? table(checkRows(printed.report)) : "",
    summary(printed),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Findings in the order of severity and place. */
export function sorted(entries: readonly Entry[]): Entry[] {
  const rank = ({ severity, places }: Entry): string => `${severity === "error" ? 0 : 1} ${placeOf(places[0]!)}`;
  return [...entries].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

/** A place as one path. */
export function placeOf({ host, file }: Place): string {
  return printable(file === undefined ? host : `${host}/${file}`).replace(/([^:])\/{2,}/g, "$1/");
}

export function count(entries: readonly Entry[], severity: Entry["severity"]): number {
  return entries.filter((entry) => entry.severity === severity).length;
}

function placesOf({ places }: Entry): string {
  const more = places.length - MOST_PLACES;
  const first = places.slice(0, more > 0 ? MOST_PLACES : undefined).map(placeOf);
  return `${first.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function wordsOf({ what, fix, checks }: Entry): string {
  const numbers = checks.length === 0 ? "" : ` (check ${checks.join(", ")})`;
  return `${what}; ${fix}${numbers}`;
}

function summary({ report, open, accepted, hosts, withoutCommand, now }: Printed): string {
  const numbers = Object.keys(CHECKS)
    .map(Number)
    .filter((check) => check >= FIRST_FILE_CHECK);
  const having = (status: string): number => numbers.filter((check) => report.status(check) === status).length;
  const lines = [
    `${plural(hosts, "host")}, ${plural(report.certificates.length, "certificate")}: ` +
      `${plural(count(open, "error"), "error")}, ${plural(count(open, "warning"), "warning")}` +
      (accepted.length === 0 ? "" : `, ${accepted.length} accepted`) +
      (withoutCommand === 0
        ? ""
        : `; ${plural(withoutCommand, "host")} without a command, where only files were checked`),
    `${numbers.length} file checks: ${having("passed")} passed, ${having("failed")} failed, ` +
      `${having("not applicable")} not applicable (--checks lists them)`,
  ];
  const [first] = [...report.certificates].sort(
    (a, b) => Number(a.certificate.notAfter) - Number(b.certificate.notAfter),
  );
  if (first !== undefined) {
    const left = first.certificate.notAfter.getTime() - now.getTime();
    lines.push(`first certificate to end: ${placeOf(first)}, ${left < 0 ? "ended" : `in ${describeDuration(left)}`}`);
  }
  const [check] = open.flatMap(({ checks }) => checks);
  if (check !== undefined) {
    lines.push(`each check is explained at ${CHECKS_PAGE}#check-${check}`);
  }
  return lines.join("\n");
}

function checkRows(report: Report): string[][] {
  return Object.entries(CHECKS).map(([check, { text, needs }]) => {
    const status = report.status(Number(check));
    return [check, status, status === "not applicable" && needs !== undefined ? `${text}: needs ${needs}` : text];
  });
}

function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(0, ...rows.map((row) => row[column]!.length));
  const widths = [width(0), width(1)];
  return rows.map(([a, b, c]) => `${a!.padEnd(widths[0]!)}  ${b!.padEnd(widths[1]!)}  ${c!}`.trimEnd()).join("\n");
}

function plural(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
