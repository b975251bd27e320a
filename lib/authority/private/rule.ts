/** A condition, as an expression, and what to do if it is false. */
export interface Rule {
  readonly condition: string;
  readonly errorMessage: string;
}
