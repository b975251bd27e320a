import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import type { Precondition } from "cdktf";
import { Fn, TerraformLocal } from "cdktf";
import { Construct } from "constructs";

import { attributeOf, compact, valueOf } from "../../private/terraform/attributes";
import { matches } from "../../private/terraform/hidden-condition";
import { runSecretProgram } from "../../private/local-program";

/**
 * PBKDF2 rounds. Part of the contract: changing one rewrites every key file. 256 random bits need no stretching; for
 * what a person chose this is OWASP's figure for HMAC-SHA256.
 */
const ROUNDS_FOR_GENERATED = 1_000;
const ROUNDS_FOR_CHOSEN = 600_000;

/** Text on one line without blanks at its ends, for RE2. elastic-agent-libs v0.46 trims the file, v0.31.0 does not. */
const PASSPHRASE = "^[^\\p{Cc}\\p{Z}](?:[^\\p{Cc}]*[^\\p{Cc}\\p{Z}])?$";

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
    const input = {
      privateKey: privateKeyPem,
      passphrase: this.passphrase,
      rounds: isChosen ? ROUNDS_FOR_CHOSEN : ROUNDS_FOR_GENERATED,
    };
    const encrypted = runSecretProgram(this, "encrypt", "encrypt-key", input, isChosen ? [this.usable] : undefined);
    this.privateKeyPem = valueOf(encrypted);
  }

  /** Refuses an unusable passphrase at plan: the program itself first runs when files are being written already. */
  private get usable(): Precondition {
    return {
      condition: matches(this.passphrase, PASSPHRASE),
      errorMessage:
        `${this.node.path}: the passphrase is not usable: it is empty, begins or ends with a blank, ` +
        "or contains a newline or another control character; set its variable to text on one line without them",
    };
  }

  /** The digest of a private key that serves no other purpose: random bits without a further provider. */
  private generate(): string {
    const entropy = compact(new PrivateKey(this, "entropy", { algorithm: "ED25519" }));
    return Fn.sha256(attributeOf(entropy, "private_key_pem_pkcs8"));
  }
}
