/** The host of an http or https URL, without brackets; undefined for what is none. */
export function urlHost(url: string): string | undefined {
  try {
    const { protocol, hostname } = new URL(url);
    return /^https?:$/.test(protocol) && hostname !== "" ? hostname.replace(/^\[|\]$/g, "") : undefined;
  } catch {
    return undefined;
  }
}

/** The host of `host:port`, with or without a scheme, a path, or brackets around an IPv6 address. */
export function addressHost(address: string): string {
  const rest = address.replace(/^\w+:\/\//, "").replace(/\/.*$/, "");
  const [, bracketed] = /^\[([^\]]+)\]/.exec(rest) ?? [];
  return bracketed ?? (/:.*:/.test(rest) ? rest : rest.replace(/:\d+$/, ""));
}

/** Whether a URL is https, in capitals too, as Go and Kibana read it. */
export function isHttps(url: string): boolean {
  return /^https:/i.test(url);
}

/** Whether a URL is http, without TLS. */
export function isHttp(url: string): boolean {
  return /^http:/i.test(url);
}

/** The port that a URL writes; the URL parser drops 443 from https URLs, so the text is looked at. */
export function explicitPort(url: string): number | undefined {
  const [, port] = /^https?:\/\/[^/?#]*:([0-9]{1,5})(?:[/?#]|$)/i.exec(url) ?? [];
  return port === undefined ? undefined : Number(port);
}

/** The port that an address writes, with or without a scheme and a path. */
export function addressPort(address: string): string | undefined {
  return /^(?:\w+:\/\/)?(?:\[[^\]]*\]|[^/:[\]]*):(\d{1,5})(?:\/.*)?$/.exec(address)?.[1];
}
