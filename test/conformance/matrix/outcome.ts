import type { ClientAuth } from "../protocol";
import type { EdgeName } from "./edges";
import { explains, provesNothing } from "./reasons";
import type { FaultKind } from "./refusals";

export { provesNothing } from "./reasons";

/** What has to come of a handshake and the request after it. */
export type Expected =
  /** Let in, and taken for who the certificate says. */
  | "verified"
  /** Let in without a certificate. */
  | "anonymous"
  | "refused"
  /** Refused, or let in like one without a certificate: what `optional` promises. */
  | "unproven"
  /** Let in although it should not be: what Elastic's own code is known to do. */
  | "gap";

export interface Outcome {
  topology: string;
  edge: EdgeName;
  clientAuth: ClientAuth;
  kind: FaultKind | "good";
  /** Who has to notice what is wrong; of what is good, who has the last word. */
  judge: "client" | "server";
  server: string;
  client: string;
  name: string;
  expected: Expected;
  got: "verified" | "anonymous" | "refused";
  error?: string;
  passed: boolean;
}

/** A refusal counts only where its words say that it is for what is wrong. */
export function passes({ kind, judge, expected, got, error }: Omit<Outcome, "passed">): boolean {
  if (error !== undefined && (provesNothing(error) || (kind !== "good" && !explains(kind, judge, error)))) {
    return false;
  }
  switch (expected) {
    case "unproven":
      return got !== "verified";
    case "gap":
      return got !== "refused";
    default:
      return got === expected;
  }
}

/** An outcome so that it can be found again. */
export function outcomeText(outcome: Outcome): string {
  const { topology, edge, clientAuth, kind, server, client, name, expected, got, error } = outcome;
  const between = `${client} → ${server}${name ? ` as ${name}` : ""}`;
  return `${topology}, ${edge} (${clientAuth}), ${kind}, ${between}: expected ${expected}, got ${got}${error ? `: ${error}` : ""}`;
}
