/** What the library refuses and Go's `crypto/x509` takes, and why. */
export const STRICTER: readonly { readonly says: RegExp; readonly why: string }[] = [
  {
    says: /bytes after its end/,
    why: "DER ends where its structure ends; Java and OpenSSL refuse what Go passes over",
  },
  { says: /only version 3 has them/, why: "RFC 5280, 4.1.2.1; Go ignores the extensions, so that it is no CA" },
  {
    says: /is not a certificate authority/,
    why: "a root that says so is trusted by Go alone; Java and OpenSSL refuse it",
  },
  { says: /which is no CA that may sign/, why: "the same" },
  { says: /keyUsage without (keyCertSign|digitalSignature)/, why: "Go passes over keyUsage; Java and OpenSSL do not" },
  { says: /object identifier of \d+ bytes/, why: "longer than any that is registered" },
  { says: /not a time of the form/, why: "RFC 5280, 4.1.2.5; Java and OpenSSL's strict mode refuse it" },
  { says: /not a count/, why: "a count that is negative or beyond any chain" },
  { says: /key identifiers differ/, why: "Java's PKIX and OpenSSL go by the identifiers" },
  { says: /allows its leaves nothing only/, why: "an empty extended key usage, which RFC 5280 (4.2.1.12) forbids" },
  { says: /extended key usage none/, why: "the same, of a leaf" },
  {
    says: /begins with a CA certificate/,
    why: "a CA presented as a leaf, which checks of the order of a chain look for",
  },
  {
    says: /not printable ASCII/,
    why: "no DNS name has control characters, and they steer the terminal that shows them",
  },
  { says: /URI that Go does not read/, why: "no absolute URI (RFC 5280, 4.2.1.6)" },
  { says: /mailbox that Go does not read/, why: "quoted mailboxes, which no CA of servers has" },
  { says: /of anyPolicy/, why: "RFC 5280, 4.2.1.5; Go looks at an anchor's mappings only when it is no anchor" },
  { says: /key, which Go's TLS does not know/, why: "Go reads it and does no TLS with it" },
  { says: /does not belong to the first certificate/, why: "OpenSSL, and with it Node, does not read that key" },
  { says: /carries no valid signature/, why: "OpenSSL, and with it Node, does not read that key or algorithm" },
  { says: /ends before it begins/, why: "valid at no time" },
  { says: /with the exponent/, why: "crypto/rsa verifies nothing with it, which Go finds at the first signature only" },
  {
    says: /2 of them, one is allowed/,
    why: "which key is meant is not to be guessed; the tls provider reads the first only",
  },
  {
    says: /its label is none of|tag 0x|is expected/,
    why: "a label that is not the key's own, which the tls provider, Java and OpenSSL go by",
  },
  { says: /legacy DEK-Info/, why: "deprecated by elastic-agent-libs, and refused under disable_legacy_pem_support" },
  {
    says: /-GCM and|not decrypted by its passphrase/,
    why: "parameters that contradict the encryption; Go passes over them",
  },
  {
    says: /body is not base64|the block has no end|in their middle|cut short, or two files/,
    why: "Go passes over a damaged block next to a whole one in silence",
  },
  {
    says: /es-.*: (is DER, binary|line \d+: (-----BEGIN does not start the line|a block that is not labelled|a PKCS#7))/,
    why: "Java reads it, and nothing else that may be given the file: Node, Go and OpenSSL do not",
  },
];
