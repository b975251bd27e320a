import type { TerraformResource } from "cdktf";
import type { Construct, IConstruct } from "constructs";

import type { Validity } from "./validity";

/**
 * CA that can be trusted. The published members are the whole contract: a class of your own that implements them works
 * wherever this library takes a CA.
 */
export interface ICertificateAuthority extends IConstruct {
  /** Every certificate that trusts this CA's leaves, as a PEM bundle. Absent where only the hosts have them. */
  readonly trustBundlePem?: string;

  /** Path on the hosts of the bundle, if it is already there. */
  readonly trustHostPath?: string;

  /** Whether it can issue certificates too. */
  readonly canIssue: boolean;

  /**
   * The SHA-256 fingerprint of the certificate that leaves are verified with: hexadecimal, as `ca_trusted_fingerprint`
   * takes it. It is one value, so it cannot overlap in a rotation. If it is read, Terraform runs a Node program.
   *
   * @throws if only the hosts have the certificate
   */
  readonly fingerprintSha256: string;

  /**
   * The SHA-256 of each trusted certificate's public key: base64, as `--ca-sha256` takes it. It stays the same when the
   * CA is renewed. If it is read, Terraform runs a Node program.
   *
   * @throws if only the hosts have the certificates
   */
  readonly spkiPinsSha256: string[];
}

/** Request for a certificate. */
export interface CertificateIssueRequest {
  /** The certificate request as PEM. */
  readonly requestPem: string;

  /** Key usages and extended key usages, as RFC 5280 names them: `digitalSignature`, `serverAuth` and so on. */
  readonly allowedUses: string[];

  /** Validity and renewal of the certificate. */
  readonly validity: Validity;

  /**
   * Names and addresses in the request, each of which may be a Terraform token. A CA that has name constraints, or is
   * below one that has, is then checked for them before anything is applied.
   *
   * @default - none
   */
  readonly names?: string[];

  /**
   * How many: a Terraform expression that is 1, or 0 while there is no request yet.
   *
   * @default 1
   */
  readonly count?: number;

  /**
   * Issue the certificate of an intermediate CA.
   *
   * @default false - a leaf
   */
  readonly isCertificateAuthority?: boolean;

  /**
   * How long before its end the certificate is renewed, in hours; may be a Terraform token.
   *
   * @default - that of `validity`
   */
  readonly earlyRenewalHours?: number;
}

/** Certificate that a CA issued. */
export interface IssuedCertificate {
  /** The certificate alone, as PEM. */
  readonly certificatePem: string;

  /** The certificate first, then every intermediate up to but without the anchor, as PEM. */
  readonly chainPem: string;

  /** The certificate that verifiers of the chain end at, as PEM. */
  readonly anchorPem: string;

  /** End of the certificate's validity, RFC 3339; null while `count` is 0. A Terraform token. */
  readonly validityEndTime: string;

  /**
   * The Terraform resource, for escape hatches.
   *
   * @default - the CA does not issue by a Terraform resource
   */
  readonly resource?: TerraformResource;
}

/**
 * CA that can issue certificates. It never exposes its private key. A class of your own may sign by Vault, step-ca or
 * AWS Private CA; `CertificateAuthoritySource.existing` turns it into a source.
 */
export interface IIssuingCertificateAuthority extends ICertificateAuthority {
  /**
   * Declares a certificate, signed by the generation of this CA that issues.
   *
   * @param scope where the certificate belongs, in this or another stack; in another one, Terraform copies the key that
   * signs into that stack's state
   * @param id the certificate's id in that scope
   * @param request what to sign
   * @throws if the CA cannot issue, or ends too early for what it is asked to sign
   */
  issue(scope: Construct, id: string, request: CertificateIssueRequest): IssuedCertificate;
}
