/** What a subcommand gets from the outside, so that tests can stand in for it. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly now: Date;
}

/** Exit codes, the same for every subcommand. */
export const Exit = {
  OK: 0,
  /** Something is wrong; for `expiring`, something could not be read. */
  FINDINGS: 1,
  USAGE: 2,
  /** Nothing is wrong, and something ends or is to be renewed soon. */
  DUE: 3,
} as const;
