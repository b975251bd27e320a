import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import { ExistingCertificateAuthority } from "./private/existing";
import { ForeignRecord } from "./private/foreign-record";
import type { AuthorityRecord } from "./authority-record";

const RECORDS = new WeakMap<ICertificateAuthority, AuthorityRecord>();

/** Keeps the record of a CA that this library creates. */
export function keepRecord(authority: ICertificateAuthority, record: AuthorityRecord): void {
  RECORDS.set(authority, record);
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
  const record = RECORDS.get(authority) ?? new ForeignRecord(authority);
  RECORDS.set(authority, record);
  return record;
}
