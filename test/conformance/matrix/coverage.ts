import type { Outcome } from "./outcome";

/** What of the product was tried: all of it where it is small, and elsewhere every two things together. */
export interface Coverage {
  /** Pairs of a server and a client, each on a connection and for a thing that was tried. */
  met: number;
  /** What should have been tried and was not. */
  neverMet: string[];
}

/**
 * A client is judged again for each kind of client authentication of the servers; what clients judge does not depend
 * on it. Within each of these groups every server has to meet every client, whatever the topology.
 */
export function coverageOf(outcomes: Outcome[]): Coverage {
  const groups = groupBy(outcomes, ({ edge, clientAuth, kind, judge }) =>
    judge === "client" ? `${edge}, ${kind}` : `${edge} (${clientAuth}), ${kind}`,
  );
  const neverMet: string[] = [];
  let met = 0;
  for (const [group, own] of groups) {
    const pairs = new Set(own.map(({ server, client }) => `${client} and ${server}`));
    met += pairs.size;
    for (const server of distinct(own, "server")) {
      for (const client of distinct(own, "client")) {
        if (!pairs.has(`${client} and ${server}`)) {
          neverMet.push(`${group}: ${client} and ${server} never met`);
        }
      }
    }
  }
  return { met, neverMet: [...neverMet, ...missedConnections(outcomes)] };
}

/** Every connection of every topology is for everyone who plays that kind of connection at all. */
function missedConnections(outcomes: Outcome[]): string[] {
  return [...groupBy(outcomes, ({ edge }) => edge)].flatMap(([edge, everywhere]) =>
    [...groupBy(everywhere, ({ topology }) => topology)].flatMap(([topology, own]) =>
      (["server", "client"] as const).flatMap((role) => {
        const known = new Set(distinct(own, role));
        const missed = distinct(everywhere, role).filter((name) => !known.has(name));
        return missed.map((name) => `${topology}, ${edge}: ${name} was never the ${role}`);
      }),
    ),
  );
}

function distinct(outcomes: Outcome[], role: "server" | "client"): string[] {
  return [...new Set(outcomes.map((outcome) => outcome[role]))];
}

function groupBy(outcomes: Outcome[], keyOf: (outcome: Outcome) => string): Map<string, Outcome[]> {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const key = keyOf(outcome);
    const own = groups.get(key) ?? [];
    own.push(outcome);
    groups.set(key, own);
  }
  return groups;
}
