import { isIP } from "node:net";

/**
 * How a certificate covers a name that is dialled: by a SAN, which everything accepts; only by its common name, which
 * Elastic's `full` mode accepts and nothing else; or not.
 */
export type NameMatch = "san" | "common name" | "none";

interface Named {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly commonName?: string;
}

/**
 * Elastic's own rule (elastic-agent-libs v0.46.3, `tls_config.go`, `verifyHostname`): an IP address must be an IP SAN
 * or an IP in the common name, never a DNS SAN; a name must be a DNS SAN, or the common name if there is no DNS SAN;
 * `*` matches one whole leftmost label.
 */
export function matchHostName(certificate: Named, host: string): NameMatch {
  const ip = canonicalIp(host);
  if (ip !== undefined) {
    if (certificate.ipAddresses.some((address) => canonicalIp(address) === ip)) {
      return "san";
    }
    return certificate.commonName !== undefined && canonicalIp(certificate.commonName) === ip ? "common name" : "none";
  }
  const names = certificate.dnsNames.filter((name) => name !== "");
  if (names.some((name) => matchesPattern(name, host))) {
    return "san";
  }
  const fallback = names.length === 0 ? certificate.commonName : undefined;
  return fallback !== undefined && matchesPattern(fallback, host) ? "common name" : "none";
}

/** The one text of an IP address, whichever way it is written; undefined for what is none. */
export function canonicalIp(text: string): string | undefined {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  // A zone names an interface of one machine and is in no certificate.
  if (isIP(bare) === 0 || bare.includes("%")) {
    return undefined;
  }
  if (isIP(bare) === 4) {
    return bare;
  }
  const canonical = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  // Go's net.IP takes an IPv4-mapped address for the IPv4 one.
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped === null) {
    return canonical;
  }
  return [mapped[1]!, mapped[2]!].flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]).join(".");
}

function matchesPattern(pattern: string, host: string): boolean {
  const patternLabels = asciiLowerCase(pattern).split(".");
  const hostLabels = asciiLowerCase(host.replace(/\.$/, "")).split(".");
  return (
    host !== "" &&
    patternLabels.length === hostLabels.length &&
    patternLabels.every((label, i) => label !== "" && (label === hostLabels[i] || (i === 0 && label === "*")))
  );
}

/** An IP address in text as its 4 or 16 bytes. */
export function ipBytes(ip: string): Buffer {
  if (isIP(ip) === 4) {
    return Buffer.from(ip.split(".").map(Number));
  }
  const [head = "", tail] = ip.split("::");
  const groups = (text: string): number[] => (text === "" ? [] : text.split(":").map((group) => parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
