import type { Precondition } from "cdktf";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { ownerOf } from "../../authority/create-authority";
import { authorityRecord } from "../../authority/records";
import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { Problems } from "../../private/problems";
import { quoted } from "../../private/problems";

const WHAT = "is an intermediate that hosts trust without its root";
const FIX =
  "give the certificates above it up to the root too, without anchor: true, or use a CA that is a root, such as " +
  "CertificateAuthoritySource.generated()";

/**
 * Refuses CAs without a root for a program that verifies up to one, as OpenSSL does by default.
 *
 * @param reader the program, e.g. `nginx`
 * @returns conditions for CAs that only Terraform knows
 */
export function checkRoots(
  problems: Problems,
  host: Construct,
  reader: string,
  cas: Readonly<Record<string, readonly ICertificateAuthority[]>>,
): Precondition[] {
  const conditions: Precondition[] = [];
  for (const [prop, each] of Object.entries(cas)) {
    for (const ca of each) {
      const { roots } = authorityRecord(ca);
      const what = `${WHAT}, but ${reader} verifies certificates up to a root`;
      if (roots.includes(false)) {
        const allowed = `a CA whose root ${reader} gets too`;
        problems.add(prop, { what, got: quoted(ca.node.path), allowed, fix: FIX });
      } else if (TerraformStack.of(ownerOf(ca)) === TerraformStack.of(host)) {
        const errorMessage = `${host.node.path}: ${prop} (${ca.node.path}) ${what}; ${FIX}`;
        conditions.push(
          ...roots.filter((root) => typeof root === "string").map((condition) => ({ condition, errorMessage })),
        );
      }
    }
  }
  return conditions;
}
