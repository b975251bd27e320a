/** Passes a value that the compiler would refuse, as JavaScript can. No other cast hides a type from the compiler. */
export function fromJavaScript<T>(value: unknown): T {
  return value as T;
}
