import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";

import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import { RotationGate } from "./private/rotation-gate";
import { anchorsFor, authorityRecord, signingAnchorsFor } from "./records";
import { NO_ROTATION } from "./rotation-plan";

/** Properties of an issuer's gate. */
export interface IssuerGateProps {
  /** CA that signs. */
  readonly issuer: ICertificateAuthority;
  /** CAs whose certificates are accepted, the issuer included. */
  readonly accepted: readonly ICertificateAuthority[];
  /** Whether the issuer signs here, and not only somebody else with it. */
  readonly canIssue?: boolean;
  /** Steps to change the issuer. */
  readonly remedy: string;
}

/** Gate of certificates whose issuer is one of several CAs, and of the bundle by which their holders are accepted. */
export class IssuerGate extends Construct {
  private readonly gate: RotationGate;

  constructor(scope: Construct, id: string, { issuer, accepted, canIssue = true, remedy }: IssuerGateProps) {
    super(scope, id);
    const rotations = accepted.map((ca) => authorityRecord(ca).rotation);
    const hours = rotations.flatMap(({ minimumOverlapHours }) => minimumOverlapHours ?? []);
    this.gate = new RotationGate(this, "rotation", {
      authority: this.node.path,
      plan: {
        ...NO_ROTATION,
        startsHere: true,
        emergency: rotations.some(({ emergency }) => emergency),
        ...(hours.length > 0 && { minimumOverlapHours: Math.max(...hours) }),
      },
      anchors: accepted.flatMap((ca) => anchorsFor(scope, ca)),
      signingAnchors: signingAnchorsFor(scope, issuer),
      canIssue,
      remedy,
    });
  }

  /** Resource that a complete deploy ends with. */
  public get completion(): TerraformResource {
    return this.gate.completion;
  }

  /** A file by which holders are accepted. */
  public addBundleFile(file: TerraformResource): void {
    this.gate.addBundleFile(file);
  }

  /** A file that contains a certificate of the issuer. */
  public addLeafFile(file: TerraformResource): void {
    this.gate.addLeafFile(file);
  }
}
