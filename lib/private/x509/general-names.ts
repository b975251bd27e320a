import { isIPv6 } from "node:net";

import { contextTag, EncodingError, readSequence } from "./der";
import { asciiText } from "./der-values";

/** Names of a certificate in addition to its subject. */
export interface AlternativeNames {
  readonly dnsNames: readonly string[];
  /** In canonical text: IPv6 as in RFC 5952. */
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
}

const WHAT = "subject alternative name";

/** Reads a subject alternative name as Go's `crypto/x509` does; names of other types are passed over. */
export function readAlternativeNames(value: Buffer): AlternativeNames {
  const dnsNames: string[] = [];
  const ipAddresses: string[] = [];
  const emailAddresses: string[] = [];
  const uris: string[] = [];
  for (const reader = readSequence(value, WHAT); !reader.atEnd;) {
    const { tag, content } = reader.next(WHAT);
    if (tag === contextTag(1, false)) {
      emailAddresses.push(asciiText(content, WHAT));
    } else if (tag === contextTag(2, false)) {
      dnsNames.push(asciiText(content, WHAT));
    } else if (tag === contextTag(6, false)) {
      uris.push(uriText(asciiText(content, WHAT)));
    } else if (tag === contextTag(7, false)) {
      ipAddresses.push(ipText(content));
    }
  }
  return { dnsNames, ipAddresses, emailAddresses, uris };
}

/** An IP address as 4 or 16 bytes in canonical text (RFC 5952 for IPv6). */
function ipText(bytes: Buffer): string {
  if (bytes.length !== 4 && bytes.length !== 16) {
    throw new EncodingError(`${WHAT}: IP address of ${bytes.length} bytes, 4 or 16 are allowed`);
  }
  if (bytes.length === 4) {
    return bytes.join(".");
  }
  const text = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16)).join(":");
  // The URL parser writes IPv6 as RFC 5952 wants it.
  return isIPv6(text) ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
}

/** Text of an IA5String. */
export function ia5Text(content: Buffer, what: string): string {
  if (content.some((byte) => byte >= 0x80)) {
    throw new EncodingError(`${what}: not an IA5String`);
  }
  return content.toString("latin1");
}

/** Whether Go takes a text for a domain: labels of visible characters, none of them empty. */
export function isDomain(text: string): boolean {
  return text === "" || /^[!-~]+$/.test(text.replace(/\./g, "")) ? !/(^|\.)(\.|$)/.test(text) || text === "" : false;
}

/** The domain of a mailbox; undefined for what is none. */
export function mailboxDomain(email: string): string | undefined {
  const parts = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?:\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*@([^@]*)$/.exec(email);
  const domain = parts?.[1];
  return domain !== undefined && isDomain(domain) ? domain : undefined;
}

/** A URI that Go reads too: with a scheme, no bad escape, and a host that is a domain or an address. */
function uriText(uri: string): string {
  const parts =
    /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/((?:[\w.~!$&'()*+,;=:-]|%[\dA-Fa-f]{2})*@)?([^/?#]*))?([^#]*)(#.*)?$/.exec(uri);
  const host = parts?.[2] ?? "";
  const isHost =
    host === "" ||
    (/^[A-Za-z0-9._*-]+(:\d*)?$/.test(host) && isDomain(host)) ||
    /^\[[\dA-Fa-f:.]+\](:\d*)?$/.test(host);
  if (parts === null || !isHost || /%(?![\dA-Fa-f]{2})/.test(uri)) {
    throw new EncodingError(`${WHAT}: a URI that Go does not read`);
  }
  return uri;
}
