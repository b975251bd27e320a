import type { Construct } from "constructs";

import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { CertificateAuthorityProps } from "./certificate-authority";
import { CertificateAuthority } from "./certificate-authority";
import { ExistingCertificateAuthority } from "./private/existing";

/** Creates a CA at an address that does not depend on its source. */
export function createAuthority(
  scope: Construct,
  id: string,
  props: CertificateAuthorityProps,
): IIssuingCertificateAuthority {
  const { _existing: owner } = props.source;
  return owner ? new ExistingCertificateAuthority(scope, id, owner) : new CertificateAuthority(scope, id, props);
}
