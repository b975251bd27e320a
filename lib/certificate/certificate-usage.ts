/** What a certificate may be used for. */
export class CertificateUsage {
  /** Prove a server's identity to its clients (extended key usage serverAuth). */
  public static readonly SERVER = new CertificateUsage(["server_auth"]);

  /** Prove a client's identity to a server (extended key usage clientAuth). */
  public static readonly CLIENT = new CertificateUsage(["client_auth"]);

  /** Both, for one certificate in several roles. */
  public static readonly SERVER_AND_CLIENT = new CertificateUsage(["server_auth", "client_auth"]);

  private constructor(
    /** The extended key usages, in the tls provider's words. */
    public readonly extendedKeyUsages: string[],
  ) {}

  /** Whether servers may present it. */
  public get isServer(): boolean {
    return this.extendedKeyUsages.includes("server_auth");
  }
}
