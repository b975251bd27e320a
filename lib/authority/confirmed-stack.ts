/** Operator confirmation that all hosts of another stack, or verifiers elsewhere, have this step's files. */
export interface ConfirmedStack {
  /**
   * Path of the stack, `FLEET/elsewhere` for a Fleet Server elsewhere, or `FLEET/input-clients` for the clients of inputs, as
   * errors and the runbook print it.
   */
  readonly stack: string;

  /** Generations that its hosts trust. */
  readonly generations: string[];

  /** Generation that issued the certificates of its hosts. */
  readonly issuing: string;
}
