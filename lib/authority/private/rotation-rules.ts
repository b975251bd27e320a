import type { VerifierElsewhere } from "../authority-record";
import type { Precondition } from "cdktf";

import type { ConfirmedStack } from "../confirmed-stack";
import type { TerraformData } from "../../private/terraform/data";
import type { RotationPlan } from "../rotation-plan";
import type { AnchorFacts } from "./anchor-rules";
import { isNew } from "../../private/terraform/memory";
import { anchorRules, hasNoMemory, manySteps } from "./anchor-rules";
import type { Rule } from "./rule";
import { isPlainStart } from "../rotation-plan";

/** A gate's knowledge of its own stack and of others. */
export interface RotationFacts {
  readonly memories: Memories;
  readonly anchors: AnchorFacts;
  /** Whether the CA is made in this stack. */
  readonly isHome: boolean;
  /** The paths of the other stacks with hosts of this CA; known in the CA's own stack alone. */
  readonly otherStacks: readonly string[];
  /** Parties that verify the CA's certificates without a file of this library; known in the CA's own stack alone. */
  readonly verifiersElsewhere: readonly VerifierElsewhere[];
}

interface Memories {
  /** Condition that every bundle of these generations is written. */
  readonly trusted: TerraformData;
  /** Condition that every leaf of this generation is written. */
  readonly issued: TerraformData;
  /** Written at the end of every complete deploy. */
  readonly deployed: TerraformData;
}

/** Rules for a deploy of these generations. Everything that they read is known at plan. */
export function rotationRules(plan: RotationPlan, facts: RotationFacts): Rule[] {
  const { trusted, issued, deployed } = facts.memories;
  const step: Step = { isFirst: isNew(deployed), trustIsNew: isNew(trusted), issuerIsNew: isNew(issued) };
  return [
    upgradeRule(plan, facts.anchors, step),
    ...anchorRules(plan, facts.anchors, isNew(deployed)),
    ...(facts.isHome
      ? [
          ...startRules(plan, step),
          ...otherStackRules(plan, step, facts.otherStacks),
          ...elsewhereRules(plan, step, facts.verifiersElsewhere),
        ]
      : []),
  ];
}

/** A rule as Terraform checks it, about the CA of that path. */
export function preconditionOf(authority: string, { condition, errorMessage }: Rule): Precondition {
  return { condition: `\${${condition}}`, errorMessage: `${authority}: ${errorMessage}` };
}

/** Conditions about this plan, as expressions. */
interface Step {
  readonly isFirst: string;
  readonly trustIsNew: string;
  readonly issuerIsNew: string;
}

/** The state of an earlier version has no memory of anchors, but one of the set of generations and of what signs. */
function upgradeRule(plan: RotationPlan, anchors: AnchorFacts, { isFirst, trustIsNew, issuerIsNew }: Step): Rule {
  return {
    condition: `${isFirst} || !(${hasNoMemory(anchors.memories)}) || !(${trustIsNew} && ${issuerIsNew})`,
    errorMessage: manySteps(plan),
  };
}

/** A stack that joins later finds the current generation; only the CA's own stack knows the first one. */
function startRules(plan: RotationPlan, { isFirst }: Step): Rule[] {
  return isPlainStart(plan) || plan.startsHere
    ? []
    : [
        {
          condition: `!(${isFirst})`,
          errorMessage:
            `nothing is deployed that ${target(plan)} could follow; say startsHere: true if this topology is new, or if ` +
            "its state is lost and its hosts get all files again",
        },
      ];
}

/** A gate sees its own stack only: for others, it uses the time and the confirmation of a person. */
function otherStackRules(
  plan: RotationPlan,
  { isFirst, trustIsNew, issuerIsNew }: Step,
  others: readonly string[],
): Rule[] {
  const { generations, issuing, minimumOverlapHours = 0, confirmedStacks } = plan;
  const unconfirmed = (confirms: (confirmed: ConfirmedStack) => boolean): string =>
    others
      .filter((stack) => !confirmedStacks.some((confirmed) => confirmed.stack === stack && confirms(confirmed)))
      .join(", ");
  const rules: Rule[] = [];
  if (others.length > 0 && minimumOverlapHours === 0) {
    rules.push({
      condition: `${isFirst} || !(${trustIsNew} || ${issuerIsNew})`,
      errorMessage:
        `going to ${target(plan)} needs a minimumOverlapHours, since the stacks ${others.join(", ")} have hosts of this ` +
        "CA too; set it to the longest that a host of theirs may go without its new files, here with rotating({ … }), " +
        "for one generation too",
    });
  }
  const trusting = unconfirmed((confirmed) => confirmed.generations.includes(issuing));
  if (trusting !== "") {
    rules.push({
      condition: `${isFirst} || !(${issuerIsNew})`,
      errorMessage:
        `issuing with ${issuing} would cut off hosts of other stacks that do not trust it yet; deploy generations ` +
        `${generations.join(", ")} there, check that their hosts have the files, and add it to confirmedStacks, which ` +
        `lacks generation ${issuing} for ${trusting}`,
    });
  }
  // Of several generations it does not show whether one was dropped; then time alone protects.
  const presenting = generations.length > 1 ? "" : unconfirmed((confirmed) => confirmed.issuing === issuing);
  if (presenting !== "") {
    rules.push({
      condition: `${isFirst} || !(${trustIsNew})`,
      errorMessage:
        `trusting generation ${issuing} alone would cut off hosts of other stacks whose certificates are of another ` +
        `one; deploy issuing ${issuing} there, check that their hosts have the files, and add it to confirmedStacks, which ` +
        `lacks issuing ${issuing} for ${presenting}`,
    });
  }
  return rules;
}

/** No file of this library shows what a verifier elsewhere trusts: a person confirms it. */
function elsewhereRules(
  plan: RotationPlan,
  { isFirst, issuerIsNew }: Step,
  verifiers: readonly VerifierElsewhere[],
): Rule[] {
  const { generations, issuing, confirmedStacks } = plan;
  const unconfirmed = verifiers.filter(
    ({ name }) =>
      !confirmedStacks.some(({ stack, generations: trusted }) => stack === name && trusted.includes(issuing)),
  );
  return unconfirmed.map(({ name, title, output }) => ({
    condition: `${isFirst} || !(${issuerIsNew})`,
    errorMessage:
      `certificates of ${issuing} are refused as long as ${title} does not trust it; deploy generations ` +
      `${generations.join(", ")} first, give their certificates (the output that ends in ${output}) to the operator of ` +
      `${title}, and once they are trusted there, add { stack: "${name}", generations: [${generations.map((id) => `"${id}"`).join(", ")}], ` +
      `issuing: "${generations[0] ?? issuing}" } to confirmedStacks`,
  }));
}

function target({ generations, issuing }: RotationPlan): string {
  return `generations ${generations.join(", ")} issuing ${issuing}`;
}
