import { Construct } from "constructs";

import type {
  CertificateIssueRequest,
  ICertificateAuthority,
  IIssuingCertificateAuthority,
  IssuedCertificate,
} from "../../certificate/issuing-certificate-authority";
import { authorityRecord, isOfLibrary, keepRecord } from "../records";
import { borrowedRecord } from "./borrowed-record";
import { cannotIssue } from "./generation";

/** A CA that exists as another construct, under an address of the fleet's own. Its owner renews and rotates it. */
export class ExistingCertificateAuthority extends Construct implements IIssuingCertificateAuthority {
  constructor(
    scope: Construct,
    id: string,
    /** The CA itself. */
    public readonly owner: ICertificateAuthority,
  ) {
    super(scope, id);
    keepRecord(this, borrowedRecord(this));
  }

  public get trustBundlePem(): string | undefined {
    return this.owner.trustBundlePem;
  }

  public get trustHostPath(): string | undefined {
    return this.owner.trustHostPath;
  }

  public get canIssue(): boolean {
    return this.owner.canIssue;
  }

  public get fingerprintSha256(): string {
    return this.owner.fingerprintSha256;
  }

  public get spkiPinsSha256(): string[] {
    return this.owner.spkiPinsSha256;
  }

  public issue(scope: Construct, id: string, request: CertificateIssueRequest): IssuedCertificate {
    if (!this.owner.canIssue) {
      throw cannotIssue(`${scope.node.path}/${id}`, this.owner);
    }
    if (!isOfLibrary(this.owner)) {
      authorityRecord(this.owner).addNames(scope, scope.node.path, request.names ?? []);
    }
    return (this.owner as IIssuingCertificateAuthority).issue(scope, id, request);
  }
}
