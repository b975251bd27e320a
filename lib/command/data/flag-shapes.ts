/** Shape of a value: a pattern that both JavaScript and Terraform (RE2) read. */
export interface FlagShape {
  readonly pattern: string;
  readonly allowed: string;
}

export const DURATION: FlagShape = {
  pattern: "^-?(?:[0-9]+(?:\\.[0-9]+)?(?:ns|us|µs|ms|s|m|h))+$",
  allowed: "a Go duration such as 90s or 2m30s",
};

export const FINGERPRINT: FlagShape = {
  pattern: "^[0-9a-fA-F]{64}$",
  allowed: "64 hexadecimal digits without colons: the SHA-256 of the CA certificate's DER",
};

const PIN: FlagShape = {
  pattern: "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$",
  allowed: "44 characters of base64: the SHA-256 of a certificate's public key (SubjectPublicKeyInfo)",
};

export const PINS: FlagShape = {
  pattern: `${PIN.pattern.slice(0, -1)}(?:,${PIN.pattern.slice(1, -1)})*$`,
  allowed: PIN.allowed,
};

export const STAGING: FlagShape = { pattern: "^[^\\r\\n]{8,}$", allowed: "8 characters or more" };

export const ACCOUNT: FlagShape = {
  pattern: "^[A-Za-z0-9_.][^/:,;\"'\\r\\n]*$",
  allowed: "the name of an account, a letter or a digit first, without quotes, slashes, colons, commas and semicolons",
};

export const BIND_HOST: FlagShape = {
  pattern: "^(?:[A-Za-z0-9_.-]+|\\[?[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\\]?)$",
  allowed: "a name or an address of the host, such as 0.0.0.0 or ::, without a port",
};

export const PROXY_URL: FlagShape = {
  pattern: "^(?:https?|socks5)://[^/?#[:space:][:cntrl:]]+/?$",
  allowed: "a URL such as http://proxy.example.com:3128, with http, https or socks5",
};

/** The same for JavaScript, which knows no POSIX classes. */
export function shapePattern(shape: FlagShape): RegExp {
  return new RegExp(shape.pattern.replaceAll("[:space:]", "\\s").replaceAll("[:cntrl:]", "\\x00-\\x1f\\x7f"));
}
