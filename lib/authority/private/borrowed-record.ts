import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { AuthorityRecord } from "../authority-record";
import { anchorsFor, authorityRecord, signingAnchorsFor } from "../records";
import { RotationGate } from "./rotation-gate";

/** Makes the record of a borrowed CA. */
export interface BorrowedAuthority extends Construct {
  readonly owner: ICertificateAuthority;
}

/**
 * Record of a borrowed CA: its owner's, who renews it and completes its deploys, with a gate at the borrower's address,
 * where another CA may take its place.
 */
export function borrowedRecord(borrowed: BorrowedAuthority): AuthorityRecord {
  const { owner } = borrowed;
  const ofOwner = authorityRecord(owner);
  const gate = new RotationGate(borrowed, "rotation", {
    authority: borrowed.node.path,
    plan: {
      ...ofOwner.rotation,
      startsHere: true,
      confirmedStacks: [],
    },
    anchors: anchorsFor(borrowed, owner),
    signingAnchors: signingAnchorsFor(borrowed, owner),
    canIssue: owner.canIssue,
  });
  return Object.create(ofOwner, {
    renewables: { value: [] },
    completion: { value: [gate.completion] },
    isFirstDeploy: { value: gate.isFirstDeploy },
    addStack: { value: ofOwner.addStack.bind(ofOwner) },
    addBundleFile: {
      value: (file: TerraformResource): void => {
        ofOwner.addBundleFile(file);
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
