import { TerraformVariable } from "cdktf";

import { Problems } from "../../lib/private/problems";
import { ELASTICSEARCH_URL, FLEET_SERVER_URL, parseUrl, urlPreconditions } from "../../lib/private/urls";
import { resolved, withStack } from "../support/apps";

function refusal(url: string, rule = FLEET_SERVER_URL): string {
  const problems = new Problems("stack/fleet");
  parseUrl(problems, "fleetServerUrl", url, rule);
  try {
    problems.throwIfAny();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

function hostOf(url: string, rule = FLEET_SERVER_URL): string {
  expect(refusal(url, rule)).toBe("");
  return parseUrl(new Problems("stack/fleet"), "fleetServerUrl", url, rule).host;
}

test.each([
  ["https://fleet.example.com:8220", "fleet.example.com"],
  ["https://FLEET:1", "FLEET"],
  ["https://xn--bcher-kva.example:65535/path/to", "xn--bcher-kva.example"],
  ["https://10.0.0.1:8220", "10.0.0.1"],
  ["https://[fd00::1]:8220/", "fd00::1"],
])("%s has the host %s", (url, host) => {
  expect(hostOf(url)).toBe(host);
});

test("a URL is handed on as it was written", () => {
  const url = "https://fleet.example.com:8220/path/";
  expect(parseUrl(new Problems(""), "fleetServerUrl", url, FLEET_SERVER_URL).url).toBe(url);
});

test("Elasticsearch's URL needs no port", () => {
  expect(hostOf("https://es.example.com", ELASTICSEARCH_URL)).toBe("es.example.com");
});

test.each([
  ["http://fleet.example.com:8220", "is not an https URL", "write https://"],
  ["HTTPS://fleet.example.com:8220", "is not an https URL", "write https://"],
  ["fleet.example.com:8220", "is no URL", "write scheme, host and port"],
  ["", "is no URL", "write scheme, host and port"],
  ["https://fleet example.com:8220", "is no URL", "without blanks"],
  ["https://fleet.example.com:8220\n", "is no URL", "without blanks"],
  ["https://:8220", "has no host", "write the name that clients dial"],
  ["https://[]:8220", "has no host", "write the name that clients dial"],
  ["https://[10.0.0.1]:8220", "has a host that is no DNS name and no IP address", "IPv6 in brackets"],
  ["https://fd00::1:8220", "has a port that is no number from 1 to 65535", "write the port as a number"],
  ["https://büecher.example:8220", "has a host that is no DNS name and no IP address", "punycode"],
  ["https://999.1.1.1:8220", "has a host that is no DNS name and no IP address", "write the name that clients dial"],
  ["https://*.example.com:8220", "has a wildcard for a host", "write the one name that clients dial"],
  ["https://fleet.example.com:8220?a=b", "has a query or a fragment", "end the URL after the host"],
  ["https://fleet.example.com:8220/#a", "has a query or a fragment", "end the URL after the host"],
  [
    "https://fleet.example.com",
    "has no port, which elastic-agent takes for 443",
    "write the port: 443 in Elastic Cloud, else 8220",
  ],
  ["https://fleet.example.com:0", "has a port that is no number from 1 to 65535", "write the port as a number"],
  ["https://fleet.example.com:65536", "has a port that is no number from 1 to 65535", "write the port as a number"],
  ["https://fleet.example.com:", "has a port that is no number from 1 to 65535", "write the port as a number"],
  ["https://fleet.example.com:82x", "has a port that is no number from 1 to 65535", "write the port as a number"],
])("%p is refused: it %s", (url, what, fix) => {
  const message = refusal(url);
  expect(message).toContain(`stack/fleet: fleetServerUrl ${what}, got ${JSON.stringify(url)}`);
  expect(message).toContain("allowed: a URL such as https://fleet.example.com:8220");
  expect(message).toContain(fix);
});

test.each([
  "https://secret@fleet.example.com:8220",
  "https://user:secret@fleet.example.com:8220",
  "https://user:secret@secret@fleet.example.com:8220",
])("%s is refused, and what may be secret is hidden", (url) => {
  const message = refusal(url);
  expect(message).toContain('has a user or a password, got "https://(hidden)@fleet.example.com:8220"; allowed');
  expect(message).toContain("take them out of the URL: tokens have props of their own");
});

test.each([
  "http://user:secret@fleet.example.com:8220",
  "https://user:/secret?#@fleet.example.com:8220",
  'https://user:"se cret\\secret@fleet.example.com:8220',
  "user:secret@fleet.example.com:8220",
  "//user:secret@fleet.example.com:8220",
])("a password is hidden whatever else is wrong with %s", (url) => {
  expect(refusal(url)).toContain("(hidden)@fleet.example.com:8220");
  expect(refusal(url)).not.toMatch(/secret|cret/);
});

test("a zone of an IPv6 address is refused for what it is", () => {
  for (const zone of ["%25eth0", "%eth0"]) {
    expect(refusal(`https://[fe80::1${zone}]:8220`)).toContain(
      "fleetServerUrl has a zone, which means something else on each host and is in no certificate, got ",
    );
  }
});

test("the problems of Elasticsearch's URL name a URL of Elasticsearch's", () => {
  expect(refusal("http://es", ELASTICSEARCH_URL)).toContain("allowed: a URL such as https://es.example.com:9200");
});

test("a token is no problem, and its host is found by Terraform", () => {
  withStack((stack) => {
    const url = new TerraformVariable(stack, "url", {}).stringValue;
    expect(refusal(url)).toBe("");
    const { host } = parseUrl(new Problems(""), "fleetServerUrl", url, FLEET_SERVER_URL);
    expect(resolved(stack, host)).toMatch(
      /^\$\{try\(element\(regex\("\^https:.*", var\.url\), 0\), "unknown\.invalid"\)\}$/,
    );
  });
});

test("only URLs that Terraform alone knows are checked at plan, each under its own name", () => {
  withStack((stack) => {
    const [fleetServerUrl, elasticsearchUrl] = ["fleet", "es"].map(
      (id) => new TerraformVariable(stack, id, {}).stringValue,
    ) as [string, string];
    const known = { fleetServerUrl: "https://fleet:8220", elasticsearchUrl: "https://es" };
    expect(urlPreconditions(known)).toEqual([]);
    const messages = urlPreconditions({ fleetServerUrl, elasticsearchUrl }).map(({ errorMessage }) => errorMessage);
    expect(messages).toEqual([
      "fleetServerUrl is not usable; write a URL such as https://fleet.example.com:8220",
      "elasticsearchUrl is not usable; write a URL such as https://es.example.com:9200",
    ]);
  });
});
