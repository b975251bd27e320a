/** Something that a person has to provide before hosts are installed. */
export interface Prerequisite {
  /** What it is; code is between backticks. */
  readonly text: string;
  /** Ids of the first hosts that need it; empty where it is for the fleet. */
  readonly hosts: readonly string[];
  /** How many more hosts need it. */
  readonly moreHosts: number;
}

const MOST_HOSTS = 3;

/** One entry for each text, with the hosts of all. */
export function mergedPrerequisites(all: readonly Prerequisite[]): Prerequisite[] {
  const byText = new Map<string, Prerequisite>();
  for (const { text, hosts, moreHosts } of all) {
    const known = byText.get(text) ?? { hosts: [], moreHosts: 0 };
    const named = [...new Set([...known.hosts, ...hosts])];
    byText.set(text, {
      text,
      hosts: named.slice(0, MOST_HOSTS),
      moreHosts: known.moreHosts + moreHosts + Math.max(0, named.length - MOST_HOSTS),
    });
  }
  return [...byText.values()];
}

/** An entry as a line of text. */
export function prerequisiteLine({ text, hosts, moreHosts }: Prerequisite): string {
  if (hosts.length === 0) {
    return text;
  }
  return `${text}: ${hosts.join(", ")}${moreHosts > 0 ? ` and ${moreHosts} more` : ""}`;
}
