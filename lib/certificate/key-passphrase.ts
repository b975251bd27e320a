import type { Construct } from "constructs";

import { checkArguments } from "../private/check-props";
import { EncryptedKey } from "./private/encrypted-key";
import { requireToken } from "../private/secret-source";

/**
 * The passphrase under which an agent's private key is encrypted (PKCS#8, PBES2 with AES-256-CBC).
 *
 * Key and passphrase are in the same folder on the host, as on Elastic's page, and both are in Terraform's state: what
 * the passphrase keeps safe is a key file that gets out alone.
 *
 * @example
 * new MutualFleetTls(stack, "fleet", { ...props, agentKeyPassphrase: KeyPassphrase.generated() });
 */
export class KeyPassphrase {
  /** 256 random bits as 64 hexadecimal digits, made once for each key and kept through renewals. */
  public static generated(): KeyPassphrase {
    return new KeyPassphrase();
  }

  /**
   * A passphrase that a person chose. It is stretched by 600,000 rounds of PBKDF2, which every plan repeats for each
   * key, at about 0.2 s.
   *
   * @param token a Terraform token, such as a sensitive variable's `stringValue`
   * @throws if it is a literal
   */
  public static fromVariable(token: string): KeyPassphrase {
    checkArguments("KeyPassphrase.fromVariable", { token });
    return new KeyPassphrase(requireToken("KeyPassphrase.fromVariable", token));
  }

  private constructor(private readonly token?: string) {}

  /**
   * Declares the encrypted form of a private key, and the passphrase.
   *
   * @internal
   */
  public _encrypt(scope: Construct, id: string, privateKeyPem: string): EncryptedKey {
    return new EncryptedKey(scope, id, privateKeyPem, this.token);
  }
}
