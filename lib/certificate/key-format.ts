/** Format of a private key in its file. Keys with a passphrase are always PKCS#8. */
export class KeyFormat {
  /** PKCS#8 (`BEGIN PRIVATE KEY`): the only form that Java and Netty read, and read by every Elastic program. */
  public static readonly PKCS8 = new KeyFormat("pkcs8", "private_key_pem_pkcs8");

  /** SEC1 for an ECDSA key (`BEGIN EC PRIVATE KEY`), PKCS#1 for an RSA key (`BEGIN RSA PRIVATE KEY`). */
  public static readonly TRADITIONAL = new KeyFormat("traditional", "private_key_pem");

  private constructor(
    /** `pkcs8` or `traditional`. */
    public readonly form: string,
    /** Attribute of the tls provider's key. @internal */
    public readonly _attribute: string,
  ) {}

  /** The format's name. */
  public toString(): string {
    return this.form;
  }
}
