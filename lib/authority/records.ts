import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import { otherClassRecord } from "./private/other-class-record";
import type { Anchors } from "./private/material";
import { anchorsElsewhere } from "./rotation-plan";
import type { AuthorityRecord } from "./authority-record";

const RECORDS = new WeakMap<ICertificateAuthority, AuthorityRecord>();

/** Records of CAs whose class is the user's own. */
const OTHER_CLASSES = new WeakMap<ICertificateAuthority, AuthorityRecord>();

/** Whether hosts trust their operating system's CAs: there is no file and no flag for this CA. */
export function isSystemTrust({ trustBundlePem, trustHostPath }: ICertificateAuthority): boolean {
  return trustBundlePem === undefined && trustHostPath === undefined;
}

/** Keeps the record of a CA that this library creates. */
export function keepRecord(authority: ICertificateAuthority, record: AuthorityRecord): void {
  RECORDS.set(authority, record);
}

/** Whether this library created the CA. */
export function isOfLibrary(authority: ICertificateAuthority): boolean {
  return RECORDS.has(authority);
}

/** The record of any CA; a class of the user's own gets one when it is first used. */
export function authorityRecord(authority: ICertificateAuthority): AuthorityRecord {
  const record = RECORDS.get(authority) ?? OTHER_CLASSES.get(authority) ?? otherClassRecord(authority);
  if (!RECORDS.has(authority)) {
    OTHER_CLASSES.set(authority, record);
  }
  return record;
}

/** PEM by which hosts of a construct's stack trust a CA, as that stack can read it. */
export function anchorsFor(scope: IConstruct, authority: ICertificateAuthority): Anchors {
  const { anchors, rotation } = authorityRecord(authority);
  const isHere = TerraformStack.of(scope) === TerraformStack.of(authority);
  return isHere ? anchors : anchorsElsewhere(authority, rotation);
}

/** PEM by which hosts trust its leaves, as that stack can read it. */
export function signingAnchorsFor(scope: IConstruct, authority: ICertificateAuthority): Anchors {
  const { signingAnchors, rotation } = authorityRecord(authority);
  const isHere = TerraformStack.of(scope) === TerraformStack.of(authority);
  return isHere ? signingAnchors : anchorsElsewhere(authority, { ...rotation, generations: [rotation.issuing] });
}
