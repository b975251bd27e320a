import { Construct } from "constructs";

import { KeyAlgorithm } from "../../certificate/key-algorithm";
import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { AuthorityRecord } from "../authority-record";
import { AuthorityUses } from "./authority-uses";
import { authorityOfOtherClass } from "./external-authorities";
import { Generation } from "./generation";
import { GenerationsRecord } from "./generations-record";
import { FIRST_GENERATION, NO_ROTATION } from "../rotation-plan";

/** Record of a CA of the user's own class that is passed as itself: one generation, in a child of that CA. */
export function otherClassRecord(authority: ICertificateAuthority): AuthorityRecord {
  const scope = new Construct(authority as Construct, "fleet-tls");
  const uses = new AuthorityUses();
  const generation = new Generation(scope, FIRST_GENERATION, authorityOfOtherClass(authority), {
    commonName: "",
    keyAlgorithm: KeyAlgorithm.ECDSA_P256,
    uses,
    issuing: FIRST_GENERATION,
  });
  return new GenerationsRecord(scope, {
    rotation: NO_ROTATION,
    generations: [generation],
    uses,
    stackIssuers: () => [],
  });
}
