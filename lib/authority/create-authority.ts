import type { Construct } from "constructs";

import type { ICertificateAuthority, IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { CertificateAuthorityProps } from "./certificate-authority";
import { CertificateAuthority } from "./certificate-authority";
import type { CertificateAuthoritySource } from "./certificate-authority-source";
import { ExistingCertificateAuthority } from "./private/existing";

/** The source of each CA that was created from one. */
const SOURCES = new WeakMap<ICertificateAuthority, CertificateAuthoritySource>();

/** Creates a CA at an address that does not depend on its source. */
export function createAuthority(
  scope: Construct,
  id: string,
  props: CertificateAuthorityProps,
): IIssuingCertificateAuthority {
  const { _owner: owner, _generations: generations } = props.source;
  const isBorrowed = owner !== undefined && generations.length === 0;
  const ca = isBorrowed
    ? new ExistingCertificateAuthority(scope, id, owner)
    : new CertificateAuthority(scope, id, props);
  SOURCES.set(ca, props.source);
  return ca;
}

/** The CA itself, or the one that it stands for. */
export function ownerOf(ca: ICertificateAuthority): ICertificateAuthority {
  return ca instanceof ExistingCertificateAuthority ? ca.owner : ca;
}

/** Whether a list of sources names a CA: by the source that it was created from, or as an existing CA. */
export function isListed(ca: ICertificateAuthority, sources: CertificateAuthoritySource[]): boolean {
  const owner = ownerOf(ca);
  return sources.some((source) => source === SOURCES.get(ca) || source._owner === owner);
}

/** Whether a source creates a CA that can issue, or is given its key; an existing CA is another construct's. */
export function createsIssuer({ _generations: generations, _owner: owner }: CertificateAuthoritySource): boolean {
  return owner === undefined && generations.some(({ maker }) => maker.canIssue && maker.isBorrowed !== true);
}
