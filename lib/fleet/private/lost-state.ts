import type { Precondition } from "cdktf";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { authorityRecord } from "../../authority/records";
import { projectPathArgument } from "../../private/paths";
import type { FleetAuthority } from "./authorities";
import { createLocal } from "../../private/terraform/local";

/**
 * Refuses to create the CAs of a fleet again where the output directory has the files of a complete deploy: hosts with those
 * files would be cut off. The runbook is written last, so that a first deploy that was killed is no complete one.
 *
 * @param scope of the runbook's file, whose precondition this is: nothing has written the file when it is checked
 */
export function lostStatePrecondition(
  scope: Construct,
  runbook: string,
  authorities: readonly FleetAuthority[],
): Precondition | undefined {
  const isHere = ({ ca }: FleetAuthority): boolean => TerraformStack.of(ca) === TerraformStack.of(scope);
  const own = authorities.filter(({ isOwn }) => isOwn).filter(isHere);
  const replaced = own.flatMap(({ role, ca }) => {
    const condition = authorityRecord(ca).isOther(scope, role.id);
    return condition === undefined ? [] : [{ prop: role.prop, condition }];
  });
  if (replaced.length === 0) {
    return undefined;
  }
  const path = createLocal(scope, "path", projectPathArgument(runbook));
  const isEmpty = createLocal(
    scope,
    "no-deploy",
    `\${alltrue([${own.map(({ ca }) => authorityRecord(ca).isFirstDeploy).join(", ")}])}`,
  );
  // Terraform wants the same answer during the apply, when the file is replaced: so it is asked for no other file then.
  const isDeployed = `fileexists(${isEmpty} ? ${path} : join("", [${path}, ".none"]))`;
  const isOther = `anytrue([${replaced.map(({ condition }) => condition).join(", ")}])`;
  const props = replaced.map(({ prop }) => prop).join(", ");
  return {
    condition: `\${!(${isEmpty} && ${isDeployed} && ${isOther})}`,
    errorMessage:
      `${(scope.node.scope as Construct).node.path}: the state knows no deploy of this fleet, but the output directory has the ` +
      `files of one with other CAs, and every host that has those files would be cut off (${props}); restore the state, or ` +
      "if it is lost, say so for each of these CAs with startsHere: true, in CertificateAuthoritySource.rotating({ " +
      'generations: { "1": the source that it has now }, issuing: "1", startsHere: true }), and copy all files to every ' +
      "host again",
  };
}
