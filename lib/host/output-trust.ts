/** How an output verifies Elasticsearch's certificate. */
export class OutputTrust {
  /**
   * The CA's certificates stand in the settings themselves, so that one policy serves Linux and Windows, and a rotation
   * reaches agents through the policy.
   */
  public static readonly INLINE = new OutputTrust("inline");

  /** The settings name `es-ca.pem` in the host's folder: a rotation reaches agents as files. */
  public static readonly HOST_FILE = new OutputTrust("host file");

  /**
   * The SHA-256 fingerprint of the CA, as Fleet's own field `ca_trusted_fingerprint` has it. Elasticsearch has to serve
   * its CA after its certificate, as `es-cert.pem` does. It has one value, so a CA in rotation is refused. It has
   * Terraform run a Node program.
   */
  public static readonly FINGERPRINT = new OutputTrust("fingerprint");

  private constructor(
    /** `inline`, `host file` or `fingerprint`. */
    public readonly form: string,
  ) {}

  /** The form's name. */
  public toString(): string {
    return this.form;
  }
}
