import type { Certificate } from "../lib/private/x509/certificate";
import type { Finding } from "../lib/private/x509/checks";
import type { FactStatus } from "./facts";

/** A finding and where it is. */
export interface Entry {
  /** The host's folder, as it was given or found. */
  readonly host: string;
  /** The file in it; undefined for the folder as a whole. */
  readonly file?: string;
  readonly facts: readonly number[];
  readonly severity: "error" | "warning";
  readonly what: string;
  readonly fix: string;
}

/** A certificate that was seen. */
export interface Seen {
  readonly host: string;
  readonly file: string;
  readonly certificate: Certificate;
}

/** Gathers what a run finds, and which facts it could check. */
export class Report {
  public readonly entries: Entry[] = [];
  public readonly certificates: Seen[] = [];
  /** What is worth telling and is no finding, such as a handshake that was good. */
  public readonly notes: string[] = [];
  private readonly checked = new Set<number>();

  /** Says that these facts are checked now. */
  public check(...facts: number[]): void {
    facts.forEach((fact) => this.checked.add(fact));
  }

  /** Adds findings of one file; `facts` come on top of each finding's own. */
  public add(host: string, file: string | undefined, findings: readonly Finding[], ...facts: number[]): void {
    for (const { fact, severity, what, fix } of findings) {
      const all = [...new Set([...(fact === undefined ? [] : [fact]), ...facts])];
      const entry: Entry = { host, file, facts: all, severity, what: printable(what), fix: printable(fix) };
      if (!this.entries.some((one) => one.host === host && one.file === file && one.what === entry.what)) {
        this.entries.push(entry);
      }
      this.check(...all);
    }
  }

  public note(text: string): void {
    this.notes.push(printable(text));
  }

  public see(host: string, file: string, certificates: readonly Certificate[]): void {
    this.certificates.push(...certificates.map((certificate) => ({ host, file, certificate })));
  }

  public status(fact: number): FactStatus {
    if (this.entries.some(({ facts }) => facts.includes(fact))) {
      return "broken";
    }
    return this.checked.has(fact) ? "holds" : "nothing to check";
  }

  public count(severity: Entry["severity"]): number {
    return this.entries.filter((entry) => entry.severity === severity).length;
  }
}

/** Text from files and commands without what would steer a terminal, on one line. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}
