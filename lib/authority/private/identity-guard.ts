import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

import { TerraformData } from "../../private/terraform/data";
import { isNew } from "../../private/terraform/memory";
import { plainText } from "../../private/terraform/text";
import type { AuthorityIdentity } from "./material";
import type { Rule } from "./rule";

/** Instances of a guard: the first is never replaced, each of the others when that part of the identity changes. */
const PARTS = ["first", "key", "issuer"] as const;

const REMEDY =
  "list the new one as a generation of its own in CertificateAuthoritySource.rotating(), or give this one the source that " +
  "it had (a generated CA without a keyAlgorithm of its own follows the fleet's)";

/**
 * Remembers what a generation is, and refuses another CA under its number: stock Terraform would sign every leaf with it
 * in one apply. A key that Terraform replaces is unknown while planning, but it replaces the instance that depends on it,
 * and that is known.
 */
export function guardIdentity(scope: Construct, id: string, identity: AuthorityIdentity, isEmergency: boolean): Rule[] {
  // A local, since a name may contain what an expression would take for its own syntax.
  const local = new TerraformLocal(scope, `identity-${id}`, {
    description: plainText(identity.description),
    key: identity.unplanned ?? identity.key ?? "",
    issuer: identity.issuer === undefined ? "" : plainText(identity.issuer),
  });
  const known = new TerraformData(scope, `known-${id}`, {
    // An emergency records the present anchors; without a time, so that a second plan is empty.
    input: { planned: isEmergency ? "" : "${plantimestamp()}", identity: local.expression },
    ignoreInputChanges: !isEmergency,
  });
  if (isEmergency) {
    return [];
  }
  const then = `${known.address}.input.identity`;
  const now = `local.${local.friendlyUniqueId}`;
  const guard = new TerraformData(scope, `generation-${id}-key-guard`, {
    input: { planned: "${plantimestamp()}" },
    ignoreInputChanges: true,
    forEachOf: JSON.stringify(PARTS),
    replacedBy: `\${{ first = "", key = ${now}.key, issuer = ${now}.issuer }[each.key]}`,
  });
  const isNewPart = (part: (typeof PARTS)[number]): string => isNew({ address: `${guard.address}["${part}"]` });
  if (identity.unplanned !== undefined) {
    return [
      {
        condition: `${isNew(known)} || ${isNewPart("first")} || !(${isNewPart("key")})`,
        errorMessage:
          `generation ${id} would become another CA, which cuts off every host, or this deploy makes its certificate, which ` +
          `Terraform cannot compare before; to renew the same CA, apply its certificate alone first (-target); ` +
          `otherwise ${REMEDY}`,
      },
    ];
  }
  const isDescribed = `${then}.description == ${now}.description`;
  const isOther = `${isNew(known)} || !(${isDescribed})`;
  return [
    {
      condition: `${isNew(known)} ? true : ${isDescribed}`,
      errorMessage:
        `generation ${id} would become another CA, which cuts off every host: it is "\${${then}.description}", and would ` +
        `be "\${${now}.description}"; ${REMEDY}`,
    },
    {
      // The state of an earlier version has no guard, but the key.
      condition: `${isOther} ? true : (${isNewPart("first")} ? ${then}.key == ${now}.key : !(${isNewPart("key")}))`,
      errorMessage: `the key of generation ${id} is another one than before, which cuts off every host; ${REMEDY}`,
    },
    {
      condition: `${isOther} || ${isNewPart("first")} || ${isNewPart("key")} ? true : !(${isNewPart("issuer")})`,
      errorMessage:
        `the certificate of generation ${id} would be issued by "\${${now}.issuer}" and no longer by its former issuer, ` +
        `which cuts off hosts whose TLS library verifies up to a root, such as OpenSSL and Node; ${REMEDY}`,
    },
  ];
}
