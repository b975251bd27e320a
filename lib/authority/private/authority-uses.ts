import type { LeafUsage } from "../../private/x509/leaf";
import { LEAF_USAGES } from "../../private/x509/leaf";
import { LeafNames } from "./leaf-names";

/**
 * Uses of a CA at the end of synthesis: one for all of its generations, each of which may come to
 * sign, so that switching changes no CA.
 */
export class AuthorityUses {
  /** Names of the leaves below it. */
  public readonly names = new LeafNames();

  private hours = 0;
  private leafHours = 0;
  private readonly usages = new Set<LeafUsage>();
  private readonly below: AuthorityUses[] = [];

  /** A certificate that it signs. */
  public addSigned(validityPeriodHours: number, allowedUses: string[]): void {
    this.hours = Math.max(this.hours, validityPeriodHours);
    const usages = LEAF_USAGES.filter((usage) => allowedUses.includes(usage));
    if (usages.length > 0) {
      this.leafHours = Math.max(this.leafHours, validityPeriodHours);
    }
    usages.forEach((usage) => this.usages.add(usage));
  }

  /** Adds a usage of certificates that others sign, for a CA that is only trusted. */
  public addUsage(usage: LeafUsage): void {
    this.usages.add(usage);
  }

  /** A CA that it signs, whose leaves are its leaves too. */
  public addAuthority(uses: AuthorityUses): void {
    this.below.push(uses);
    uses.names.forEach((stack, leaf) => this.names.add(stack, leaf));
  }

  /** The longest validity that it has signed, in hours; 0 if it has signed nothing. */
  public get longestHours(): number {
    return this.hours;
  }

  /** The longest validity of a leaf below it, in hours; 0 if there is none. */
  public get longestLeafHours(): number {
    return Math.max(this.leafHours, ...this.below.map((uses) => uses.longestLeafHours));
  }

  /** Number of CAs between it and the farthest of its leaves. */
  public get authoritiesBelow(): number {
    return this.below.reduce((most, uses) => Math.max(most, 1 + uses.authoritiesBelow), 0);
  }

  /** Usages of the leaves below it, in an order that does not depend on the app's. */
  public get leafUsages(): LeafUsage[] {
    const all = new Set([...this.usages, ...this.below.flatMap((uses) => uses.leafUsages)]);
    return LEAF_USAGES.filter((usage) => all.has(usage));
  }
}
