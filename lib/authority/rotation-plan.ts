import type { IConstruct } from "constructs";

import { quoted } from "../private/problems";
import type { ConfirmedStack } from "./confirmed-stack";
import { UserError } from "../private/user-error";

/** Which generations of a CA there are, and how carefully they change. */
export interface RotationPlan {
  /** The ids of the generations that hosts trust, in order. */
  readonly generations: string[];
  /** The id of the generation that signs. */
  readonly issuing: string;
  /** Hours between the deploys of two steps, if given. */
  readonly minimumOverlapHours?: number;
  /** Accept that there was no earlier deploy, or that its state is lost. */
  readonly startsHere: boolean;
  /** Allow steps that cut hosts off. */
  readonly emergency: boolean;
  /** Operator confirmations for other stacks. */
  readonly confirmedStacks: ConfirmedStack[];
  /** The generations that agents trust by PEM text in Kibana's settings, if there is any. */
  readonly inlinePemInKibana?: string[];
}

/** The generation of a CA that is not being rotated. */
export const FIRST_GENERATION = "1";

/** A CA that is not being rotated. */
export const NO_ROTATION: RotationPlan = {
  generations: [FIRST_GENERATION],
  issuing: FIRST_GENERATION,
  startsHere: false,
  emergency: false,
  confirmedStacks: [],
};

export function isPlainStart({ generations, issuing }: RotationPlan): boolean {
  return generations.length === 1 && issuing === FIRST_GENERATION;
}

/** Trust bundle of a CA for hosts of another stack: only the CA's own stack can read more of it. */
export function anchorsElsewhere(authority: IConstruct, { generations }: RotationPlan): string[] {
  return generations.map((id) => `${authority.node.path}/generation-${id}`);
}

/** Time is what protects hosts of other stacks, so it has no default there. */
export function checkOtherStack(
  { generations, minimumOverlapHours = 0, emergency }: RotationPlan,
  authority: string,
  stack: string,
): void {
  if (generations.length > 1 && minimumOverlapHours === 0 && !emergency) {
    throw new UserError(
      `${authority}: minimumOverlapHours is missing or 0, and the stack ${stack} has hosts of this CA too; allowed: ` +
        "whole hours above 0; set it to the longest that a host of another stack may go without its new files",
    );
  }
}

/** Refuses generations that do not fit together. */
export function checkPlan({
  generations: ids,
  issuing,
  minimumOverlapHours,
  inlinePemInKibana,
  emergency,
}: RotationPlan): void {
  const refuse = (prop: string, what: string, got: unknown, allowed: string, fix: string): never => {
    throw new UserError(
      `CertificateAuthoritySource.rotating: ${prop} ${what}, got ${quoted(got)}; allowed: ${allowed}; ${fix}`,
    );
  };
  if (ids.length === 0 || ids.some((id) => !/^[1-9][0-9]{0,5}$/.test(id))) {
    refuse("generations", "has no usable ids", ids, 'whole numbers from "1" on', "number generations as they come");
  }
  if (!ids.includes(issuing)) {
    refuse("issuing", "is not among the generations", issuing, ids.join(", "), "name the generation that signs");
  }
  // That text comes before an agent's file (elastic-agent handler_action_policy_change.go), so the file alone is no cure.
  if (inlinePemInKibana && !inlinePemInKibana.includes(issuing) && !emergency) {
    refuse(
      "inlinePemInKibana",
      `lacks the generation that signs, ${issuing}, so agents would go on without it`,
      inlinePemInKibana,
      "the generations that a person has seen agents take from Kibana, the issuing one among them",
      "add its certificate in Fleet > Settings, see that agents have it (they apply TLS alone only when they restart), " +
        "and list it; better empty that setting, or name the files' paths in it, and leave this out",
    );
  }
  if (minimumOverlapHours !== undefined && !(Number.isInteger(minimumOverlapHours) && minimumOverlapHours >= 0)) {
    refuse(
      "minimumOverlapHours",
      "is not a number of hours",
      minimumOverlapHours,
      "whole hours from 0 on",
      "write hours",
    );
  }
}
