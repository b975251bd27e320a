import { quoted } from "../private/problems";
import { checkArguments } from "../private/check-props";
import { UserError } from "../private/user-error";

/** A certificate request whose key stays on the host: exactly one of `pem` and `file` must be given. */
export interface CertificateRequestOptions {
  /**
   * The request as PEM; may be a Terraform token.
   *
   * @default - `file` is read
   */
  readonly pem?: string;

  /**
   * A file that contains the request, read by Terraform at plan. A relative path is relative to the folder that
   * contains the app's `cdktf.out`. As long as the file is missing no certificate is made, and the deploy says so in an
   * output: the host's folder has a script that makes the key and the request there.
   *
   * @default - `pem` is used
   */
  readonly file?: string;

  /**
   * The file on the host that contains the passphrase of the key and nothing else, not even a newline; absolute there.
   * The host's script makes it, and encrypts the key by it. For keys of agents and Fleet Server that are RSA or ECDSA.
   *
   * @default - the key is not encrypted
   */
  readonly passphrasePath?: string;
}

/** A certificate and its key that already exist on the host; absolute paths there. */
export interface OnHostCertificateOptions {
  /** The certificate, then its intermediates. */
  readonly certificatePath: string;

  /** The private key. */
  readonly privateKeyPath: string;

  /**
   * The file that contains the private key's passphrase and nothing else.
   *
   * @default - the key is not encrypted
   */
  readonly passphrasePath?: string;

  /**
   * A copy of the certificate as PEM, which is checked before anything is deployed: who signed it, its usage, its
   * names, its end. May be a Terraform token.
   *
   * @default - `file` is read, or nothing is checked
   */
  readonly pem?: string;

  /**
   * A file that contains such a copy, read by Terraform at plan. A relative path is relative to the folder that
   * contains the app's `cdktf.out`.
   *
   * @default - `pem` is used, or nothing is checked
   */
  readonly file?: string;
}

/** Source of a host's certificate and its key. */
export class CertificateSource {
  /** Terraform generates the key and keeps it in its state. */
  public static generated(): CertificateSource {
    return new CertificateSource();
  }

  /**
   * The key is made on the host and never leaves it; what Terraform gets is a request for a certificate.
   *
   * @throws unless exactly one of `pem` and `file` is given
   */
  public static fromCertificateRequest(options: CertificateRequestOptions): CertificateSource {
    checkArguments("CertificateSource.fromCertificateRequest", { options });
    if ((options.pem === undefined) === (options.file === undefined)) {
      throw new UserError(
        `CertificateSource.fromCertificateRequest: pem and file are both ${options.pem === undefined ? "missing" : "given"}, ` +
          `got ${quoted(Object.keys(options))}; allowed: exactly one of them; give the request as text or as a file`,
      );
    }
    return new CertificateSource(options);
  }

  /**
   * Certificate and key are already on the host: nothing of them is in Terraform, but for a copy of the certificate if
   * you give one to be checked.
   *
   * @throws if both `pem` and `file` are given
   */
  public static onHost(options: OnHostCertificateOptions): CertificateSource {
    checkArguments("CertificateSource.onHost", { options });
    if (options.pem !== undefined && options.file !== undefined) {
      throw new UserError(
        "CertificateSource.onHost: pem and file are both given; allowed: one copy of the certificate, or none; " +
          "give it as text or as a file",
      );
    }
    return new CertificateSource(undefined, options);
  }

  /** @internal */
  public readonly _request?: CertificateRequestOptions;

  /** @internal */
  public readonly _onHost?: OnHostCertificateOptions;

  private constructor(request?: CertificateRequestOptions, onHost?: OnHostCertificateOptions) {
    this._request = request;
    this._onHost = onHost;
  }
}
