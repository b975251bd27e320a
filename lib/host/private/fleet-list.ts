import type { IConstruct } from "constructs";

/** What belongs to fleets, such as their policies, in the order in which it was created. */
export class FleetList<T> {
  private readonly items = new WeakMap<IConstruct, readonly T[]>();

  public of(fleet: IConstruct): readonly T[] {
    return this.items.get(fleet) ?? [];
  }

  public add(fleet: IConstruct, item: T): void {
    this.items.set(fleet, [...this.of(fleet), item]);
  }
}
