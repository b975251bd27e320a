import { checkArguments } from "../private/check-props";
import { quoted } from "../private/problems";
import { defaultRenewalHours } from "./renewal-hours";
import { UserError } from "../private/user-error";

/** When, before its end, a certificate is renewed. */
export interface ValidityOptions {
  /**
   * How long before its end a certificate is renewed by the next deploy, in hours.
   *
   * Changing it alone reissues nothing.
   *
   * @default - a third of the validity, rounded up to whole days; for a CA twice the longest validity that it signs
   */
  readonly renewBeforeHours?: number;
}

/**
 * How long a certificate is valid, and how long before its end it is renewed.
 *
 * @example
 * new MutualFleetTls(stack, "fleet", { ...props, validity: Validity.days(90) });
 */
export class Validity {
  /** @param days how long, in days: a whole number of at least 1 */
  public static days(days: number, options: ValidityOptions = {}): Validity {
    checkArguments("Validity.days", { days, options });
    return new Validity("days", days, 24, options);
  }

  /** @param hours how long, in hours: a whole number of at least 1 */
  public static hours(hours: number, options: ValidityOptions = {}): Validity {
    checkArguments("Validity.hours", { hours, options });
    return new Validity("hours", hours, 1, options);
  }

  /** @param years how long, in years of 365 days: a whole number of at least 1 */
  public static years(years: number, options: ValidityOptions = {}): Validity {
    checkArguments("Validity.years", { years, options });
    return new Validity("years", years, 365 * 24, options);
  }

  /** Validity of a certificate, in hours. */
  public readonly validityPeriodHours: number;

  /** Hours before its end from which a certificate is renewed, if given. */
  public readonly explicitRenewBeforeHours?: number;

  private constructor(unit: string, amount: number, hours: number, options: ValidityOptions) {
    if (!Number.isInteger(amount) || amount < 1 || amount * hours > LONGEST_HOURS) {
      throw new UserError(
        `Validity.${unit}: the length is unusable, got ${quoted(amount)}; allowed: whole ${unit} from 1 to ` +
          `${Math.floor(LONGEST_HOURS / hours)}; certificates end before the year 9999 (RFC 5280)`,
      );
    }
    this.validityPeriodHours = amount * hours;
    const before = options.renewBeforeHours;
    // The tls provider replaces a certificate on every run once its renewal is not shorter than its validity.
    if (before !== undefined && !(Number.isInteger(before) && before >= 0 && before < this.validityPeriodHours)) {
      const isTooLong = before >= this.validityPeriodHours;
      throw new UserError(
        `Validity.${unit}: renewBeforeHours is ${isTooLong ? "not shorter than the validity" : "no number of hours"}, got ` +
          `${quoted(before)}; allowed: whole hours ` +
          `from 0 to ${this.validityPeriodHours - 1}; renew later or make the certificate valid for longer`,
      );
    }
    this.explicitRenewBeforeHours = before;
  }

  /** Hours before its end from which a leaf certificate is renewed. */
  public get earlyRenewalHours(): number {
    return this.explicitRenewBeforeHours ?? defaultRenewalHours(this.validityPeriodHours);
  }
}

const LONGEST_HOURS = 1000 * 365 * 24;
