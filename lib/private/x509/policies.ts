import { contextTag, DerReader, EncodingError, readSequence, Tag } from "./der";
import { integerValue, longOidValue } from "./der-values";
import type { Finding } from "./finding";
import { error } from "./finding";

/** Certificate policies of a certificate (RFC 5280, 4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14). */
export interface Policies {
  /** Object identifiers; none where the extension is absent. */
  readonly policies: readonly string[];
  readonly hasPolicyMappings: boolean;
  /** After how many certificates below it a policy is required. */
  readonly requireExplicitPolicy?: number;
  readonly inhibitsAnyPolicy: boolean;
}

const ANY_POLICY = "2.5.29.32.0";

export function readPolicies(value: Buffer): string[] {
  const what = "certificate policies";
  const policies: string[] = [];
  for (const reader = readSequence(value, what); !reader.atEnd;) {
    const policy = longOidValue(reader.enter(what).expect(Tag.OID, what), what);
    if (policies.includes(policy)) {
      throw new EncodingError(`${what}: ${policy} occurs twice, which RFC 5280 (4.2.1.4) forbids`);
    }
    policies.push(policy);
  }
  return policies;
}

export function checkPolicyMappings(value: Buffer): void {
  const what = "policy mappings";
  for (const reader = readSequence(value, what); !reader.atEnd;) {
    const mapping = reader.enter(what);
    const pair = [mapping.expect(Tag.OID, what), mapping.expect(Tag.OID, what)].map((one) => longOidValue(one, what));
    if (pair.includes(ANY_POLICY)) {
      throw new EncodingError(`${what}: of anyPolicy, which RFC 5280 (4.2.1.5) forbids`);
    }
  }
}

export function readPolicyConstraints(value: Buffer): number | undefined {
  const what = "policy constraints";
  const reader = readSequence(value, what);
  const [explicit, mapping] = [0, 1].map((number) => reader.optional(contextTag(number, false), what));
  reader.end();
  for (const count of [explicit, mapping]) {
    if (count !== undefined && (count.content.length > 4 || integerValue(count, what) < 0n)) {
      throw new EncodingError(`${what}: not a count of certificates`);
    }
  }
  return explicit === undefined ? undefined : Number(integerValue(explicit, what));
}

export function checkInhibitAnyPolicy(value: Buffer): void {
  const what = "inhibit anyPolicy";
  const reader = new DerReader(value, what);
  const count = reader.expect(Tag.INTEGER, what);
  reader.end();
  if (count.content.length > 4 || integerValue(count, what) < 0n) {
    throw new EncodingError(`${what}: not a count of certificates`);
  }
}

/** A certificate of a path, from which its policies are checked. */
export interface PolicyBearer extends Policies {
  readonly subject: { readonly text: string };
  readonly isSelfIssued: boolean;
}

/**
 * Whether a path has a policy where one of its CAs requires one, as in Go's `crypto/x509`; the anchor's own say counts
 * for nothing. Mappings are not followed: a path that needs them is refused.
 *
 * @param path the leaf first, without the anchor
 */
export function checkPolicies(path: readonly PolicyBearer[]): Finding[] {
  let left = path.length + 1;
  let requiring: string | undefined;
  let shared: ReadonlySet<string> | undefined;
  let isUsable = true;
  for (const [i, certificate] of [...path.entries()].reverse()) {
    isUsable &&= certificate.policies.length > 0 && !certificate.hasPolicyMappings;
    shared = common(
      shared,
      certificate.policies,
      path.some((one) => one.inhibitsAnyPolicy),
    );
    if (left === 0 && !(isUsable && shared?.size !== 0)) {
      return [unmet(requiring)];
    }
    if (i > 0 && !certificate.isSelfIssued && left > 0) {
      left -= 1;
    }
    const { requireExplicitPolicy } = certificate;
    if (requireExplicitPolicy !== undefined && requireExplicitPolicy < left) {
      left = i > 0 || requireExplicitPolicy === 0 ? requireExplicitPolicy : left;
      requiring = certificate.subject.text;
    }
  }
  return left <= 1 && !(isUsable && shared?.size !== 0) && (left === 0 || requiring !== undefined)
    ? [unmet(requiring)]
    : [];
}

/** The policies that both have, of which anyPolicy stands for all. */
function common(
  above: ReadonlySet<string> | undefined,
  own: readonly string[],
  inhibitsAny: boolean,
): ReadonlySet<string> | undefined {
  if (own.includes(ANY_POLICY) && !inhibitsAny) {
    return above;
  }
  return new Set(above === undefined ? own : own.filter((policy) => above.has(policy)));
}

function unmet(by: string | undefined): Finding {
  const what = `has no certificate policy, which ${by ?? "a CA above it"} requires by its policy constraints`;
  return error(55, what, "use a CA without requireExplicitPolicy");
}
