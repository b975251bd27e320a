import { Faults, FaultsError, quoted } from "../../lib/private/faults";

const fault = { what: "is wrong", got: "1", allowed: "2", fix: "write 2" };

test("every fault is one line: where, what, got, allowed, fix", () => {
  const faults = new Faults("stack/host");
  faults.throwIfAny();
  faults.add("port", fault);
  faults.add("names[0]", { what: "is missing", allowed: "a name", fix: "add one" });
  expect(() => faults.throwIfAny()).toThrow(
    "stack/host: port is wrong, got 1; allowed: 2; write 2\nstack/host: names[0] is missing; allowed: a name; add one",
  );
});

test("faults of a part are kept, under its own names or under those of the whole; other errors pass through", () => {
  const faults = new Faults("stack/host");
  const part = (): never => {
    const own = new Faults("Part: one");
    own.add("url", fault);
    throw new FaultsError(collected(own));
  };
  expect(faults.collect(part)).toBeUndefined();
  expect(faults.collect(part, (prop) => `${prop}OfTheHost`)).toBeUndefined();
  expect(faults.collect(() => 5)).toBe(5);
  expect(collected(faults).map(({ where }) => where)).toEqual(["Part: one: url", "stack/host: urlOfTheHost"]);
  expect(() => faults.collect(() => JSON.parse("{"))).toThrow(SyntaxError);
});

test("what nothing can be checked without throws with everything that was found before", () => {
  const faults = new Faults("stack/host");
  expect(faults.collectOrThrow(() => "built")).toBe("built");
  faults.add("port", fault);
  expect(() =>
    faults.collectOrThrow(() => {
      throw new FaultsError([{ ...fault, where: "stack/host/part: id" }]);
    }),
  ).toThrow(/^stack\/host: port .*\nstack\/host\/part: id /);
});

test("a value is quoted on one line, and cut when it is long", () => {
  expect(quoted('a\n"b"')).toBe('"a\\n\\"b\\""');
  expect(quoted("a\u2028b\u0085c\u007f")).toBe('"a\\u2028b\\u0085c\\u007f"');
  expect(quoted(undefined)).toBe("undefined");
  expect(quoted("x".repeat(1_000_000)).length).toBeLessThan(130);
});

function collected(faults: Faults): FaultsError["faults"] {
  try {
    faults.throwIfAny();
    return [];
  } catch (error) {
    return (error as FaultsError).faults;
  }
}
