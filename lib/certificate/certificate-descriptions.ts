import { Fn, TerraformLocal, TerraformStack } from "cdktf";
import { Construct } from "constructs";

import { runLocalProgram } from "../private/local-program";
import { literalArgument } from "../private/terraform/text";

/** Details that a program reads from a certificate; each a Terraform token. */
export interface CertificateDetails {
  /** SHA-256 of the DER, hexadecimal, lower case, without colons: what `ca_trusted_fingerprint` takes. */
  readonly fingerprintSha256: string;
  /** SHA-256 of the public key (SPKI), base64: what `--ca-sha256` takes. */
  readonly spkiPinSha256: string;
  /** The serial number, hexadecimal. */
  readonly serialNumber: string;
  /** The end of its validity, RFC 3339 in UTC. */
  readonly notAfter: string;
}

/** All of them, one by one and as one object. */
export interface CertificateDescription extends CertificateDetails {
  readonly all: unknown;
}

/** Certificates that one run of a program describes, however many they are: every plan runs it once. */
export class CertificateDescriptions extends Construct {
  /** The descriptions of all certificates of a stack, so that a thousand agents cost one process. */
  public static ofStack(scope: Construct): CertificateDescriptions {
    const stack = TerraformStack.of(scope);
    const id = "fleet-tls-certificates";
    return (
      (stack.node.tryFindChild(id) as CertificateDescriptions | undefined) ?? new CertificateDescriptions(stack, id)
    );
  }

  private readonly certificates: Record<string, unknown> = {};
  private readonly result: TerraformLocal;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stdout = runLocalProgram(this, "describe", "describe-certificates", () => this.certificates);
    this.result = new TerraformLocal(this, "descriptions", Fn.jsondecode(stdout));
  }

  /**
   * Adds a certificate by a name that is its alone.
   *
   * @param isOne whether a text of several certificates is refused; else the one that ends first is described
   */
  public add(name: string, pem: string, isOne = false): CertificateDescription {
    const key = literalArgument(name);
    this.certificates[key] = isOne ? { pem, one: true } : { pem };
    const part = (attribute: keyof CertificateDetails): string =>
      Fn.lookupNested(this.result.expression, [key, attribute]) as string;
    return {
      fingerprintSha256: part("fingerprintSha256"),
      spkiPinSha256: part("spkiPinSha256"),
      serialNumber: part("serialNumber"),
      notAfter: part("notAfter"),
      all: Fn.lookupNested(this.result.expression, [key]),
    };
  }
}
