import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import type { Validity } from "../certificate/validity";

/** Options for a CA that Terraform generates. */
export interface GeneratedCertificateAuthorityOptions {
  /**
   * The common name of the CA's subject. Its serial number makes the subject unique in any case.
   *
   * @default - the fleet's id, the CA's role and its generation, e.g. `fleet Fleet CA 1`
   */
  readonly commonName?: string;

  /**
   * The algorithm of the CA's key.
   *
   * @default - the fleet's key algorithm
   */
  readonly keyAlgorithm?: KeyAlgorithm;

  /**
   * Validity of the CA. It is renewed with the same key and name, so that its certificates stay valid.
   *
   * @default - 10 years for a root, 3 for an intermediate, renewed twice the longest validity of its leaves before
   */
  readonly validity?: Validity;
}

/** Options for an intermediate CA. */
export interface IntermediateCertificateAuthorityOptions extends GeneratedCertificateAuthorityOptions {
  /** The CA that signs it: one of `new CertificateAuthority(…)`, or another fleet's. */
  readonly issuer: IIssuingCertificateAuthority;

  /**
   * Let hosts trust the intermediate itself instead of the root above it, so that nothing else which that root
   * ever signed is trusted. Go and Java take any certificate for an anchor; OpenSSL needs `-partial_chain` for it.
   *
   * @default false - hosts trust the root, and get the intermediate after each leaf
   */
  readonly anchor?: boolean;
}

/** Options for a CA that was not created here. */
export interface DedicatedOptions {
  /**
   * Declare that this CA issues certificates for the one role that the fleet gives it, and for nothing else. As
   * `elasticsearchCa`, Fleet Server does not check the name in the certificates of a given CA: anybody with any
   * certificate of it can receive the service token. As `fleetCa`, `agentCa` or `fleetEsIssuer`, anybody with any client
   * certificate of it is admitted.
   *
   * @default false - the CA may have issued other certificates: a warning as `elasticsearchCa`, refused for clients
   */
  readonly dedicated?: boolean;
}

/** A CA that exists elsewhere and only has to be trusted: exactly one of `pem`, `file` and `hostPath` must be given. */
export interface TrustOnlyOptions extends DedicatedOptions {
  /**
   * Its certificate as PEM, or several as a bundle; may be a Terraform token.
   *
   * @default - one of the others is used
   */
  readonly pem?: string;

  /**
   * A file that contains the PEM, read by Terraform at plan. A relative path is relative to the folder that contains the
   * app's `cdktf.out`.
   *
   * @default - one of the others is used
   */
  readonly file?: string;

  /**
   * Absolute path of the PEM on the hosts, if it is already there. No file of it is written, and nothing that needs its
   * text (a bundle of several CAs) can be made.
   *
   * @default - one of the others is used
   */
  readonly hostPath?: string;
}

/** Options shared by all CAs that come with their key. */
export interface GivenCertificateAuthorityOptions extends DedicatedOptions {
  /**
   * The passphrase of the private key: a Terraform token, such as a sensitive variable's `stringValue`. The tls
   * provider reads no encrypted key, so a program decrypts it at plan; it is then in Terraform's state, as a plain one
   * is.
   *
   * @default - the key is not encrypted
   */
  readonly passphrase?: string;

  /**
   * Let hosts trust this CA itself, even if it is an intermediate.
   *
   * @default false - hosts trust the root at the end of the chain
   */
  readonly anchor?: boolean;
}

/** Your own CA, as text. */
export interface PemCertificateAuthorityOptions extends GivenCertificateAuthorityOptions {
  /** The CA's certificate as PEM; may be a Terraform token. */
  readonly certificate: string;

  /** The CA's private key as PEM: a Terraform token, such as a sensitive variable's `stringValue`. */
  readonly privateKey: string;

  /**
   * For an intermediate, the certificates above it up to the root, as PEM.
   *
   * @default - the certificate is a root
   */
  readonly chain?: string;
}

/** Your own CA, in files that Terraform reads at plan. Relative paths are relative to the folder with `cdktf.out`. */
export interface FileCertificateAuthorityOptions extends GivenCertificateAuthorityOptions {
  /** The file of the CA's certificate, PEM. */
  readonly certificate: string;

  /** The file of the CA's private key, PEM. */
  readonly privateKey: string;

  /**
   * For an intermediate, the file of the certificates above it up to the root, PEM.
   *
   * @default - the certificate is a root
   */
  readonly chain?: string;
}
