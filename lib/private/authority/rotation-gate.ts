import type { Precondition, TerraformResource } from "cdktf";
import { Construct } from "constructs";

import { TerraformData } from "../terraform-data";

/** Which generations of a CA there are, and how carefully they change. */
export interface RotationPlan {
  /** The ids of the generations that hosts trust, in order. */
  readonly generations: string[];
  /** The id of the generation that signs. */
  readonly issuing: string;
  /** How long each step has to have been deployed before the next, in hours. */
  readonly minimumOverlapHours: number;
  /** Whether there was no earlier deploy, or its state is lost for good. */
  readonly startsHere: boolean;
  /** Whether hosts may be cut off. */
  readonly emergency: boolean;
  /** The generations that agents trust by PEM text in Kibana's settings, if there is any. */
  readonly inlinePemInKibana?: string[];
}

/**
 * Lets the CA of one stack rotate only in steps that cut no host off: each deploy changes either the generations that
 * hosts trust or the one that signs, and only after the step before it was finished.
 *
 * Two memories are written after the files that they stand for: one named after the set of trusted generations, one
 * after the issuing generation. Each keeps the time of the plan that made it, so that whether it is new in this plan is
 * known while planning, and a step that is refused has touched nothing. Nothing depends on the gate: that would close a
 * cycle.
 */
export class RotationGate extends Construct {
  private readonly bundleFiles: TerraformResource[] = [];
  private readonly leafFiles: TerraformResource[] = [];

  /** What is written last of all. */
  public readonly completion: TerraformResource;

  constructor(scope: Construct, id: string, authority: string, plan: RotationPlan, isHome: boolean) {
    super(scope, id);
    const set = plan.generations.join("-");
    const trusted = this.memory(`trusted-${set}`, () => this.bundleFiles);
    const issued = this.memory(`issued-${plan.issuing}`, () => [...this.bundleFiles, ...this.leafFiles]);
    // Written last: a first deploy that was interrupted must not look like an earlier one.
    const began = this.memory("began", () => [trusted, issued]);
    this.completion = began;
    new TerraformData(this, "gate", {
      input: { generations: plan.generations, issuing: plan.issuing },
      preconditions: plan.emergency ? [] : preconditions(authority, plan, { trusted, issued, began }, isHome),
    });
  }

  /** A file by which a host of this stack trusts the CA. */
  public addBundleFile(file: TerraformResource): void {
    this.bundleFiles.push(file);
  }

  /** A file that holds a certificate of the CA. */
  public addLeafFile(file: TerraformResource): void {
    this.leafFiles.push(file);
  }

  private memory(id: string, after: () => TerraformResource[]): TerraformData {
    return new TerraformData(this, id, {
      // `planned` is known while planning, `finished` is the time of the apply: an approval in between does not count.
      input: { planned: "${plantimestamp()}", finished: "${timestamp()}" },
      ignoreInputChanges: true,
      after,
    });
  }
}

interface Memories {
  readonly trusted: TerraformData;
  readonly issued: TerraformData;
  readonly began: TerraformData;
}

function preconditions(authority: string, plan: RotationPlan, memories: Memories, isHome: boolean): Precondition[] {
  const isNew = ({ address }: TerraformData): string => `${address}.input.planned == plantimestamp()`;
  const trustIsNew = isNew(memories.trusted);
  const issuerIsNew = isNew(memories.issued);
  const isFirst = isNew(memories.began);
  const waited = ({ address }: TerraformData): string =>
    `timecmp(timeadd(${address}.input.finished, "${plan.minimumOverlapHours}h"), plantimestamp()) <= 0`;
  const list = plan.generations.join(", ");
  const target = `generations ${list} issuing ${plan.issuing}`;
  const all: Precondition[] = [
    {
      condition: `\${${isFirst} || !(${trustIsNew} && ${issuerIsNew})}`,
      errorMessage:
        `${authority}: going to ${target} takes more than one step from what is deployed, or the step before it was ` +
        "not finished, and would cut hosts off; change either generations or issuing in one deploy: first list both " +
        "generations, then switch issuing, then drop the old one, and deploy each step on every host",
    },
    {
      condition: `\${(${isFirst} || !(${issuerIsNew})) ? true : ${waited(memories.trusted)}}`,
      errorMessage:
        `${authority}: issuing with ${plan.issuing} has to wait until generations ${list} have been deployed for ` +
        `minimumOverlapHours (${plan.minimumOverlapHours} h); deploy with the old issuing until then`,
    },
    {
      condition: `\${(${isFirst} || !(${trustIsNew})) ? true : ${waited(memories.issued)}}`,
      errorMessage:
        `${authority}: changing the generations to ${list} has to wait until ${plan.issuing} has been issuing for ` +
        `minimumOverlapHours (${plan.minimumOverlapHours} h); deploy with the old generations until then`,
    },
  ];
  // A stack that joins later finds whatever generation there is; only the CA's own stack knows of a beginning.
  return isHome && !isPlainStart(plan) && !plan.startsHere
    ? [
        ...all,
        {
          condition: `\${!(${isFirst})}`,
          errorMessage:
            `${authority}: nothing is deployed that ${target} could follow; say startsHere: true if this topology is ` +
            "new, or if its state is lost and its hosts get all files anew",
        },
      ]
    : all;
}

function isPlainStart({ generations, issuing }: RotationPlan): boolean {
  return generations.length === 1 && issuing === "1";
}
