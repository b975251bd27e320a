import type { LeafUsage } from "../../private/x509/leaf";

/** The tls provider's words for what leaves are used for. */
const LEAF_USAGES: Readonly<Record<string, LeafUsage>> = { server_auth: "serverAuth", client_auth: "clientAuth" };

/** What leaves are used for, of all that a certificate may be used for. */
export function leafUsagesOf(allowedUses: readonly string[]): LeafUsage[] {
  return allowedUses.flatMap((use) => LEAF_USAGES[use] ?? []);
}

/**
 * What a CA comes to be used for by the end of synthesis: one for all of its generations, each of which may come to
 * sign, so that switching changes no CA.
 */
export class AuthorityUses {
  private hours = 0;
  private leafHours = 0;
  private readonly usages = new Set<LeafUsage>();
  private readonly below: AuthorityUses[] = [];

  /** A certificate that it signs. */
  public addSigned(validityPeriodHours: number, allowedUses: string[]): void {
    this.hours = Math.max(this.hours, validityPeriodHours);
    const usages = leafUsagesOf(allowedUses);
    if (usages.length > 0) {
      this.leafHours = Math.max(this.leafHours, validityPeriodHours);
    }
    usages.forEach((usage) => this.usages.add(usage));
  }

  /** What others sign with it, for a CA that is only trusted. */
  public addUsage(usage: LeafUsage): void {
    this.usages.add(usage);
  }

  /** A CA that it signs, whose leaves are its leaves too. */
  public addAuthority(uses: AuthorityUses): void {
    this.below.push(uses);
  }

  /** The longest validity that it has signed, in hours; 0 if it has signed nothing. */
  public get longestHours(): number {
    return this.hours;
  }

  /** The longest validity of a leaf below it, in hours; 0 if there is none. */
  public get longestLeafHours(): number {
    return Math.max(this.leafHours, ...this.below.map((uses) => uses.longestLeafHours));
  }

  /** How many CAs stand between it and the farthest of its leaves. */
  public get authoritiesBelow(): number {
    return this.below.reduce((most, uses) => Math.max(most, 1 + uses.authoritiesBelow), 0);
  }

  /** What the leaves below it are used for, in an order that does not depend on the app's. */
  public get leafUsages(): LeafUsage[] {
    const all = new Set([...this.usages, ...this.below.flatMap((uses) => uses.leafUsages)]);
    return (["serverAuth", "clientAuth"] as const).filter((usage) => all.has(usage));
  }
}
