/** Numbers that look random and are the same for the same seed, so that a failure can be had again. */
export class Random {
  private state: number;

  /** @param seed any text: each scenario mixes its own name in, so that it does not depend on what ran before it */
  constructor(seed: string) {
    this.state =
      [...seed].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5) >>> 0;
  }

  /** From 0 up to but without 1 (mulberry32). */
  public next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from one to another, both included. */
  public between(first: number, last: number): number {
    return first + Math.floor(this.next() * (last - first + 1));
  }

  /** The items in another order. */
  public shuffled<T>(items: readonly T[]): T[] {
    const order = [...items];
    for (let last = order.length - 1; last > 0; last--) {
      const other = this.between(0, last);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    return order;
  }
}
