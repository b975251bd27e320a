import type { TerraformData } from "../../private/terraform/data";
import { isNew } from "../../private/terraform/memory";
import type { RotationPlan } from "../rotation-plan";
import type { Rule } from "./rule";

/** A gate's memories of the anchors that hosts trust. */
export interface AnchorFacts {
  /** The anchors, and those of the generation that signs: expressions of lists. */
  readonly names: string;
  readonly signing: string;
  /** Whether it is this CA that signs, and not only others with it. */
  readonly canIssue: boolean;
  /** The anchors that are new in this plan: an expression of a list. */
  readonly added: string;
  /** Whether this plan takes an anchor away: an expression. */
  readonly isRemoving: string;
  readonly memories: AnchorMemories;
  /** Steps to change the CA, if not by its source. */
  readonly remedy?: string;
}

/** Memories of anchors; each is new in the plan that creates or replaces it. */
export interface AnchorMemories {
  /** One for each anchor, by its name. */
  readonly anchor: TerraformData;
  /** One for each number up to that of the anchors. */
  readonly number: TerraformData;
  /** Replaced when the anchors change. */
  readonly set: TerraformData;
  /** Replaced when another CA signs. */
  readonly signer: TerraformData;
}

/** Whether the state knows nothing of anchors, as that of an earlier version. */
export function hasNoMemory({ number }: AnchorMemories): string {
  return isNew({ address: `${number.address}[0]` });
}

/** The anchors of a list that are new in this plan. */
export function addedOf(names: string, { anchor }: AnchorMemories): string {
  return `[for name in ${names} : name if ${isNew({ address: `${anchor.address}[name]` })}]`;
}

/** Whether an anchor is taken away: either nothing is added, or the state has a number above that of the anchors kept. */
export function removalOf(names: string, added: string, { number, set }: AnchorMemories): string {
  const above = `${number.address}[length(${names}) - length(${added})].input.planned`;
  const isAbove = `try(${above}, plantimestamp()) != plantimestamp()`;
  return `(${isNew(set)}) && (length(${added}) == 0 || ${isAbove})`;
}

/** Adding is always allowed; taking away, and signing with another CA, come after the deploy that makes them safe. */
export function anchorRules(plan: RotationPlan, facts: AnchorFacts, isFirst: string): Rule[] {
  const { names, signing, added, isRemoving, canIssue, memories } = facts;
  const { anchor, signer } = memories;
  const { minimumOverlapHours, issuing } = plan;
  const list = plan.generations.join(", ");
  const isFree = `(${isFirst} || ${hasNoMemory(memories)})`;
  const isSwitching = `(${isNew(signer)})`;
  const isUntrusted = `anytrue([for name in ${signing} : contains(${added}, name)])`;
  // Going back to a CA without a rotation, there is no place to say it: what was said with the last step counts.
  const hours = (memory: string): string =>
    minimumOverlapHours === undefined ? `try(${memory}.input.overlap, 0)` : String(minimumOverlapHours);
  const waited = (memory: string): string =>
    `timecmp(timeadd(${memory}.input.finished, "\${${hours(memory)}}h"), plantimestamp()) <= 0`;
  const allWaited = (some: string): string => `alltrue([for name in ${some} : ${waited(`${anchor.address}[name]`)}])`;
  const longest = (some: string): string => `\${max([for name in ${some} : ${hours(`${anchor.address}[name]`)}]...)}`;
  const steps = `${isRemoving} && (length(${added}) > 0 || ${isSwitching}) || ` + `${isSwitching} && ${isUntrusted}`;
  return [
    { condition: `${isFree} ? true : !(${steps})`, errorMessage: manySteps(plan, facts.remedy) },
    {
      condition: `${isFree} || !${isSwitching} ? true : ${allWaited(signing)}`,
      errorMessage:
        `issuing with ${issuing} has to wait until generations ${list} have been deployed for minimumOverlapHours ` +
        `(${longest(signing)} h); deploy with the old issuing until then`,
    },
    canIssue
      ? {
          condition: `${isFree} || !${isRemoving} ? true : ${waited(signer.address)}`,
          errorMessage:
            `changing the generations to ${list} has to wait until ${issuing} has been issuing for minimumOverlapHours ` +
            `(\${${hours(signer.address)}} h); deploy with the old generations until then`,
        }
      : {
          condition: `${isFree} || !${isRemoving} ? true : ${allWaited(names)}`,
          errorMessage:
            "taking away a CA that hosts trust has to wait until those that stay have been deployed for " +
            `minimumOverlapHours (${longest(names)} h); deploy with all of them until then`,
        },
  ];
}

/** Refusal of more than one step; names the steps. */
export function manySteps({ generations, issuing }: RotationPlan, remedy?: string): string {
  return remedy === undefined
    ? `going to generations ${generations.join(", ")} issuing ${issuing}${TOO_MANY}${ROTATING}${EACH_STEP}`
    : `this change${TOO_MANY}${remedy}${EACH_STEP}`;
}

const TOO_MANY =
  " takes more than one step from what is deployed, or the step before it was not finished, and would cut hosts off; ";

const EACH_STEP =
  "; deploy each step on every host, or set emergency to take every step at once and copy the files to the hosts that it " +
  "cuts off";

const ROTATING =
  "first list the former source and the new one as generations of CertificateAuthoritySource.rotating() with the old " +
  "issuing (any source, an existing CA too; of a CA that is only trusted, one file may have both certificates), then " +
  "switch issuing, then drop the old one";
