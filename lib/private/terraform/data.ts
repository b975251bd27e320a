import type { Precondition } from "cdktf";
import { TerraformElement, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

import { partlyPlain } from "./partly-plain";

/** Configuration of a `terraform_data` resource. */
export interface TerraformDataConfig {
  readonly input?: unknown;
  /** Resources that come first, asked for when the stack is written. */
  readonly after?: () => TerraformResource[];
  readonly ignoreInputChanges?: boolean;
  /** Asked for when the stack is written too. */
  readonly preconditions?: () => Precondition[];
  /** Number of instances; may be a token. */
  readonly count?: number;
  /** One for each of a set of texts that is known while planning, as an expression. */
  readonly forEachOf?: string;
  /** Value whose change replaces it. */
  readonly replacedBy?: unknown;
  /** The construct id in an earlier version: Terraform then moves the resource of that version's state. */
  readonly formerId?: string;
}

/** A `terraform_data` resource. cdktf's own class, and its `moveFromId`, run `terraform version` during a synth. */
export class TerraformData extends TerraformResource {
  private readonly former?: string;

  constructor(
    scope: Construct,
    id: string,
    public readonly config: TerraformDataConfig,
  ) {
    super(scope, id, {
      terraformResourceType: "terraform_data",
      terraformGeneratorMetadata: { providerName: "terraform" },
      ...(config.count !== undefined && { count: config.count }),
    });
    if (config.forEachOf !== undefined) {
      this.addOverride("for_each", `\${toset(${config.forEachOf})}`);
    }
    if (config.formerId !== undefined) {
      this.former = `${this.terraformResourceType}.${uniqueIdOf(scope, config.formerId)}`;
    }
  }

  public override toTerraform(): unknown {
    const after = this.config.after?.() ?? [];
    this.dependsOn = after.map((resource) => `${resource.terraformResourceType}.${resource.friendlyUniqueId}`);
    if (after.length === 0) {
      this.dependsOn = undefined;
    }
    const precondition = this.config.preconditions?.() ?? [];
    this.lifecycle = {
      ...(this.config.ignoreInputChanges && { ignoreChanges: ["input"] }),
      ...(precondition.length > 0 && { precondition }),
    };
    const written = super.toTerraform() as object;
    const moved = this.former === undefined ? {} : { moved: [{ from: this.former, to: this.address }] };
    return partlyPlain({ ...written, ...moved });
  }

  /** The address without braces, for expressions that are written as text. */
  public get address(): string {
    return `${this.terraformResourceType}.${this.friendlyUniqueId}`;
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    const { input, replacedBy } = this.config;
    return { input, ...(replacedBy !== undefined && { triggers_replace: replacedBy }) };
  }
}

/** The name that the stack gives to an element of this id, without one. */
function uniqueIdOf(scope: Construct, id: string): string {
  const element = new TerraformElement(scope, id);
  scope.node.tryRemoveChild(id);
  return element.friendlyUniqueId;
}
