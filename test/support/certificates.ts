import type { Construct } from "constructs";

import type { CertificateProps, IIssuingCertificateAuthority } from "../../lib";
import {
  Certificate,
  CertificateAuthority,
  CertificateAuthoritySource,
  CertificateUsage,
  KeyAlgorithm,
  Validity,
} from "../../lib";

/** A CA of its own, outside of a fleet. */
export function testAuthority(
  scope: Construct,
  id = "ca",
  source = CertificateAuthoritySource.generated(),
): CertificateAuthority {
  return new CertificateAuthority(scope, id, { source, commonName: "test CA", keyAlgorithm: KeyAlgorithm.ECDSA_P256 });
}

/** A client certificate of a CA, by default. */
export function testCertificate(
  scope: Construct,
  issuer: IIssuingCertificateAuthority,
  props: Partial<CertificateProps> = {},
  id = "certificate",
): Certificate {
  return new Certificate(scope, id, {
    issuer,
    commonName: "leaf",
    usage: CertificateUsage.CLIENT,
    keyAlgorithm: KeyAlgorithm.ECDSA_P256,
    validity: Validity.days(397),
    ...props,
  });
}
