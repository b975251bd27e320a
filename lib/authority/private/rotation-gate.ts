import type { VerifierElsewhere } from "../authority-record";
import type { TerraformResource } from "cdktf";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";

import type { TerraformDataConfig } from "../../private/terraform/data";
import { TerraformData } from "../../private/terraform/data";
import { isNew } from "../../private/terraform/memory";
import { isKnown, literalArgument } from "../../private/terraform/text";
import type { Anchors, AuthorityIdentity } from "./material";
import type { RotationPlan } from "../rotation-plan";
import type { AnchorFacts, AnchorMemories } from "./anchor-rules";
import { addedOf, removalOf } from "./anchor-rules";
import { guardIdentity } from "./identity-guard";
import type { Rule } from "./rule";
import { preconditionOf, rotationRules } from "./rotation-rules";
import { createLocal } from "../../private/terraform/local";

/** A generation and what may not change of it. */
export interface GateGeneration {
  readonly generationId: string;
  readonly identity?: AuthorityIdentity;
}

/** Properties of a gate. */
export interface RotationGateProps {
  /** The CA's path, as refusals name it. */
  readonly authority: string;
  readonly plan: RotationPlan;
  /** PEM by which hosts trust the CA. */
  readonly anchors: Anchors;
  /** PEM by which hosts trust the generation that signs. */
  readonly signingAnchors: Anchors;
  /** Whether it is this CA that signs, and not only others with it. */
  readonly canIssue: boolean;
  /** The generations, in the CA's own stack; none in another stack, which makes no CA. */
  readonly generations?: readonly GateGeneration[];
  /** Parties that verify the CA's clients without a file of this library. */
  readonly verifiersElsewhere?: () => readonly VerifierElsewhere[];
  /** Steps to change the CA, if not by its source. */
  readonly remedy?: string;
}

/**
 * Lets the CA of one stack change only in steps that cut no host off. A deploy may add to what hosts trust; it may take
 * from that, or sign with another CA, only after an earlier deploy finished the step that makes it safe.
 *
 * Memories in the state are written after the files that they stand for. Each keeps the time of the plan that made it, so
 * that whether it is new in this plan is known while planning, and a refused step has touched nothing. There is one memory
 * for each anchor, one for each number up to that of the anchors, and two that are replaced with the set of anchors and
 * with what signs. No memory shows which anchors an earlier deploy had, but whether one of them is gone: of n anchors that
 * are not new, the number n + 1 is then not new either. The memories of the set of generations and of the one that signs are what the
 * states of earlier versions have. A last kind keeps what each generation is, so that none becomes another CA under its
 * old number. Nothing depends on the gate: that would close a cycle.
 */
export class RotationGate extends Construct {
  private readonly bundleFiles: TerraformResource[] = [];
  private readonly leafFiles: TerraformResource[] = [];
  private readonly otherStacks: string[] = [];

  /** Resources that are written last. */
  public readonly completion: TerraformData;

  constructor(scope: Construct, id: string, props: RotationGateProps) {
    super(scope, id);
    const { authority, plan, generations } = props;
    const overlap = plan.minimumOverlapHours ?? 0;
    const trusted = this.memory(`trusted-${plan.generations.join("-")}`, overlap, () => this.bundleFiles);
    const issued = this.memory(`issued-${plan.issuing}`, overlap, () => [...this.bundleFiles, ...this.leafFiles]);
    // Written last: a first deploy that was interrupted must not look like an earlier one.
    const anchors = this.anchors(props, overlap);
    const deployed = this.memory("deployed", overlap, () => [trusted, issued, ...Object.values(anchors.memories)], {
      formerId: "began",
    });
    this.completion = deployed;
    const identityRules = (generations ?? []).flatMap(({ generationId, identity }) =>
      identity ? guardIdentity(this, generationId, identity, plan.emergency) : [],
    );
    const rules = (): Rule[] => [
      ...rotationRules(plan, {
        memories: { trusted, issued, deployed },
        anchors,
        isHome: generations !== undefined && props.canIssue,
        otherStacks: this.otherStacks,
        verifiersElsewhere: props.verifiersElsewhere?.() ?? [],
      }),
      ...identityRules,
    ];
    new TerraformData(this, "gate", {
      input: { generations: plan.generations, issuing: plan.issuing },
      preconditions: plan.emergency ? undefined : () => rules().map((rule) => preconditionOf(authority, rule)),
    });
  }

  /** Expression that is true as long as the state knows of no complete deploy. */
  public get isFirstDeploy(): string {
    return isNew(this.completion);
  }

  /** A file by which a host of this stack trusts the CA. */
  public addBundleFile(file: TerraformResource): void {
    if (!this.bundleFiles.includes(file)) {
      this.bundleFiles.push(file);
    }
  }

  /** File that contains a certificate of the CA. */
  public addLeafFile(file: TerraformResource): void {
    if (!this.leafFiles.includes(file)) {
      this.leafFiles.push(file);
    }
  }

  /** Stack that also has hosts of the CA, and its own gate. */
  public addOtherStack(path: string): void {
    this.otherStacks.push(path);
  }

  /** Trusted and signing generations, each with its time. */
  private anchors({ anchors, signingAnchors, canIssue, remedy }: RotationGateProps, overlap: number): AnchorFacts {
    const names = this.names("anchors", anchors);
    const signing = this.names("signing-anchors", signingAnchors);
    const bundles = (): TerraformResource[] => this.bundleFiles;
    const all = (): TerraformResource[] => [...this.bundleFiles, ...this.leafFiles];
    const joined = (list: string): string => `\${join(", ", sort(${list}))}`;
    const memories: AnchorMemories = {
      anchor: this.memory("anchor", overlap, bundles, { forEachOf: names }),
      number: this.memory("number", overlap, bundles, { count: Token.asNumber(`\${length(${names})}`) }),
      set: this.memory("set", overlap, bundles, { replacedBy: joined(names) }),
      signer: this.memory("signer", overlap, all, { replacedBy: canIssue ? joined(signing) : "others" }),
    };
    const added = createLocal(this, "added", `\${${addedOf(names, memories)}}`);
    const isRemoving = createLocal(this, "removing", `\${${removalOf(names, added, memories)}}`);
    return { names, signing, canIssue, added, isRemoving, memories, remedy };
  }

  /** A local, because an expression could read parts of a name as its own syntax. */
  private names(id: string, anchors: Anchors): string {
    const lists = anchors.map((name) => (typeof name === "string" && isKnown(name) ? literalArgument(name) : name));
    return createLocal(this, id, Fn.distinct(Fn.flatten(lists)));
  }

  private memory(
    id: string,
    overlap: number,
    after: () => TerraformResource[],
    more: Partial<TerraformDataConfig> = {},
  ): TerraformData {
    return new TerraformData(this, id, {
      // `planned` is known while planning, `finished` is the time of the apply: an approval in between does not count.
      input: { planned: "${plantimestamp()}", finished: "${timestamp()}", overlap },
      ignoreInputChanges: true,
      after,
      ...more,
    });
  }
}
