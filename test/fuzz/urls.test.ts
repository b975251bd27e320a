import { isIP } from "node:net";

import { TerraformVariable } from "cdktf";
import fc from "fast-check";

import { explicitPort, urlHost } from "../../verify/dialled-url";
import { Problems, InputError } from "../../lib/private/problems";
import { alternativeNames, checkName, isDnsName } from "../../lib/private/names";
import { ELASTICSEARCH_URL, FLEET_SERVER_URL, parseUrl, urlCondition } from "../../lib/private/urls";
import { resolved, withStack } from "../support/apps";
import { damagedText } from "./damage";
import { fuzz } from "./fuzz";

const GOOD = [
  "https://fleet.example.com:8220",
  "https://FLEET:1",
  "https://xn--bcher-kva.example:65535/path/to",
  "https://10.0.0.1:8220",
  "https://[fd00::1]:8220/",
  "https://es.example.com",
];

/** The rule by which Terraform checks a URL that it alone knows, as JavaScript reads it. */
const CONDITION = withStack((stack) => {
  const url = new TerraformVariable(stack, "url", {}).stringValue;
  const text = String(resolved(stack, urlCondition(url, FLEET_SERVER_URL)));
  const [, pattern] = /regex\("((?:[^"\\]|\\.)*)"/.exec(text)!;
  return new RegExp((JSON.parse(`"${pattern}"`) as string).replace("[:space:]", "\\s"), "u");
});

function problemsOf(check: (problems: Problems) => void): string {
  const problems = new Problems("stack/fleet");
  check(problems);
  try {
    problems.throwIfAny();
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
}

const part = fc.constantFrom(
  ...["https", "http", "://", "//", ":", "@", "/", "?", "#", "[", "]", "fleet", ".example", "10.0.0.1", "fd00::1"],
  ...["8220", "0", "65536", "%41", " ", "\n", "\\", "*", "-", "_", "ü", "。", "\u00ad", "0x7f.1", "①"],
);
const url = fc.oneof(
  damagedText(GOOD, ":/@?#[]. *%\\-_0ü\n\t"),
  fc.array(part, { maxLength: 10 }).map((parts) => parts.join("")),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.string({ unit: "binary", maxLength: 40 }),
);

fuzz("URLs of Fleet Server and Elasticsearch", {
  percent: 6,
  input: url,
  holds: (text) => {
    for (const rule of [FLEET_SERVER_URL, ELASTICSEARCH_URL]) {
      let host = "";
      const message = problemsOf((problems) => {
        host = parseUrl(problems, "fleetServerUrl", text, rule).host;
      });
      if (message !== "") {
        expect(message.startsWith("stack/fleet: fleetServerUrl ")).toBe(true);
        expect(message.split("\n")).toHaveLength(1);
        continue;
      }
      // What is accepted is what every other reader of URLs takes for the same host.
      const read = new URL(text);
      expect([read.protocol, read.username, read.password, read.search, read.hash]).toEqual(["https:", "", "", "", ""]);
      expect(read.hostname).toBe(isIP(host) === 6 ? new URL(`https://[${host}]`).hostname : host.toLowerCase());
      expect(urlHost(text)).toBe(read.hostname.replace(/^\[|\]$/g, ""));
      if (rule.portRequired) {
        expect(explicitPort(text)).toBe(Number(read.port === "" ? 443 : read.port));
        // And what is accepted at synth would be accepted at plan.
        expect(CONDITION.exec(text)?.[1]).toBe(host);
      }
    }
  },
});

const name = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
  damagedText(["fleet.example.com", "*.example.com", "xn--bcher-kva.example", "10.0.0.1", "fd00::1"], ".-*_:% ü0\n"),
  fc.string({ unit: "binary", maxLength: 30 }),
);

/** Whether text is an address of one host: not the unspecified one, and without a zone, which certificates cannot have. */
function isHost(text: string): boolean {
  const [isIpv4, isIpv6] = [isIP(text) === 4, isIP(text) === 6 && !text.includes("%")];
  const bare = isIpv6 ? new URL(`https://[${text}]`).hostname : text;
  return (isIpv4 || isIpv6) && !["0.0.0.0", "[::]"].includes(bare);
}

fuzz("names of certificates", {
  percent: 3,
  input: name,
  holds: (text) => {
    const message = problemsOf((problems) => checkName(problems, "names[0]", text));
    expect(message === "").toBe(isDnsName(text) || isHost(text));
    if (message !== "") return;
    const { dnsNames, ipAddresses } = alternativeNames([text]);
    expect([...dnsNames, ...ipAddresses]).toEqual([text]);
    expect(ipAddresses).toHaveLength(isIP(text) === 0 ? 0 : 1);
    // A name is one that a URL can have, wildcards being for certificates alone.
    if (dnsNames.length > 0) {
      const bare = text.replace(/^\*\./, "");
      expect(new URL(`https://${bare}`).hostname).toBe(bare.toLowerCase());
    }
  },
});
