import type { DerElement } from "./der";
import { contextTag, DerReader, EncodingError, readSequence, Tag } from "./der";
import { bitsValue, booleanValue, countValue, oidValue } from "./der-values";
import type { AlternativeNames } from "./general-names";
import { readAlternativeNames } from "./general-names";
import type { NameConstraints } from "./name-constraints";
import { readNameConstraints } from "./name-constraints";
import type { Policies } from "./policies";
import { checkInhibitAnyPolicy, checkPolicyMappings, readPolicies, readPolicyConstraints } from "./policies";

/** Extensions of a certificate or a certificate request. */
export interface X509Extensions extends AlternativeNames, Policies {
  readonly isCa: boolean;
  readonly basicConstraintsCritical: boolean;
  /** Number of CAs that may follow below this one, not counting a leaf. */
  readonly pathLength?: number;
  /** `digitalSignature`, `keyCertSign` and so on; undefined when the extension is absent, which allows everything. */
  readonly keyUsage?: readonly string[];
  /** `serverAuth`, `clientAuth` and so on; undefined when the extension is absent, which allows everything. */
  readonly extendedKeyUsage?: readonly string[];
  readonly subjectKeyId?: string;
  readonly authorityKeyId?: string;
  readonly nameConstraints?: NameConstraints;
  /** Critical ones that are not understood here: a verifier refuses the certificate if it does not know them either. */
  readonly unknownCritical: readonly string[];
}

type Draft = { -readonly [K in keyof X509Extensions]: X509Extensions[K] };

// RFC 5280, 4.2.1.3, bit 0 first.
const KEY_USAGES = [
  "digitalSignature",
  "contentCommitment",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
];

const EXTENDED_KEY_USAGES: Readonly<Record<string, string>> = {
  "2.5.29.37.0": "anyExtendedKeyUsage",
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth",
  "1.3.6.1.5.5.7.3.3": "codeSigning",
  "1.3.6.1.5.5.7.3.4": "emailProtection",
  "1.3.6.1.5.5.7.3.8": "timeStamping",
  "1.3.6.1.5.5.7.3.9": "OCSPSigning",
};

export const NAME_CONSTRAINTS = "2.5.29.30";

/** Reads a value; answers "unhandled" where Go does not understand it, so that it refuses the certificate if it is critical. */
type Reader = (into: Draft, value: Buffer, critical: boolean) => unknown;

const READERS: Readonly<Record<string, Reader>> = {
  "2.5.29.14": (into, value, critical) => {
    refuseCritical(critical, "subject key identifier");
    into.subjectKeyId = only(value, Tag.OCTET_STRING, "subject key identifier").content.toString("hex");
  },
  "2.5.29.15": (into, value) => {
    const what = "key usage";
    const bits = bitsValue(only(value, Tag.BIT_STRING, what), what);
    into.keyUsage = KEY_USAGES.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
  },
  "2.5.29.17": (into, value) => {
    const names = readAlternativeNames(value);
    Object.assign(into, names);
    return Object.values(names).every((list) => list.length === 0) ? "unhandled" : undefined;
  },
  "2.5.29.19": (into, value, critical) => {
    const what = "basic constraints";
    const reader = readSequence(value, what);
    const isCa = reader.optional(Tag.BOOLEAN, what);
    const pathLength = reader.optional(Tag.INTEGER, what);
    reader.end();
    into.isCa = isCa !== undefined && booleanValue(isCa, what);
    into.basicConstraintsCritical = critical;
    into.pathLength = pathLength === undefined ? undefined : countValue(pathLength, what);
  },
  [NAME_CONSTRAINTS]: (into, value) => {
    into.nameConstraints = readNameConstraints(value);
    return into.nameConstraints.unhandled ? "unhandled" : undefined;
  },
  "2.5.29.31": (_, value) => {
    checkDistributionPoints(value);
  },
  "2.5.29.32": (into, value) => {
    into.policies = readPolicies(value);
  },
  "2.5.29.33": (into, value) => {
    checkPolicyMappings(value);
    into.hasPolicyMappings = true;
  },
  "2.5.29.35": (into, value, critical) => {
    refuseCritical(critical, "authority key identifier");
    const what = "authority key identifier";
    into.authorityKeyId = readSequence(value, what).optional(contextTag(0, false), what)?.content.toString("hex");
  },
  "2.5.29.36": (into, value) => {
    into.requireExplicitPolicy = readPolicyConstraints(value);
  },
  "2.5.29.37": (into, value) => {
    const what = "extended key usage";
    const usages: string[] = [];
    for (const reader = readSequence(value, what); !reader.atEnd;) {
      const oid = oidValue(reader.expect(Tag.OID, what), what);
      usages.push(EXTENDED_KEY_USAGES[oid] ?? oid);
    }
    into.extendedKeyUsage = usages;
  },
  "2.5.29.54": (into, value) => {
    checkInhibitAnyPolicy(value);
    into.inhibitsAnyPolicy = true;
  },
  "1.3.6.1.5.5.7.1.1": (_, value, critical) => {
    refuseCritical(critical, "authority information access");
    checkInformationAccess(value);
  },
};

/** Reads a SEQUENCE of extensions; none at all are those of a certificate of version 1. */
export function readExtensions(extensions?: DerReader): X509Extensions {
  const draft: Draft = {
    isCa: false,
    basicConstraintsCritical: false,
    dnsNames: [],
    ipAddresses: [],
    emailAddresses: [],
    uris: [],
    policies: [],
    hasPolicyMappings: false,
    inhibitsAnyPolicy: false,
    unknownCritical: [],
  };
  const seen = new Set<string>();
  while (extensions !== undefined && !extensions.atEnd) {
    const extension = extensions.enter("extension");
    const oid = oidValue(extension.expect(Tag.OID, "extension"), "extension");
    const flag = extension.optional(Tag.BOOLEAN, `extension ${oid}`);
    const critical = flag !== undefined && booleanValue(flag, `extension ${oid}`);
    const value = extension.expect(Tag.OCTET_STRING, `extension ${oid}`).content;
    extension.end();
    if (seen.has(oid)) {
      throw new EncodingError(`extension ${oid} occurs twice, which RFC 5280 (4.2) forbids`);
    }
    seen.add(oid);
    const read = READERS[oid];
    const unhandled = read === undefined || read(draft, value, critical) === "unhandled";
    if (critical && unhandled) {
      draft.unknownCritical = [...draft.unknownCritical, oid];
    }
  }
  return draft;
}

/** RFC 5280 forbids it, and Go refuses the certificate. */
function refuseCritical(critical: boolean, what: string): void {
  if (critical) {
    throw new EncodingError(`${what}: marked critical, which RFC 5280 (4.2) forbids and Go refuses`);
  }
}

function checkDistributionPoints(value: Buffer): void {
  const what = "CRL distribution points";
  for (const reader = readSequence(value, what); !reader.atEnd;) {
    const name = reader.enter(what).optional(contextTag(0, true), what);
    if (name !== undefined) {
      skipUris(new DerReader(name.content, what).enter(what, contextTag(0, true)), what);
    }
  }
}

function skipUris(names: DerReader, what: string): void {
  while (names.optional(contextTag(6, false), what) !== undefined) {
    // Read so that a name that is cut short is found.
  }
}

function checkInformationAccess(value: Buffer): void {
  const what = "authority information access";
  for (const reader = readSequence(value, what); !reader.atEnd;) {
    const access = reader.enter(what);
    oidValue(access.expect(Tag.OID, what), what);
    access.optional(contextTag(6, false), what);
  }
}

function only(value: Buffer, tag: number, what: string): DerElement {
  const reader = new DerReader(value, what);
  const element = reader.expect(tag, what);
  reader.end();
  return element;
}
