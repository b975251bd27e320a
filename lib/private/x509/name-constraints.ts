import { isIP } from "node:net";

import { contextTag, DerReader, EncodingError } from "./der";
import type { AlternativeNames } from "./general-names";
import { ia5Text, isDomain, mailboxDomain } from "./general-names";
import { ipBytes } from "./host-name";
import { readName } from "./name";
import type { Finding } from "./finding";
import { error } from "./finding";

/** Names that a CA permits, or excludes, by their type (RFC 5280, 4.2.1.10). */
export interface Subtrees {
  readonly dnsNames: readonly string[];
  readonly ipRanges: readonly IpRange[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
}

/** An address and a mask of as many bytes. */
export interface IpRange {
  readonly address: Buffer;
  readonly mask: Buffer;
}

/** A CA's constraints on the names of certificates below it. */
export interface NameConstraints {
  readonly permitted: Subtrees;
  readonly excluded: Subtrees;
  /** Whether there are some of a type that Go does not handle: critical, they are refused. */
  readonly unhandled: boolean;
}

const WHAT = "name constraints";

/** Reads the extension as Go's `crypto/x509` does. */
export function readNameConstraints(value: Buffer): NameConstraints {
  const outer = new DerReader(value, WHAT);
  const lists = outer.enter(WHAT);
  outer.end();
  const permitted = lists.optional(contextTag(0, true), WHAT)?.content;
  const excluded = lists.optional(contextTag(1, true), WHAT)?.content;
  lists.end();
  if ((permitted?.length ?? 0) + (excluded?.length ?? 0) === 0) {
    throw new EncodingError(`${WHAT}: empty, which RFC 5280 (4.2.1.10) forbids`);
  }
  const [one, other] = [readSubtrees(permitted), readSubtrees(excluded)];
  return { permitted: one.subtrees, excluded: other.subtrees, unhandled: one.unhandled || other.unhandled };
}

function readSubtrees(content: Buffer | undefined): { subtrees: Subtrees; unhandled: boolean } {
  const found = {
    dnsNames: [] as string[],
    ipRanges: [] as IpRange[],
    emails: [] as string[],
    uris: [] as string[],
  };
  let unhandled = false;
  for (const reader = new DerReader(content ?? Buffer.alloc(0), WHAT); !reader.atEnd;) {
    const base = reader.enter(WHAT).next(WHAT);
    switch (base.tag) {
      case contextTag(1, false):
        found.emails.push(emailConstraint(ia5Text(base.content, WHAT)));
        break;
      case contextTag(2, false):
        found.dnsNames.push(domainConstraint(ia5Text(base.content, WHAT)));
        break;
      case contextTag(6, false):
        found.uris.push(uriConstraint(ia5Text(base.content, WHAT)));
        break;
      case contextTag(7, false):
        found.ipRanges.push(ipRange(base.content));
        break;
      default:
        unhandled = true;
        if (base.tag === contextTag(4, true)) {
          // Go skips distinguished names; Java and OpenSSL refuse one that they cannot read.
          readName(new DerReader(base.content, WHAT), WHAT);
        }
    }
  }
  return { subtrees: found, unhandled };
}

function domainConstraint(domain: string): string {
  if (!isDomain(domain.replace(/^\./, "")) || domain === ".") {
    throw new EncodingError(`${WHAT}: a domain that Go does not read`);
  }
  return domain;
}

function emailConstraint(email: string): string {
  if (email.includes("@")) {
    if (mailboxDomain(email) === undefined) {
      throw new EncodingError(`${WHAT}: a mailbox that Go does not read`);
    }
    return email;
  }
  return domainConstraint(email);
}

function uriConstraint(domain: string): string {
  if (isIP(domain) !== 0) {
    throw new EncodingError(`${WHAT}: a URI's constraint that is an IP address, which Go refuses`);
  }
  return domainConstraint(domain);
}

function ipRange(content: Buffer): IpRange {
  if (content.length !== 8 && content.length !== 32) {
    throw new EncodingError(`${WHAT}: IP range of ${content.length} bytes, 8 or 32 are allowed`);
  }
  const half = content.length / 2;
  const range = { address: content.subarray(0, half), mask: content.subarray(half) };
  if (/01/.test([...range.mask].map((byte) => byte.toString(2).padStart(8, "0")).join(""))) {
    throw new EncodingError(`${WHAT}: an IP mask that is no prefix, which Go refuses`);
  }
  return range;
}

/** The CA whose constraints are checked. */
export interface Constraining {
  readonly subject: { readonly text: string };
  readonly nameConstraints?: NameConstraints;
}

/** Names of a certificate that a CA above it does not permit, or excludes: every verifier refuses the certificate. */
export function checkNameConstraints(names: AlternativeNames, ca: Constraining): Finding[] {
  const { nameConstraints } = ca;
  if (nameConstraints === undefined) {
    return [];
  }
  const { permitted, excluded } = nameConstraints;
  const name = ca.subject.text || "a CA without a name";
  const refuse = (text: string, why: string): Finding =>
    error(
      55,
      `has the name ${text}, which ${name} ${why} by its name constraints`,
      "take that name out, or use a CA whose name constraints permit it",
    );
  const check = <T>(
    text: string,
    value: T,
    allow: readonly T[],
    forbid: readonly T[],
    covers: Covers<T>,
  ): Finding[] => {
    if (allow.length > 0 && !allow.some((one) => covers(one, value, true))) {
      return [refuse(text, "does not permit")];
    }
    return forbid.some((one) => covers(one, value, false)) ? [refuse(text, "excludes")] : [];
  };
  return [
    ...names.dnsNames.flatMap((dns) =>
      isDomain(dns)
        ? check(dns, dns, permitted.dnsNames, excluded.dnsNames, coversDomain)
        : [refuse(dns, "cannot judge")],
    ),
    ...names.ipAddresses.flatMap((ip) => {
      const address = ipBytes(ip);
      const ranges = [permitted, excluded].map((one) => one.ipRanges) as [readonly IpRange[], readonly IpRange[]];
      const whole = { address, mask: address };
      return check<IpRange>(ip, whole, ...ranges, (range, { address: at }, permits) =>
        coversAddress(range, at, permits),
      );
    }),
    ...names.emailAddresses.flatMap((email) =>
      mailboxDomain(email) === undefined
        ? [refuse(email, "cannot judge")]
        : check(email, email, permitted.emails, excluded.emails, coversMailbox),
    ),
    ...names.uris.flatMap((uri) => {
      const host = uriHost(uri);
      return host === undefined
        ? [refuse(uri, "cannot judge")]
        : check(uri, host, permitted.uris, excluded.uris, coversDomain);
    }),
  ];
}

const IPV4_MAPPED = Buffer.from("00000000000000000000ffff", "hex");

type Covers<T> = (constraint: T, value: T, permits: boolean) => boolean;

/** A domain covers itself and what is below it; with a leading dot only what is below; the empty one everything. */
function coversDomain(constraint: string, domain: string, permits: boolean): boolean {
  const [wanted, got] = [constraint.toLowerCase(), domain.toLowerCase()];
  if (wanted === "" || got === wanted || got.endsWith(wanted.startsWith(".") ? wanted : `.${wanted}`)) {
    return true;
  }
  // A wildcard matches the excluded name too.
  return !permits && got.startsWith("*.") && wanted.replace(/^[^.]*/, "") === got.slice(1);
}

function coversMailbox(constraint: string, email: string, permits: boolean): boolean {
  const domain = mailboxDomain(email)!;
  return constraint.includes("@")
    ? constraint.slice(0, constraint.lastIndexOf("@")) === email.slice(0, email.lastIndexOf("@")) &&
        mailboxDomain(constraint)!.toLowerCase() === domain.toLowerCase()
    : coversDomain(constraint, domain, permits);
}

/** Of an IPv4 address in the form of IPv6, Go since 1.26 permits none; before, it goes by the range. */
function coversAddress({ address, mask }: IpRange, ip: Buffer, permits: boolean): boolean {
  if (permits && ip.length === 16 && ip.subarray(0, 12).equals(IPV4_MAPPED)) {
    return false;
  }
  return ip.length === address.length && ip.every((byte, i) => (byte & mask[i]!) === (address[i]! & mask[i]!));
}

/** The host of a URI as a domain; undefined for one without, and for an IP address. */
function uriHost(uri: string): string | undefined {
  const host = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)(?::\d*)?(?:[/?#]|$)/.exec(uri)?.[1];
  return host === undefined || isIP(host) !== 0 || host.startsWith("[") ? undefined : host;
}
