import { rememberLast } from "../../lib/private/remember-last";

test("what is asked of one subject again is answered from memory, of another anew", () => {
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
