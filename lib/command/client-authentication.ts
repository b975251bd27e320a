/** Client authentication: whether a server requests and requires client certificates. */
export class ClientAuthentication {
  /** Ask for no client certificate: one-way TLS. */
  public static readonly NONE = new ClientAuthentication("none");

  /**
   * Admit clients without a certificate, check the certificate of those that present one. For the time in which a
   * fleet goes from one-way to mutual.
   */
  public static readonly OPTIONAL = new ClientAuthentication("optional");

  /** Refuse clients that present no certificate of a trusted CA. */
  public static readonly REQUIRED = new ClientAuthentication("required");

  private constructor(
    /** The value of `--fleet-server-client-auth`. */
    public readonly mode: string,
  ) {}

  /** The value of `--fleet-server-client-auth`. */
  public toString(): string {
    return this.mode;
  }
}
