import { TerraformStack } from "cdktf";

import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import { anchorsFor, authorityRecord, signingAnchorsFor } from "../records";
import type { AuthorityMaker } from "./material";

/** A CA that exists as another construct, as one generation of a rotation. Its owner renews it. */
export function existingAuthority(owner: ICertificateAuthority): AuthorityMaker {
  return {
    canIssue: owner.canIssue,
    isBorrowed: true,
    create: (scope) => {
      const { given, givenTrustPem, issuerName, signsForOthers, roots } = authorityRecord(owner);
      const isHere = TerraformStack.of(scope) === TerraformStack.of(owner);
      return {
        owner,
        trustPem: owner.trustBundlePem,
        trustHostPath: owner.trustHostPath,
        anchors: anchorsFor(scope, owner),
        signingAnchors: signingAnchorsFor(scope, owner),
        given,
        givenTrustPem,
        commonName: issuerName,
        signsForOthers,
        // An expression is of the owner's stack.
        hasRoot: isHere ? roots.find((root) => root !== true) : !roots.includes(false),
      };
    },
  };
}
