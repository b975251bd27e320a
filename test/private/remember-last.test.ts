import { rememberLast } from "../../lib/private/remember-last";

test("the last call's result is cached, another subject is computed again", () => {
  const asked: string[] = [];
  const countOf = rememberLast(({ text }: { text: string }) => asked.push(text));
  const [one, other] = [{ text: "one" }, { text: "other" }];
  expect([countOf(one), countOf(one), countOf(other), countOf(one)]).toEqual([1, 1, 2, 3]);
  expect(asked).toEqual(["one", "other", "one"]);
});

test("no answer at all is remembered too", () => {
  let asked = 0;
  const nothing = rememberLast((subject: { text: string }) => void (asked += subject.text.length));
  const subject = { text: "x" };
  nothing(subject);
  nothing(subject);
  expect(asked).toBe(1);
});
