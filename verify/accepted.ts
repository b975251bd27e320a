import type { Finding } from "../lib/private/x509/finding";
import { error } from "../lib/private/x509/finding";
import type { Entry, Place } from "./report";
import { Settings, readYaml } from "./settings";

/** A finding that somebody accepts. */
export interface Acceptance {
  /** The number of the check. */
  readonly check: number;
  /** Where, with `*` for any text; everywhere if left out. */
  readonly place?: string;
  /** A part of what is found; any finding of the check if left out. */
  readonly what?: string;
  readonly reason: string;
  /** The last day on which it is accepted. */
  readonly until?: Date;
}

/** The findings of a run, divided. */
export interface Divided {
  readonly open: readonly Entry[];
  readonly accepted: readonly Entry[];
  /** Acceptances to which nothing corresponds any more, or whose time is over. */
  readonly notes: readonly string[];
}

const KNOWN = new Set(["check", "place", "what", "reason", "until"]);

/** Reads a file of acceptances: a YAML list, each with a check, a reason and an end date. */
export function readAcceptances(text: string): { acceptances: Acceptance[]; findings: Finding[] } {
  const { documents, findings } = readYaml(text);
  const acceptances: Acceptance[] = [];
  const [list = []] = documents;
  if (findings.length === 0 && !Array.isArray(list)) {
    findings.push(error(undefined, "is no list", "write one finding an item: - check: 6, reason and until"));
  }
  for (const [i, item] of (Array.isArray(list) ? list : []).entries()) {
    const settings = new Settings(typeof item === "object" ? item : {});
    const wrong = acceptanceProblem(settings);
    if (wrong !== undefined) {
      findings.push(
        error(undefined, `item ${i + 1} ${wrong}`, "give check, reason, until, and place or what if needed"),
      );
      continue;
    }
    acceptances.push({
      check: Number(settings.text("check")),
      place: settings.text("place"),
      what: settings.text("what"),
      reason: settings.text("reason")!,
      until: endOf(settings.text("until")!),
    });
  }
  return { acceptances, findings };
}

function acceptanceProblem(settings: Settings): string | undefined {
  const unknown = settings.entries.find(([name]) => !KNOWN.has(name));
  if (unknown !== undefined) {
    return `has an unknown key ${JSON.stringify(unknown[0])}`;
  }
  if (!/^\d+$/.test(settings.text("check") ?? "")) {
    return "has no check, which is the number of a check";
  }
  if (settings.text("reason") === undefined) {
    return "has no reason";
  }
  return Number.isNaN(endOf(settings.text("until") ?? "").getTime())
    ? "has no until, a date such as 2027-01-31"
    : undefined;
}

/** The end of a day, in UTC. */
function endOf(date: string): Date {
  return new Date(/^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date}T23:59:59.999Z` : NaN);
}

/** Reads `--allow CHECK` or `--allow CHECK:PLACE`; undefined for anything else. */
export function parseAllowance(text: string): Acceptance | undefined {
  const [, check, place] = /^(\d+)(?::(.+))?$/s.exec(text) ?? [];
  return check === undefined ? undefined : { check: Number(check), place, reason: "--allow" };
}

/** Divides findings into those that count and those that are accepted now. */
export function divide(entries: readonly Entry[], acceptances: readonly Acceptance[], now: Date): Divided {
  const valid = acceptances.filter(({ until }) => until === undefined || now <= until);
  const used = new Set<Acceptance>();
  const open: Entry[] = [];
  const accepted: Entry[] = [];
  for (const entry of entries) {
    const byReason = new Map<Acceptance | undefined, Place[]>();
    for (const place of entry.places) {
      const match = valid.find((one) => matches(one, entry, place));
      byReason.set(match, [...(byReason.get(match) ?? []), place]);
    }
    for (const [match, places] of byReason) {
      if (match === undefined) {
        open.push({ ...entry, places });
      } else {
        used.add(match);
        accepted.push({ ...entry, places, accepted: match.reason });
      }
    }
  }
  const ended = acceptances
    .filter((one) => !valid.includes(one))
    .map(({ check, until }) => `the acceptance of check ${check} ended on ${until!.toISOString().slice(0, 10)}`);
  const unused = valid
    .filter((one) => !used.has(one))
    .map(({ check, place }) => `nothing corresponds to the acceptance of check ${check}${place ? ` at ${place}` : ""}`);
  return { open, accepted, notes: [...ended, ...unused] };
}

function matches({ check, place, what }: Acceptance, entry: Entry, { host, file }: Place): boolean {
  const where = file === undefined ? host : `${host}/${file}`;
  return (
    entry.checks.includes(check) &&
    (what === undefined || entry.what.includes(what)) &&
    (place === undefined || glob(place).test(where))
  );
}

/** `*` stands for any text; a place without a leading folder is one at the end of the path. */
function glob(pattern: string): RegExp {
  const text = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
  return new RegExp(`(^|/)${text}$`, "s");
}
