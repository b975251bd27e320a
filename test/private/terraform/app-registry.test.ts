import { Construct } from "constructs";

import { claim } from "../../../lib/private/terraform/app-registry";
import { TestStack, withApp } from "../../support/apps";

test("a key is taken by the first that asks for it", () => {
  withApp((app) => {
    const stack = new TestStack(app);
    expect(claim(new Construct(stack, "one"), "key")).toBeUndefined();
    expect(claim(new Construct(stack, "two"), "key")).toBe("stack/one");
  });
});

test("a key is taken in every stack of an app", () => {
  withApp((app) => {
    expect(claim(new TestStack(app, "one"), "key")).toBeUndefined();
    expect(claim(new TestStack(app, "two"), "key")).toBe("one");
  });
});

test("other keys, and other apps, are free", () => {
  withApp((app) => {
    claim(new TestStack(app), "key");
    expect(claim(app, "other")).toBeUndefined();
  });
  withApp((app) => expect(claim(app, "key")).toBeUndefined());
});
