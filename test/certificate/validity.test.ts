import { Fn, Token } from "cdktf";

import { KeyAlgorithm, Validity } from "../../lib";

test("days, hours and years are lengths in hours", () => {
  expect(Validity.days(397).validityPeriodHours).toBe(9528);
  expect(Validity.hours(5).validityPeriodHours).toBe(5);
  expect(Validity.years(10).validityPeriodHours).toBe(87600);
});

test("a certificate is renewed a third of its validity before its end, in whole days", () => {
  expect(Validity.days(397).earlyRenewalHours).toBe(133 * 24);
  expect(Validity.days(90).earlyRenewalHours).toBe(30 * 24);
  expect(Validity.days(91).earlyRenewalHours).toBe(31 * 24);
});

test.each([1, 2, 3, 24, 25, 71, 72, 73, 74, 9528])("the renewal is shorter than a validity of %i hours", (hours) => {
  expect(Validity.hours(hours).earlyRenewalHours).toBeLessThan(hours);
});

test("a renewal that is chosen is kept", () => {
  const validity = Validity.days(30, { renewBeforeHours: 1 });
  expect(validity.earlyRenewalHours).toBe(1);
  expect(validity.explicitRenewBeforeHours).toBe(1);
  expect(Validity.days(30).explicitRenewBeforeHours).toBeUndefined();
});

test("no early renewal at all may be chosen", () => {
  expect(Validity.days(30, { renewBeforeHours: 0 }).earlyRenewalHours).toBe(0);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 365_001])("%p days are refused", (days) => {
  expect(() => Validity.days(days)).toThrow(
    `Validity.days: the length is unusable, got ${days}; allowed: whole days from 1 to 365000; ` +
      "certificates end before the year 9999 (RFC 5280)",
  );
});

test.each([
  [24, "not shorter than the validity"],
  [Number.POSITIVE_INFINITY, "not shorter than the validity"],
  [-1, "no number of hours"],
  [0.5, "no number of hours"],
  [Number.NaN, "no number of hours"],
])("a day that is renewed %p hours before its end is refused", (renewBeforeHours, what) => {
  expect(() => Validity.days(1, { renewBeforeHours })).toThrow(
    `Validity.days: renewBeforeHours is ${what}, got ${renewBeforeHours}; ` +
      "allowed: whole hours from 0 to 23; renew later or make the certificate valid for longer",
  );
});

test("a Terraform token is refused without its number", () => {
  const token = Token.asNumber(Fn.abs(1));
  for (const make of [
    () => Validity.days(token),
    () => Validity.days(1, { renewBeforeHours: token }),
    () => KeyAlgorithm.rsa(token),
  ]) {
    expect(make).toThrow(/, got \(a Terraform token\); allowed: /);
  }
});
