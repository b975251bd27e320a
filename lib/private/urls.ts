import { isIP } from "node:net";

import type { Precondition } from "cdktf";
import { Fn, Op, Token } from "cdktf";

import type { Problems } from "./problems";
import { quoted } from "./problems";
import { isDnsName, isUnspecified, LABEL } from "./names";
import { expression, isKnown, literalArgument } from "./terraform/text";

/** The parts of a URL that certificates and commands need. */
export interface Endpoint {
  /** The URL as written. */
  readonly url: string;
  /** Host name or address, without brackets; a Terraform expression where the URL is a token. */
  readonly host: string;
}

export interface UrlRule {
  /** Whether the port must be written. */
  readonly portRequired: boolean;
  /** A valid example. */
  readonly example: string;
}

export const FLEET_SERVER_URL: UrlRule = { portRequired: true, example: "https://fleet.example.com:8220" };

export const ELASTICSEARCH_URL: UrlRule = { portRequired: false, example: "https://es.example.com:9200" };

/** Stands in for a URL that was refused, so that the rest can still be checked. */
const UNKNOWN: Endpoint = { url: "https://unknown.invalid:1", host: "unknown.invalid" };

const URL_PARTS =
  /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(?:\[([^\]]*)\]|([^/?#:[\]]*))(?::([^/?#]*))?(\/[^?#]*)?(\?[^#]*)?(#.*)?$/s;

const PORT = "0{0,4}(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

/** The same rule as Terraform sees it (RE2): one group, the host. */
const hostPattern = (port: string): string =>
  `^https://\\[?(${LABEL}(?:\\.${LABEL})*|[0-9A-Fa-f:.]+)\\]?${port}(?:/[^?#[:space:]]*)?$`;
const HOST_PATTERN = hostPattern(`(?::${PORT})?`);
const HOST_AND_PORT_PATTERN = hostPattern(`:${PORT}`);

/**
 * An https URL with its port. Where it is missing Kibana fills in 443 (fleet/common/services/hosts_utils.ts), Fleet
 * Server 9200 (internal/pkg/config/output.go): written out, both dial the same.
 */
export function withPort(url: string, port: string): string {
  if (isKnown(url)) {
    return url.replace(/^(https:\/\/(?:\[[^\]]*\]|[^/:]+))(?=\/|$)/, `$1:${port}`);
  }
  const whole = expression(url);
  const hasPort = Fn.can(Fn.regex(literalArgument("^https://(\\[[^\\]]*\\]|[^/:]+):"), whole));
  const filledIn = Fn.replace(whole, literalArgument("/^(https://(?:\\[[^\\]]*\\]|[^/:]+))/"), `$1:${port}`);
  return Token.asString(Fn.conditional(hasPort, whole, filledIn));
}

/** Reads an https URL; its errors go into `problems`. */
export function parseUrl(problems: Problems, prop: string, url: string, rule: UrlRule): Endpoint {
  if (!isKnown(url)) {
    const host = Fn.element(Fn.regex(regexArgument(HOST_PATTERN), expression(url)), 0) as string;
    // The precondition reports what is wrong with a URL; this expression does not.
    return { url, host: Fn.try([host, UNKNOWN.host]) as string };
  }
  const wrong = problemOf(url, rule);
  if (wrong) {
    problems.add(prop, {
      what: wrong.what,
      got: quoted(url),
      allowed: `a URL such as ${rule.example}`,
      fix: wrong.fix,
    });
    return UNKNOWN;
  }
  const [, , , ip, name] = URL_PARTS.exec(url) as RegExpExecArray;
  return { url, host: (ip ?? name) as string };
}

/** Condition that a URL which only Terraform knows is one that {@link parseUrl} would accept. */
export function urlCondition(url: string, rule: UrlRule): unknown {
  const pattern = rule.portRequired ? HOST_AND_PORT_PATTERN : HOST_PATTERN;
  const matches = (text: string): unknown => Fn.can(Fn.regex(regexArgument(text), expression(url)));
  // A host that ends in a number is read as an IPv4 address, and 10.1.2.03 is none.
  const isNumber = matches(`^https://(?:[^/?#[:]*\\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)(?:[:/]|$)`);
  const isAddress = matches(`^https://${OCTET}(?:\\.${OCTET}){3}(?:[:/]|$)`);
  const isUnspecifiedHost = matches("^https://(?:0\\.0\\.0\\.0|\\[[0:]+\\])(?:[:/]|$)");
  // An IPv6 address is in brackets, and nothing else is.
  const hasBrackets = matches("^https://\\[");
  const bracketed = Fn.try([
    Fn.element(Fn.regex(regexArgument("^https://\\[([^\\]]*:[^\\]]*)\\]"), expression(url)), 0),
    "-",
  ]);
  const isIpv6 = Fn.can(Fn.cidrhost(Fn.join("", [bracketed, "/128"]), 0));
  const isName = matches(`^https://[^\\[\\]:/]+(?::${PORT})?(?:/|$)`);
  const isHost = Op.or(Op.and(hasBrackets, isIpv6), isName);
  return [isHost, Op.or(Op.not(isNumber), isAddress), Op.not(isUnspecifiedHost)].reduce(
    (all, each) => Op.and(all, each),
    matches(pattern),
  );
}

/** A number of an IPv4 address: without a leading zero, which some read as octal. */
const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

/** Preconditions for a URL, if only Terraform knows it. `what` names it in the error. */
export function urlPrecondition(what: string, url: string, rule: UrlRule): Precondition[] {
  const errorMessage = `${what} is not usable; write a URL such as ${rule.example}`;
  return isKnown(url) ? [] : [{ condition: urlCondition(url, rule), errorMessage }];
}

/** Preconditions for the URLs of a fleet that only Terraform knows. */
export function urlPreconditions(urls: {
  readonly fleetServerUrl: string;
  readonly elasticsearchUrl: string;
}): Precondition[] {
  return [
    ...urlPrecondition("fleetServerUrl", urls.fleetServerUrl, FLEET_SERVER_URL),
    ...urlPrecondition("elasticsearchUrl", urls.elasticsearchUrl, ELASTICSEARCH_URL),
  ];
}

function problemOf(url: string, rule: UrlRule): { what: string; fix: string } | undefined {
  const parts = URL_PARTS.exec(url);
  if (!parts || /[\s\p{Cc}]/u.test(url)) {
    return { what: "is no URL", fix: "write scheme, host and port, without blanks" };
  }
  const [, scheme, user, ip, name, port, , query, fragment] = parts;
  if (scheme !== "https") {
    return { what: "is not an https URL", fix: "write https://, since everything here exists to make TLS work" };
  }
  if (user !== undefined) {
    return { what: "has a user or a password", fix: "take them out of the URL: tokens have props of their own" };
  }
  if (query !== undefined || fragment !== undefined) {
    return { what: "has a query or a fragment", fix: "end the URL after the host, the port or the path" };
  }
  if (ip?.includes("%")) {
    return {
      what: "has a zone, which means something else on each host and is in no certificate",
      fix: "write the address without % and what follows it, or a name that clients dial",
    };
  }
  if (ip !== undefined ? isIP(ip) !== 6 : isIP(name as string) !== 4 && !isDnsName(name as string)) {
    return {
      what: (ip ?? name) === "" ? "has no host" : "has a host that is no DNS name and no IP address",
      fix: "write the name that clients dial, IPv6 in brackets, international names as punycode",
    };
  }
  if (isUnspecified((ip ?? name) as string)) {
    return {
      what: "has the unspecified address for a host, which no client can dial",
      fix: "write the name that clients dial",
    };
  }
  if ((ip ?? name)?.startsWith("*")) {
    return { what: "has a wildcard for a host", fix: "write the one name that clients dial" };
  }
  if (port === undefined && rule.portRequired) {
    // elastic-agent fills in 443 for https, not Fleet Server's 8220 (internal/pkg/agent/application/enroll, MakeURL).
    return {
      what: "has no port, which elastic-agent takes for 443",
      fix: "write the port: 443 in Elastic Cloud, else 8220 unless it is mapped",
    };
  }
  if (port !== undefined && !(/^[0-9]{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535)) {
    return { what: "has a port that is no number from 1 to 65535", fix: "write the port as a number" };
  }
  return undefined;
}

/** Terraform's own string syntax takes one level of backslashes away. */
function regexArgument(pattern: string): string {
  return pattern.replace(/\\/g, "\\\\");
}
