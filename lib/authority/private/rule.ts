/** What has to hold, as an expression, and what to do where it does not. */
export interface Rule {
  readonly condition: string;
  readonly errorMessage: string;
}
