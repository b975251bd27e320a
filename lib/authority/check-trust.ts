import type { Construct } from "constructs";

import { runLocalProgram } from "../private/local-program";
import { expression, isKnown } from "../private/terraform/text";
import type { TrustProblem, TrustedList } from "../private/given/read-trust";
import { readTrust } from "../private/given/read-trust";

/** The CAs of one file that hosts trust something by. */
export interface TrustedAuthority {
  /** The prop that they come from, such as `fleetCa`. */
  readonly name: string;
  /** The given anchors as PEM; generated CAs have unique names. */
  readonly givenTrustPem?: string;
  /** Whether Fleet Server admits their clients. */
  readonly admitsClients: boolean;
}

/**
 * Checks CAs that were given against each other: at synth where their text is known, else by a program at plan. Nothing
 * is added for a fleet that none of this can happen to.
 */
export function checkTrust(fleet: Construct, authorities: TrustedAuthority[]): TrustProblem[] {
  const given = authorities.filter((authority) => authority.givenTrustPem !== undefined);
  const lists = given.map(({ name, givenTrustPem, admitsClients }): TrustedList => ({
    name,
    pem: givenTrustPem as string,
    admitsClients,
  }));
  const isAlone = lists.length < 2 && !lists.some(({ admitsClients }) => admitsClients);
  if (isAlone) {
    return [];
  }
  if (lists.every(({ pem }) => isKnown(pem))) {
    return readTrust(lists);
  }
  runLocalProgram(fleet, "check-trust", "check-trust", {
    what: expression(fleet.node.path),
    lists: lists.map(({ name, pem, admitsClients }) => ({ name, pem: expression(pem), admitsClients })),
  });
  return [];
}
