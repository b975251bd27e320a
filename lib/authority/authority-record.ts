import type { TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { Renewable } from "../certificate/renewal-dates";
import type { Validity } from "../certificate/validity";
import type { LeafUsage } from "../private/x509/leaf";
import type { AuthorityUses } from "./private/authority-uses";
import type { GivenEnding } from "./given-ending";
import type { Anchors, ComparedAuthority } from "./private/material";
import type { RotationPlan } from "./rotation-plan";

/** Certificate of one generation, as far as Terraform knows it. */
export interface GenerationCertificate {
  readonly generationId: string;
  readonly pem: string;
}

/** Party that verifies a CA's certificates without a file of this library. */
export interface VerifierElsewhere {
  /** Name for `confirmedStacks`. */
  readonly name: string;
  /** Its name in texts. */
  readonly title: string;
  /** End of the name of the Terraform output that contains the CA's certificates. */
  readonly output: string;
  /** Instruction for applying them. */
  readonly reload: string;
}

/** The library's record of a CA, in addition to its published interface. */
export interface AuthorityRecord extends ComparedAuthority {
  /** The bundle as its sources gave it: text where that is known at synth. */
  readonly trustPem?: string;
  /** Whether its anchor may have signed certificates that this library does not know of. */
  readonly signsForOthers: boolean;
  /** Whether the trusted certificates of each generation lead to a root: known at synth, or an expression. */
  readonly roots: readonly (boolean | string)[];
  /** The generations and the one that signs. */
  readonly rotation: RotationPlan;
  /** Anchors by which hosts trust it. */
  readonly anchors: Anchors;
  /** PEM by which hosts trust the generation that signs, or the one that others sign with. */
  readonly signingAnchors: Anchors;
  /** Common name of the generation that signs, if this library chose it. */
  readonly issuerName?: string;
  /** Certificate of each generation. */
  readonly certificates: readonly GenerationCertificate[];
  /** CA certificates that deploys renew, the intermediates of other stacks included. */
  readonly renewables: readonly Renewable[];
  /** When the given certificates of this CA and of the CAs above it end. */
  readonly given: readonly GivenEnding[];
  /** The anchors that were given, whose names this library did not choose. */
  readonly givenTrustPem?: string;
  /** Files of every stack by which hosts trust this CA. */
  readonly bundleFiles: readonly TerraformResource[];
  /** Files of every stack that contain a certificate of this CA. */
  readonly leafFiles: readonly TerraformResource[];
  /** Resources that a deploy of the CA's own stack ends with. */
  readonly completion: readonly TerraformResource[];
  /** Expression that is true as long as the state knows of no complete deploy with this CA. */
  readonly isFirstDeploy: string;
  /**
   * Adds a stack that has hosts of this CA sooner or later, so that the first of them changes nothing elsewhere.
   *
   * @param validity of the certificates that this CA issues there; absent if it issues none
   */
  addStack(stack: TerraformStack, validity?: Validity): void;
  addBundleFile(file: TerraformResource): void;
  addLeafFile(file: TerraformResource): void;
  /** Adds a usage of certificates that others sign, for a CA that is only trusted. */
  addUsage(usage: LeafUsage): void;
  /** Adds the names of a leaf below this CA, in the scope's stack; `what` names it in errors. */
  addNames(scope: Construct, what: string, names: readonly string[]): void;
  /** Parties that verify this CA's certificates without a file of this library, such as a Fleet Server elsewhere. */
  readonly verifiersElsewhere: readonly VerifierElsewhere[];
  /** Adds such a party, which a person confirms in `confirmedStacks` before another generation issues. */
  addVerifierElsewhere(verifier: VerifierElsewhere): void;
  /** Adds a CA that this one signs. */
  addAuthorityBelow(uses: AuthorityUses): void;
}
