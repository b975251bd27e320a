/** Everything that a subcommand gets from outside, so that a test can replace it. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly now: Date;
  /** Environment variables, of which only `KIBANA_API_KEY` is read. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Exit codes, the same for every subcommand. */
export const Exit = {
  OK: 0,
  /** There is a finding; for `expiring`, a file could not be read. */
  FINDINGS: 1,
  USAGE: 2,
  /** There is no finding, and a certificate ends or is to be renewed soon. */
  DUE: 3,
} as const;
