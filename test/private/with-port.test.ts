import { withPort } from "../../lib/private/urls";
import { resolved, withStack } from "../support/apps";
import { variable } from "../support/fleets";

test.each([
  ["https://es.example.com", "https://es.example.com:9200"],
  ["https://es.example.com/", "https://es.example.com:9200/"],
  ["https://es.example.com/prefix", "https://es.example.com:9200/prefix"],
  ["https://[fd00::9]", "https://[fd00::9]:9200"],
])("%s gets the port", (url, expected) => {
  expect(withPort(url, "9200")).toBe(expected);
});

test.each(["https://es.example.com:443", "https://es.example.com:9200/prefix", "https://[fd00::9]:443"])(
  "%s keeps its own",
  (url) => {
    expect(withPort(url, "9200")).toBe(url);
  },
);

test("of a URL that only Terraform knows, Terraform looks", () => {
  withStack((stack) => {
    expect(resolved(stack, withPort(variable(stack, "url"), "9200"))).toMatch(
      /^\$\{can\(regex\(.*var\.url.* \? var\.url : replace\(/,
    );
  });
});
