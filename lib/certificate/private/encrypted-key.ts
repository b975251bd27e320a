import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { Fn, TerraformLocal } from "cdktf";
import { Construct } from "constructs";

import { attributeOf, compact, valueOf } from "../../private/terraform/attributes";
import { runSecretProgram } from "../../private/local-program";

/**
 * PBKDF2 rounds. Part of the contract: changing one rewrites every key file. 256 random bits need no stretching; for
 * what a person chose this is OWASP's figure for HMAC-SHA256.
 */
const ROUNDS_FOR_GENERATED = 1_000;
const ROUNDS_FOR_CHOSEN = 600_000;

/** A private key encrypted by a program that Terraform runs, since the tls provider cannot. */
export class EncryptedKey extends Construct {
  /** The key as `ENCRYPTED PRIVATE KEY` PEM. Sensitive. */
  public readonly privateKeyPem: string;

  /** The passphrase. Sensitive. */
  public readonly passphrase: string;

  constructor(scope: Construct, id: string, privateKeyPem: string, chosenPassphrase?: string) {
    super(scope, id);
    const isChosen = chosenPassphrase !== undefined;
    this.passphrase = isChosen
      ? valueOf(new TerraformLocal(this, "passphrase", Fn.sensitive(chosenPassphrase)))
      : this.generate();
    const encrypted = runSecretProgram(this, "encrypt", "encrypt-key", {
      privateKey: privateKeyPem,
      passphrase: this.passphrase,
      rounds: isChosen ? ROUNDS_FOR_CHOSEN : ROUNDS_FOR_GENERATED,
    });
    this.privateKeyPem = valueOf(encrypted);
  }

  /** The digest of a private key that serves no other purpose: random bits without a further provider. */
  private generate(): string {
    const entropy = compact(new PrivateKey(this, "entropy", { algorithm: "ED25519" }));
    return Fn.sha256(attributeOf(entropy, "private_key_pem_pkcs8"));
  }
}
