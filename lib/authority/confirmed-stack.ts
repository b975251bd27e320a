/** Operator confirmation that all hosts of another stack, or a Fleet Server elsewhere, have this step's files. */
export interface ConfirmedStack {
  /** Path of the stack, or `FLEET/elsewhere` for a Fleet Server elsewhere, as errors and the runbook print it. */
  readonly stack: string;

  /** Generations that its hosts trust. */
  readonly generations: string[];

  /** Generation that issued the certificates of its hosts. */
  readonly issuing: string;
}
