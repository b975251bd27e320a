import * as vm from "node:vm";

import { Problems, InputError, quoted } from "../../lib/private/problems";

const problem = { what: "is wrong", got: "1", allowed: "2", fix: "write 2" };

test("every problem is one line: where, what, got, allowed, fix", () => {
  const problems = new Problems("stack/host");
  problems.throwIfAny();
  problems.add("port", problem);
  problems.add("names[0]", { what: "is missing", allowed: "a name", fix: "add one" });
  expect(() => problems.throwIfAny()).toThrow(
    "stack/host: port is wrong, got 1; allowed: 2; write 2\nstack/host: names[0] is missing; allowed: a name; add one",
  );
});

test("problems of a part are kept, under its own names or under those of the whole; other errors pass through", () => {
  const problems = new Problems("stack/host");
  const part = (): never => {
    const own = new Problems("Part: one");
    own.add("url", problem);
    throw new InputError(collected(own));
  };
  expect(problems.collect(part)).toBeUndefined();
  expect(problems.collect(part, (prop) => `${prop}OfTheHost`)).toBeUndefined();
  expect(problems.collect(() => 5)).toBe(5);
  expect(collected(problems).map(({ where }) => where)).toEqual(["Part: one: url", "stack/host: urlOfTheHost"]);
  expect(() => problems.collect(() => JSON.parse("{"))).toThrow(SyntaxError);
});

test("what nothing can be checked without throws with everything that was found before", () => {
  const problems = new Problems("stack/host");
  expect(problems.collectOrThrow(() => "built")).toBe("built");
  problems.add("port", problem);
  expect(() =>
    problems.collectOrThrow(() => {
      throw new InputError([{ ...problem, where: "stack/host/part: id" }]);
    }),
  ).toThrow(/^stack\/host: port .*\nstack\/host\/part: id /);
});

test("a value is quoted on one line, and cut when it is long", () => {
  expect(quoted('a\n"b"')).toBe('"a\\n\\"b\\""');
  expect(quoted("a\u2028b\u0085c\u007f")).toBe('"a\\u2028b\\u0085c\\u007f"');
  expect(quoted(undefined)).toBe("undefined");
  expect(quoted("x".repeat(1_000_000)).length).toBeLessThan(130);
});

function collected(problems: Problems): InputError["problems"] {
  try {
    problems.throwIfAny();
    return [];
  } catch (error) {
    return (error as InputError).problems;
  }
}

test("a stack trace has the lines of the user's app, and none of the installed package and of Node", () => {
  const call = (file: string): ((build: () => unknown) => unknown) =>
    vm.runInThisContext("(build) => build()", { filename: file });
  const library = call("/app/node_modules/cdktf-fleet-tls/dist/lib/fleet/fleet-tls.js");
  const app = call("/app/main.ts");
  const { stack, message } = app(() =>
    library(() => new InputError([{ where: "stack/fleet: port", ...problem }])),
  ) as Error;
  expect(stack).toContain(message);
  expect(stack).toMatch(/^ +at .*\/app\/main\.ts:1:\d+\)?$/m);
  expect(stack).not.toMatch(/node_modules\/cdktf-fleet-tls|node:internal/);
});
