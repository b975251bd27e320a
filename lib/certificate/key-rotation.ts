/** When a certificate gets a new key. */
export class KeyRotation {
  /** The key stays for as long as the host does; a renewal changes one file. */
  public static readonly NEVER = new KeyRotation(false);

  /**
   * A renewal makes a new key too. Certificate and key then change together, in two files: a host has to be given both
   * before anything there is restarted. A passphrase stays what it is.
   */
  public static readonly ON_RENEWAL = new KeyRotation(true);

  private constructor(
    /** Whether a renewal makes a new key. */
    public readonly isOnRenewal: boolean,
  ) {}
}
