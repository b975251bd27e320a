import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { AuthorityRecord } from "../authority-record";
import { anchorsFor, authorityRecord, signingAnchorsFor } from "../records";
import { RotationGate } from "./rotation-gate";

/** Makes the record of a borrowed CA. */
export interface BorrowedAuthority extends Construct {
  readonly owner: ICertificateAuthority;
  /** CAs that are trusted too, without signing. */
  readonly further: readonly ICertificateAuthority[];
}

/**
 * Record of a borrowed CA: its owner's, who renews it and completes its deploys, with a gate at the borrower's address,
 * where another CA may take its place.
 */
export function borrowedRecord(borrowed: BorrowedAuthority, remedy?: string): AuthorityRecord {
  const { owner, further } = borrowed;
  const ofOwner = authorityRecord(owner);
  const all = [owner, ...further];
  const gate = new RotationGate(borrowed, "rotation", {
    authority: borrowed.node.path,
    plan: {
      ...ofOwner.rotation,
      startsHere: true,
      confirmedStacks: [],
      emergency: all.some((ca) => authorityRecord(ca).rotation.emergency),
    },
    anchors: all.flatMap((ca) => anchorsFor(borrowed, ca)),
    signingAnchors: signingAnchorsFor(borrowed, owner),
    canIssue: owner.canIssue,
    remedy,
  });
  return Object.create(ofOwner, {
    renewables: { value: [] },
    completion: { value: [gate.completion] },
    addBundleFile: {
      value: (file: TerraformResource): void => {
        all.forEach((ca) => authorityRecord(ca).addBundleFile(file));
        gate.addBundleFile(file);
      },
    },
    addLeafFile: {
      value: (file: TerraformResource): void => {
        ofOwner.addLeafFile(file);
        gate.addLeafFile(file);
      },
    },
  }) as AuthorityRecord;
}
