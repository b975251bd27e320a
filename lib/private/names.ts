import { isIP } from "node:net";
import { domainToASCII } from "node:url";

import { Fn, Op, Token } from "cdktf";

import type { Problems } from "./problems";
import { quoted } from "./problems";
import { expression, isKnown, literalArgument } from "./terraform/text";

/** Subject alternative names, by kind, as the tls provider takes them. */
export interface AlternativeNames {
  readonly dnsNames: string[];
  readonly ipAddresses: string[];
}

/** One part of a DNS name, as JavaScript and RE2 read it. */
export const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const DNS_NAME = new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`);

/** A host that ends like this is read as an IPv4 address, mostly a wrong one (WHATWG URL, "ends in a number"). */
const ENDS_IN_NUMBER = /(?:^|\.)(?:[0-9]+|0[xX][0-9A-Fa-f]*)$/;

/** The unspecified address, and numbers with a leading zero, which `cidrhost` takes and Go does not; as RE2 reads it. */
const NO_ADDRESS = "^(?:[0:.]+|(?:[0-9]+\\.)*0[0-9]+(?:\\.[0-9]+)*)$";

/** Whether a verifier would accept the text as a DNS name (RFC 5280 §4.2.1.6, RFC 1034 §3.5), and a URL as its host. */
export function isDnsName(text: string): boolean {
  return text.length <= 253 && DNS_NAME.test(text) && !ENDS_IN_NUMBER.test(text) && isPunycodeWhole(text);
}

/** A cut or mistyped international name has no characters, and no URL has it as its host. */
function isPunycodeWhole(name: string): boolean {
  return !/(?:^|\.)xn--/i.test(name) || domainToASCII(name.replace(/^\*\./, "")) !== "";
}

/** Whether an address means every address of a host: it can be listened on but not dialled. */
export function isUnspecified(address: string): boolean {
  return isIP(address) !== 0 && /^[0:.]+$/.test(address);
}

/** Refuses a name that is neither a DNS name nor an IP address. A token is Terraform's to check. */
export function checkName(problems: Problems, prop: string, name: string): void {
  const isAddress = isIP(name) !== 0 && !isUnspecified(name) && !name.includes("%");
  if (typeof name === "string" && (!isKnown(name) || isAddress || isDnsName(name))) {
    return;
  }
  problems.add(prop, {
    what:
      typeof name !== "string"
        ? "is not text"
        : name === ""
          ? "is empty"
          : isUnspecified(name)
            ? "is the unspecified address, which no client can dial"
            : isIP(name) !== 0
              ? "has a zone, which means something else on each host and is in no certificate"
              : name.includes("_")
                ? "contains an underscore, which the name of a host must not contain (RFC 1123)"
                : "is no DNS name and no IP address",
    got: quoted(name),
    allowed: 'names such as "fleet.example.com" or "*.example.com", addresses such as "10.0.0.1" or "fd00::1"',
    fix: "write one name or address an entry, without port, zone, blanks or brackets, international names as punycode",
  });
}

/** The condition that a name which only Terraform knows is one that {@link checkName} would accept. */
export function nameCondition(name: string): unknown {
  const matches = (pattern: string): unknown => Fn.can(Fn.regex(literalArgument(pattern), expression(name)));
  const dnsName = Op.and(matches(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`), Op.not(matches(ENDS_IN_NUMBER.source)));
  return Op.or(dnsName, Op.and(isIpExpression(name), Op.not(matches(NO_ADDRESS))));
}

/**
 * Sorts names into DNS and IP SANs: an address must be an IP SAN, since Go never matches it against a DNS SAN
 * (elastic-agent-libs tls_config.go). What only Terraform knows is sorted by Terraform.
 */
export function alternativeNames(names: string[]): AlternativeNames {
  const known = [...new Set(names.filter(isKnown))];
  const tokens = [...new Set(names.filter((name) => !isKnown(name)))];
  const dnsNames = known.filter((name) => isIP(name) === 0);
  const ipAddresses = known.filter((name) => isIP(name) !== 0);
  if (tokens.length === 0) {
    return { dnsNames, ipAddresses };
  }
  const ifIp = (token: string, yes: unknown, no: unknown): unknown => Fn.conditional(isIpExpression(token), yes, no);
  return {
    dnsNames: mergeLists(
      dnsNames,
      tokens.map((token) => ifIp(token, [], [expression(token)])),
    ),
    ipAddresses: mergeLists(
      ipAddresses,
      tokens.map((token) => ifIp(token, [expression(token)], [])),
    ),
  };
}

/** A Terraform condition that is true for an IPv4 or IPv6 address; `cidrhost` fails on anything else. */
function isIpExpression(token: string): unknown {
  return Fn.can(Fn.cidrhost(Fn.join("", [expression(token), "/32"]), 0));
}

function mergeLists(known: string[], lists: unknown[]): string[] {
  return Token.asList(Fn.distinct(Fn.concat([known, ...lists])));
}
