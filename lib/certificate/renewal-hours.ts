/**
 * Default number of hours before its end at which a leaf is renewed: a third of its validity, in whole days unless that
 * is shorter than a day. The tls provider replaces a certificate on every run once this is not less than the validity.
 */
export function defaultRenewalHours(validityHours: number): number {
  const third = Math.ceil(validityHours / 3);
  return Math.min(third < 24 ? third : Math.ceil(third / 24) * 24, Math.max(validityHours - 1, 0));
}

/** The same for a CA, so that a leaf issued just before the renewal still ends before the old CA does. */
export function authorityRenewalHours(longestSignedHours: number): number {
  return 2 * longestSignedHours;
}
