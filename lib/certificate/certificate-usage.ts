/** Extended key usages of a certificate. */
export class CertificateUsage {
  /** Prove a server's identity to its clients (extended key usage serverAuth). */
  public static readonly SERVER = new CertificateUsage(["serverAuth"]);

  /** Prove a client's identity to a server (extended key usage clientAuth). */
  public static readonly CLIENT = new CertificateUsage(["clientAuth"]);

  /** Both, for one certificate in several roles. */
  public static readonly SERVER_AND_CLIENT = new CertificateUsage(["serverAuth", "clientAuth"]);

  private constructor(
    /** The extended key usages, as RFC 5280 names them: `serverAuth`, `clientAuth`. */
    public readonly extendedKeyUsages: string[],
  ) {}

  /** Whether it includes `serverAuth`. */
  public get isServer(): boolean {
    return this.extendedKeyUsages.includes("serverAuth");
  }
}
