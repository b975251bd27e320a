/** Values that outlive a request, each under a handle. */
export class Handles<T> {
  private readonly values = new Map<string, T>();
  private last = 0;

  public constructor(private readonly kind: string) {}

  public keep(value: T): string {
    const handle = String(++this.last);
    this.values.set(handle, value);
    return handle;
  }

  /** Takes the value out; its handle is then free. */
  public take(handle: string): T {
    const value = this.values.get(handle);
    if (value === undefined) {
      throw new Error(`no ${this.kind} has the handle ${JSON.stringify(handle)}`);
    }
    this.values.delete(handle);
    return value;
  }
}
