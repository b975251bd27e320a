import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import { ExistingCertificateAuthority } from "./private/existing";
import { otherClassRecord } from "./private/other-class-record";
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
  return authority instanceof ExistingCertificateAuthority || RECORDS.has(authority);
}

/**
 * The record of any CA; a class of the user's own gets one when it is first used. That of a borrowed CA is its owner's,
 * who also renews it and completes its deploys.
 */
export function authorityRecord(authority: ICertificateAuthority): AuthorityRecord {
  if (authority instanceof ExistingCertificateAuthority) {
    const ofOwner = { renewables: { value: [] }, completion: { value: [] } };
    return Object.create(authorityRecord(authority.owner), ofOwner) as AuthorityRecord;
  }
  const record = RECORDS.get(authority) ?? OTHER_CLASSES.get(authority) ?? otherClassRecord(authority);
  if (!RECORDS.has(authority)) {
    OTHER_CLASSES.set(authority, record);
  }
  return record;
}
