import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { SelfSignedCert } from "@cdktf/provider-tls/lib/self-signed-cert";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

import { KeyAlgorithm } from "../key-algorithm";
import type { Validity } from "../validity";

/**
 * Triggers the replacement of a key when its certificate is due. A certificate cannot trigger its own key (cycle), so an
 * unused certificate of the same validity, created just before it, does: the provider replaces that one when it is due. If
 * the certificate is reissued for any other reason, it keeps its key.
 */
export class RenewalClock extends Construct {
  /** Attribute that changes when the certificate is due, for `replace_triggered_by`: one, because others may change. */
  public readonly tick: string;

  constructor(scope: Construct, id: string, validity: Validity) {
    super(scope, id);
    const certificate = new SelfSignedCert(this, "certificate", {
      privateKeyPem: clockKey(TerraformStack.of(this)).privateKeyPem,
      allowedUses: [],
      subject: [{ commonName: "renewal clock" }],
      validityPeriodHours: validity.validityPeriodHours,
      earlyRenewalHours: validity.earlyRenewalHours,
    });
    this.tick = `${certificate.terraformResourceType}.${certificate.friendlyUniqueId}.cert_pem`;
  }
}

/** One key for all clocks of a stack: it proves nothing to anybody. */
function clockKey(stack: TerraformStack): PrivateKey {
  const id = "fleet-tls-renewal-clock-key";
  const { algorithm, ecdsaCurve } = KeyAlgorithm.ECDSA_P256;
  return (
    (stack.node.tryFindChild(id) as PrivateKey | undefined) ?? new PrivateKey(stack, id, { algorithm, ecdsaCurve })
  );
}
