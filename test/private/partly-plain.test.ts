import type { IResolveContext } from "cdktf";
import { App, DefaultTokenResolver, Fn, Lazy, StringConcat, TerraformStack, Token, Tokenization } from "cdktf";

import { partlyPlain } from "../../lib/private/terraform/partly-plain";
import { fromJavaScript } from "../support/javascript";

const stack = new TerraformStack(new App(), "stack");

/** As cdktf's synthesis resolves what a resource writes. */
function resolved(value: unknown): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope: stack, preparing: false, resolver });
}

function answer(value: unknown): unknown {
  try {
    return { value: JSON.stringify(resolved(value)) };
  } catch (error) {
    // cdktf says of a token that it is one, and names the path of the value, which is another one here.
    return { error: (error as Error).message.replace(/^Resolution error: /, "").split(/[:(/]/)[0] };
  }
}

const nothing = Lazy.anyValue({ produce: () => undefined });
const list = Fn.split(",", "a,b");

const CASES: { readonly [name: string]: unknown } = {
  "plain values": { text: "a", number: 1, no: false, none: null, list: ["a", 1, { b: true }], empty: {}, nothing: [] },
  "undefined values": { a: undefined, b: { c: undefined }, list: [undefined, "a", undefined] },
  "a token in a text": { text: `a ${Token.asString(Fn.base64encode("b"))} c` },
  "a token as an object": { deep: { value: Fn.upper("a") } },
  "a token that resolves to nothing": { first: nothing, second: Lazy.stringValue({ produce: () => undefined }), b: 1 },
  "a token that resolves to an object": Lazy.anyValue({ produce: () => ({ a: { b: Fn.lower("C") } }) }),
  "a token that is the whole": Fn.upper("a"),
  "tokens in a list": { list: ["a", Fn.upper("b"), nothing, { c: Fn.lower("D") }] },
  "a list's token": { list },
  "a list's token beside a text": { list: [...list, "c"] },
  "a number's token": { count: Token.asNumber(Fn.abs(-1)) },
  "a number's token in a text": { text: `a${Token.asNumber(Fn.abs(-1))}b` },
  "a list of numbers' token": { numbers: Token.asNumberList(Fn.range(1, 2)) },
  "a map's token": { map: Token.asStringMap(Fn.merge([{ a: "b" }])) },
  "any map's token": { map: Token.asAnyMap(Fn.merge([{ a: "b" }])) },
  "a token as a key": { [Fn.upper("a")]: { b: 1 } },
  "braces and signs that are no tokens": { text: "a ${b} $${c} %{d} #{e} &{f} 1e5 -e x-e+1", "${key}": 1 },
  "a date": { date: new Date(0) },
  "a function": { a: { b: () => 1 } },
  "a construct": { a: stack },
  "text that cdktf takes for a map": { a: Token.STRING_MAP_TOKEN_VALUE, b: 1 },
  "a number that cdktf takes for a map": { a: Token.NUMBER_MAP_TOKEN_VALUE },
};

test.each(Object.entries(CASES))("%s resolve to the same", (_, value) => {
  expect(answer(partlyPlain(value))).toEqual(answer(value));
});

test("what is plain is not resolved again", () => {
  const token = partlyPlain({ plain: { deep: "a" }, token: Fn.upper("a") });
  const context = fromJavaScript<IResolveContext>({ registerPostProcessor: () => undefined });
  expect(JSON.stringify(token.resolve(context))).not.toContain("deep");
});
