import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";

/** A certificate as OpenSSL reads it: what Node's own class does not tell. */
export class CertificateText {
  public readonly x509: X509Certificate;
  private readonly text: string;

  public constructor(public readonly pem: string) {
    this.x509 = new X509Certificate(pem);
    this.text = execFileSync("openssl", ["x509", "-noout", "-text"], { input: pem, encoding: "utf8" });
  }

  public get version(): string {
    return this.field(/^ +Version: (\d+)/m);
  }

  /** The algorithm of the signature on it, in OpenSSL's words. */
  public get signatureAlgorithm(): string {
    return this.field(/^ +Signature Algorithm: (\S+)/m);
  }

  /** An extension's value with its criticality in front, lists sorted; none where it is missing. */
  public extension(name: string): string | undefined {
    const found = new RegExp(`^ +X509v3 ${name}: *(critical)? *\\n((?: {16,}.*\\n)*)`, "m").exec(this.text);
    if (found === null) {
      return undefined;
    }
    const [, critical, value] = found;
    const sorted = value!
      .trim()
      .replace(/^keyid:/, "")
      .split(", ")
      .sort()
      .join(", ");
    return [critical, sorted].filter(Boolean).join(" ");
  }

  /** Alternative names without their kinds, addresses in their shortest form. */
  public get names(): string[] {
    const names = (this.x509.subjectAltName ?? "").split(", ").filter(Boolean);
    return names.map((name) => shortest(name.replace(/^(DNS|IP Address):/, ""))).sort();
  }

  public get days(): number {
    return (Date.parse(this.x509.validTo) - Date.parse(this.x509.validFrom)) / 86_400_000;
  }

  public get commonName(): string {
    return this.field(/^ +Subject: .*?CN = ([^,\n]+)/m);
  }

  private field(pattern: RegExp): string {
    return pattern.exec(this.text)?.[1] ?? "";
  }
}

/** Node writes an IPv6 address with all of its zeros. */
function shortest(name: string): string {
  return name.includes(":") ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name;
}
