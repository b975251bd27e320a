import type { TerraformResource } from "cdktf";
import { TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";

import { TerraformData } from "../../private/terraform/data";
import { plainText } from "../../private/terraform/text";
import type { AuthorityIdentity } from "./material";
import type { RotationPlan } from "../rotation-plan";
import type { Rule } from "./rotation-rules";
import { isNew, preconditionOf, rotationRules } from "./rotation-rules";

/** A generation and what may not change of it. */
export interface GateGeneration {
  readonly generationId: string;
  readonly identity?: AuthorityIdentity;
}

/** What a gate guards. */
export interface RotationGateProps {
  /** The CA's path, as refusals name it. */
  readonly authority: string;
  readonly plan: RotationPlan;
  /** The generations, in the CA's own stack; none in another stack, which makes no CA. */
  readonly generations?: readonly GateGeneration[];
}

/**
 * Lets the CA of one stack rotate only in steps that cut no host off: each deploy changes either the generations that
 * hosts trust or the one that signs, and only after the step before it was finished.
 *
 * Two memories are written after the files that they stand for: one named after the set of trusted generations, one
 * after the issuing generation. Each keeps the time of the plan that made it, so that whether it is new in this plan is
 * known while planning, and a step that is refused has touched nothing. A third kind keeps what each generation is, so
 * that none becomes another CA under its old number. Nothing depends on the gate: that would close a cycle.
 */
export class RotationGate extends Construct {
  private readonly bundleFiles: TerraformResource[] = [];
  private readonly leafFiles: TerraformResource[] = [];
  private readonly otherStacks: string[] = [];

  /** What is written last of all. */
  public readonly completion: TerraformResource;

  constructor(scope: Construct, id: string, { authority, plan, generations }: RotationGateProps) {
    super(scope, id);
    const overlap = plan.minimumOverlapHours ?? 0;
    const trusted = this.memory(`trusted-${plan.generations.join("-")}`, overlap, () => this.bundleFiles);
    const issued = this.memory(`issued-${plan.issuing}`, overlap, () => [...this.bundleFiles, ...this.leafFiles]);
    // Written last: a first deploy that was interrupted must not look like an earlier one.
    const deployed = this.memory("deployed", overlap, () => [trusted, issued], "began");
    this.completion = deployed;
    const identityRules = (generations ?? []).flatMap(({ generationId, identity }) =>
      identity ? this.holdOnTo(generationId, identity, plan.emergency) : [],
    );
    const rules = (): Rule[] => [
      ...rotationRules(plan, {
        memories: { trusted, issued, deployed },
        isHome: generations !== undefined,
        otherStacks: this.otherStacks,
      }),
      ...identityRules,
    ];
    new TerraformData(this, "gate", {
      input: { generations: plan.generations, issuing: plan.issuing },
      preconditions: plan.emergency ? undefined : () => rules().map((rule) => preconditionOf(authority, rule)),
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

  /** A stack that holds hosts of the CA too, and has a gate of its own. */
  public addOtherStack(path: string): void {
    this.otherStacks.push(path);
  }

  private memory(id: string, overlap: number, after: () => TerraformResource[], formerId?: string): TerraformData {
    return new TerraformData(this, id, {
      // `planned` is known while planning, `finished` is the time of the apply: an approval in between does not count.
      input: { planned: "${plantimestamp()}", finished: "${timestamp()}", overlap },
      ignoreInputChanges: true,
      after,
      ...(formerId !== undefined && { formerId }),
    });
  }

  /**
   * Refuses a generation that would become another CA: stock Terraform would make its key anew and sign every leaf with
   * it in one apply. That a key is made anew shows at plan only as a value which is not yet known. So the number of
   * resources here depends on it, which Terraform then refuses while planning, and names this address.
   */
  private holdOnTo(id: string, identity: AuthorityIdentity, isEmergency: boolean): Rule[] {
    // A local, since a name may hold what an expression would take for its own syntax.
    const local = new TerraformLocal(this, `identity-${id}`, {
      description: plainText(identity.description),
      key: identity.key ?? "",
    });
    const known = new TerraformData(this, `known-${id}`, {
      // An emergency learns what is there by then; without a time, so that a second plan is empty.
      input: { planned: isEmergency ? "" : "${plantimestamp()}", identity: local.expression },
      ignoreInputChanges: !isEmergency,
    });
    if (isEmergency) {
      return [];
    }
    const then = `${known.address}.input.identity`;
    const now = `local.${local.friendlyUniqueId}`;
    new TerraformData(this, `generation-${id}-key-guard`, {
      count: Token.asNumber(`\${${isNew(known)} ? 0 : (${then}.key == ${now}.key ? 0 : 1)}`),
    });
    const remedy =
      "begin a rotation with the new one as a generation of its own, or give this one the source that it had (a generated " +
      "CA without a keyAlgorithm of its own follows the fleet's)";
    return [
      {
        condition: `${isNew(known)} ? true : ${then}.description == ${now}.description`,
        errorMessage:
          `generation ${id} would become another CA, which cuts off every host: it is "\${${then}.description}", and would ` +
          `be "\${${now}.description}"; ${remedy}`,
      },
      {
        condition: `${isNew(known)} ? true : ${then}.key == ${now}.key`,
        errorMessage: `the key of generation ${id} is another one than before, which cuts off every host; ${remedy}`,
      },
    ];
  }
}
