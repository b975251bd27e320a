import { isIPv6 } from "node:net";

import type { DerElement } from "./der";
import { contextTag, DerReader, EncodingError, readSequence, Tag } from "./der";
import { asciiText, bitsValue, booleanValue, countValue, oidValue } from "./der-values";

/** What a certificate, or a certificate request, says in its extensions. */
export interface X509Extensions {
  readonly isCa: boolean;
  readonly basicConstraintsCritical: boolean;
  /** How many CAs may follow below this one, not counting a leaf. */
  readonly pathLength?: number;
  /** `digitalSignature`, `keyCertSign` and so on; undefined when the extension is absent, which allows everything. */
  readonly keyUsage?: readonly string[];
  /** `serverAuth`, `clientAuth` and so on; undefined when the extension is absent, which allows everything. */
  readonly extendedKeyUsage?: readonly string[];
  readonly subjectKeyId?: string;
  readonly authorityKeyId?: string;
  readonly dnsNames: readonly string[];
  /** In canonical text: IPv6 as in RFC 5952. */
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
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

/** Understood by every verifier, though nothing is read from them here (RFC 5280, 4.2.1). */
const UNDERSTOOD = new Set(["2.5.29.30", "2.5.29.31", "2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54"]);

const READERS: Readonly<Record<string, (into: Draft, value: Buffer, critical: boolean) => void>> = {
  "2.5.29.14": (into, value) => {
    into.subjectKeyId = only(value, Tag.OCTET_STRING, "subject key identifier").content.toString("hex");
  },
  "2.5.29.15": (into, value) => {
    const what = "key usage";
    const bits = bitsValue(only(value, Tag.BIT_STRING, what), what);
    into.keyUsage = KEY_USAGES.filter((_, bit) => ((bits[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
  },
  "2.5.29.17": readAlternativeNames,
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
  "2.5.29.35": (into, value) => {
    const what = "authority key identifier";
    into.authorityKeyId = readSequence(value, what).optional(contextTag(0, false), what)?.content.toString("hex");
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
};

/** Reads a SEQUENCE of extensions; none at all are those of a certificate of version 1. */
export function readExtensions(extensions?: DerReader): X509Extensions {
  const draft: Draft = {
    isCa: false,
    basicConstraintsCritical: false,
    dnsNames: [],
    ipAddresses: [],
    uris: [],
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
    read?.(draft, value, critical);
    if (critical && read === undefined && !UNDERSTOOD.has(oid)) {
      draft.unknownCritical = [...draft.unknownCritical, oid];
    }
  }
  return draft;
}

/** An IP address as 4 or 16 bytes in canonical text (RFC 5952 for IPv6). */
export function ipText(bytes: Buffer): string {
  if (bytes.length === 4) {
    return bytes.join(".");
  }
  const text = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16)).join(":");
  // The URL parser writes IPv6 as RFC 5952 wants it.
  return isIPv6(text) ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
}

function readAlternativeNames(into: Draft, value: Buffer): void {
  const what = "subject alternative name";
  for (const reader = readSequence(value, what); !reader.atEnd;) {
    const name = reader.next(what);
    if (name.tag === contextTag(2, false)) {
      into.dnsNames = [...into.dnsNames, asciiText(name.content, what)];
    } else if (name.tag === contextTag(6, false)) {
      into.uris = [...into.uris, asciiText(name.content, what)];
    } else if (name.tag === contextTag(7, false)) {
      if (name.content.length !== 4 && name.content.length !== 16) {
        throw new EncodingError(`${what}: IP address of ${name.content.length} bytes, 4 or 16 are allowed`);
      }
      into.ipAddresses = [...into.ipAddresses, ipText(name.content)];
    }
  }
}

function only(value: Buffer, tag: number, what: string): DerElement {
  const reader = new DerReader(value, what);
  const element = reader.expect(tag, what);
  reader.end();
  return element;
}
