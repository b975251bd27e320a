import { checkArguments } from "../private/check-props";
import { quoted } from "../private/problems";
import { UserError } from "../private/user-error";

/**
 * The algorithm of a private key.
 *
 * The instances name every algorithm that all readers of Fleet's certificates accept; `KeyAlgorithm.rsa` covers other
 * RSA lengths. The tls provider's default curve, P-224, is accepted by none of them and cannot be named here.
 */
export class KeyAlgorithm {
  /** ECDSA on P-256: small, fast, and read by everything but the Elastic Defend of before 8.19, and of 9.0. */
  public static readonly ECDSA_P256 = new KeyAlgorithm("ECDSA", "P256");

  /** ECDSA on P-384. */
  public static readonly ECDSA_P384 = new KeyAlgorithm("ECDSA", "P384");

  /** ECDSA on P-521. */
  public static readonly ECDSA_P521 = new KeyAlgorithm("ECDSA", "P521");

  /** RSA with 2048 bits, the shortest that Elastic's FIPS build takes. */
  public static readonly RSA_2048 = new KeyAlgorithm("RSA", undefined, 2048);

  /** RSA with 3072 bits. */
  public static readonly RSA_3072 = new KeyAlgorithm("RSA", undefined, 3072);

  /** RSA with 4096 bits. */
  public static readonly RSA_4096 = new KeyAlgorithm("RSA", undefined, 4096);

  /** Ed25519: read by Go, Node and OpenSSL; whether Elasticsearch takes it is unknown, so not for its certificate. */
  public static readonly ED25519 = new KeyAlgorithm("ED25519");

  /**
   * RSA of another length.
   *
   * @param bits the length of the modulus in bits: a multiple of 8 from 2048 to 8192
   * @throws if the length is out of that range
   */
  public static rsa(bits: number): KeyAlgorithm {
    checkArguments("KeyAlgorithm.rsa", { bits });
    if (!Number.isInteger(bits) || bits < 2048 || bits > 8192 || bits % 8 !== 0) {
      throw new UserError(
        `KeyAlgorithm.rsa: bits is no usable length, got ${quoted(bits)}; allowed: multiples of 8 from 2048 to 8192; ` +
          "use KeyAlgorithm.RSA_2048 or longer",
      );
    }
    return new KeyAlgorithm("RSA", undefined, bits);
  }

  private constructor(
    /** The tls provider's name of the algorithm: `ECDSA`, `RSA` or `ED25519`. */
    public readonly algorithm: string,
    /** The curve of an ECDSA key as the tls provider names it, e.g. `P256`. */
    public readonly ecdsaCurve?: string,
    /** The length of an RSA key in bits. */
    public readonly rsaBits?: number,
  ) {}

  /** The algorithm in words, e.g. `ECDSA P256`. */
  public toString(): string {
    return [this.algorithm, this.ecdsaCurve ?? this.rsaBits].filter((part) => part !== undefined).join(" ");
  }
}
