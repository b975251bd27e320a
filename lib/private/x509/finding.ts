/** One thing that is wrong with a certificate, a key or a file of them; never quotes anything secret. */
export interface Finding {
  /** The fact of the reference that it breaks. */
  readonly fact?: number;
  /** An error is refused by the agent, Fleet Server, Elasticsearch or a strict verifier; a warning by few, or later. */
  readonly severity: "error" | "warning";
  /** Without a subject: `is not a certificate authority`. */
  readonly what: string;
  /** The fix. */
  readonly fix: string;
}

/** A finding that something will refuse. */
export function error(fact: number | undefined, what: string, fix: string): Finding {
  return { fact, severity: "error", what, fix };
}

/** A finding that works today, or for most. */
export function warning(fact: number | undefined, what: string, fix: string): Finding {
  return { fact, severity: "warning", what, fix };
}
