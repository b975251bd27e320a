import type { FaultKind } from "./refusals";

/** What proves nothing about TLS, however welcome a refusal is. */
const NOT_TLS =
  /no end within|before it listened|no answer|ECONNREFUSED|i\/o timeout|deadline|timed out|Timeout|no such file|ENOENT|EMFILE|unknown op/i;

const UNTRUSTED =
  /unknown authority|unable to get local issuer|unable to verify the first|unable to find valid certification path|self-signed certificate in certificate chain|UnknownIssuer|UNKNOWN_ISSUER|issuer is unknown/;
const SIGNATURE = /signature|verification failure|unknown authority/i;
const NAME =
  /valid for|altnames|mismatch|no subject alternative|no name matching|any IP SANs|BAD_CERT_DOMAIN|name .*does not match/i;
// rustls calls it a failed handshake.
const PROTOCOL = /protocol|version|alert handshake failure|HandshakeFailure/i;

/** How the stacks of clients tell what is wrong with a server. */
const CLIENTS: Partial<Record<FaultKind, RegExp>> = {
  "foreign authority": UNTRUSTED,
  "another authority of the fleet": UNTRUSTED,
  "missing intermediate": UNTRUSTED,
  "impostor of the authority": SIGNATURE,
  "tampered signature": SIGNATURE,
  expired: /expired|NotAfter/i,
  // NSS calls expired whatever is not valid now.
  "not yet valid": /not yet valid|NotBefore|not valid yet|not yet activated|EXPIRED_CERTIFICATE/,
  "swapped usage": /usage|purpose|CERT_TYPE/i,
  "wrong name": NAME,
  "wrong address": NAME,
  "TLS below 1.2": PROTOCOL,
};

/** What a server tells a client whom it refuses: an alert, or nothing any more. Its words are the server's own affair. */
const ALERT = /\balert\b|remote error: tls|AlertReceived/i;
const CLOSED =
  /\bEOF\b|hang up|closed (idle |network )?connection|connection ended|broken pipe|EPIPE|reset|errno=(32|104)\b|without .*close_notify/i;

/** What Java does not even load, the chain being incomplete. */
const UNLOADED = /Certificate chain is not valid|failed to load a KeyManager/;

export function provesNothing(error: string | undefined): boolean {
  return error !== undefined && NOT_TLS.test(error);
}

/**
 * Whether a connection only came to nothing, so that it may be tried again. Where a refusal is due, one that ends without
 * a word is a refusal.
 */
export function isBroken(error: string, isRefusalDue: boolean): boolean {
  return provesNothing(error) || (!isRefusalDue && CLOSED.test(error));
}

/** Whether the text of a refusal is about what was wrong. */
export function explains(kind: FaultKind, judge: "client" | "server", error: string): boolean {
  if (kind === "missing intermediate" && UNLOADED.test(error)) {
    return true;
  }
  if (kind === "TLS below 1.2") {
    return PROTOCOL.test(error);
  }
  return judge === "client" ? (CLIENTS[kind]?.test(error) ?? false) : ALERT.test(error) || CLOSED.test(error);
}
