import type { Certificate } from "../lib/private/x509/certificate";
import type { Finding } from "../lib/private/x509/checks";
import type { CheckStatus } from "./checks";

/** The place of a finding. */
export interface Place {
  /** The host's folder as it was given or found. */
  readonly host: string;
  /** The file in it; undefined for the folder as a whole. */
  readonly file?: string;
}

/** A finding together with every place that has it. */
export interface Entry {
  readonly places: readonly Place[];
  readonly checks: readonly number[];
  readonly severity: "error" | "warning";
  readonly what: string;
  readonly fix: string;
  /** The reason for which it is accepted. */
  readonly accepted?: string;
}

/** A certificate that was read. */
export interface Seen {
  readonly host: string;
  readonly file: string;
  readonly certificate: Certificate;
}

interface Found extends Place {
  readonly checks: readonly number[];
  readonly severity: "error" | "warning";
  readonly what: string;
  readonly fix: string;
  /** Those that refuse a certificate; two findings that differ in nothing else are one. */
  readonly by: string[];
}

/** Collects the findings of a run, and which checks it could make. */
export class Report {
  public readonly certificates: Seen[] = [];
  /** Worth knowing and not a finding, such as a successful handshake. */
  public readonly notes: string[] = [];
  private readonly found = new Map<string, Found>();
  private readonly checked = new Set<number>();
  private readonly broken = new Set<number>();
  private readonly seen = new Set<string>();

  /** Records that these checks are made. */
  public check(...checks: number[]): void {
    checks.forEach((one) => this.checked.add(one));
  }

  /** Adds findings of one file; `checks` come in addition to each finding's own. */
  public add(host: string, file: string | undefined, findings: readonly Finding[], ...checks: number[]): void {
    findings.forEach((finding) => this.addOne({ host, file }, finding, checks));
  }

  /** Adds findings of a certificate that somebody refuses. */
  public addRefused(
    place: Place,
    by: string | undefined,
    findings: readonly Finding[],
    ...checks: readonly number[]
  ): void {
    findings.forEach((finding) => this.addOne(place, finding, checks, by));
  }

  /** Adds a note, once. */
  public note(text: string): void {
    const note = printable(text);
    if (!this.notes.includes(note)) {
      this.notes.push(note);
    }
  }

  /** Records the certificates of a file, once. */
  public see(host: string, file: string, certificates: readonly Certificate[]): void {
    const key = `${host}/${file}`;
    if (!this.seen.has(key)) {
      this.seen.add(key);
      this.certificates.push(...certificates.map((certificate) => ({ host, file, certificate })));
    }
  }

  /** Every finding; the same one in many places is one entry. */
  public get entries(): readonly Entry[] {
    const entries = new Map<string, { entry: Omit<Entry, "places">; places: Place[] }>();
    for (const { host, file, checks, severity, fix, what: bare, by } of this.found.values()) {
      const [first, ...more] = by;
      const others = more.length === 0 ? "" : ` and ${more.length} more`;
      const what = first === undefined ? bare : `is refused by ${first}${others}: ${bare}`;
      const key = [severity, what, fix, checks, file ?? ""].join("\n");
      const known = entries.get(key) ?? { entry: { checks, severity, what, fix }, places: [] };
      known.places.push(file === undefined ? { host } : { host, file });
      entries.set(key, known);
    }
    return [...entries.values()].map(({ entry, places }) => ({ places, ...entry }));
  }

  public status(check: number): CheckStatus {
    return this.broken.has(check) ? "failed" : this.checked.has(check) ? "passed" : "not applicable";
  }

  private addOne(place: Place, finding: Finding, more: readonly number[], by?: string): void {
    const { fact, severity } = finding;
    const checks = [...new Set([...(fact === undefined ? [] : [fact]), ...more])];
    const what = printable(finding.what);
    const key = [place.host, place.file ?? "", what].join("\n") + (by === undefined ? "" : "\nrefused");
    const known = this.found.get(key);
    if (known === undefined) {
      const found = { ...place, checks, severity, what, fix: printable(finding.fix), by: [] as string[] };
      this.found.set(key, found);
    } else if (severity === "error" && known.severity === "warning") {
      this.found.set(key, { ...known, severity });
    }
    if (by !== undefined && this.found.get(key)?.by.includes(by) === false) {
      this.found.get(key)?.by.push(by);
    }
    this.check(...checks);
    checks.forEach((check) => this.broken.add(check));
  }
}

/** Text from files and commands on one line, without characters that control a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}
