import { Lazy, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { claim } from "../../private/terraform/app-registry";
import { InputError, quoted } from "../../private/problems";

/** Description of an output. */
export interface OutputText {
  readonly description: string;
  readonly sensitive?: boolean;
}

/** A fleet's outputs: in each stack that has hosts, named after the fleet. */
export class FleetOutputs {
  /** The maps, by stack and output id. */
  private readonly maps = new Map<TerraformStack, Map<string, Record<string, unknown>>>();

  constructor(
    private readonly fleet: Construct,
    private readonly enabled: boolean,
  ) {}

  /** An output of its own, in the stack of a construct. */
  public add(owner: Construct, id: string, value: unknown, text: OutputText): void {
    if (this.enabled) {
      this.create(TerraformStack.of(owner), id, value, text);
    }
  }

  /** An entry of the map that the stack of a construct has under that id. */
  public addToMap(owner: Construct, id: string, key: string, value: unknown, text: OutputText): void {
    if (!this.enabled) {
      return;
    }
    const stack = TerraformStack.of(owner);
    const maps = this.maps.get(stack) ?? new Map<string, Record<string, unknown>>();
    this.maps.set(stack, maps);
    const map = maps.get(id) ?? {};
    if (!maps.has(id)) {
      maps.set(id, map);
      this.create(stack, id, Lazy.anyValue({ produce: () => map }), text);
    }
    map[key] = value;
  }

  /** Without a hash in its name where the fleet sits directly in a stack. */
  private create(stack: TerraformStack, id: string, value: unknown, text: OutputText): void {
    const name = `${this.fleet.node.id}-${id}`;
    const isHome = stack === TerraformStack.of(this.fleet);
    const isDirect = this.fleet.node.scope === stack;
    if (!isHome || isDirect) {
      this.claimName(stack, name);
    }
    const config = { value, description: text.description, sensitive: text.sensitive || undefined };
    const output = isHome ? new TerraformOutput(this.fleet, id, config) : new TerraformOutput(stack, name, config);
    if (isHome && isDirect) {
      output.overrideLogicalId(name);
    }
  }

  /** Terraform would silently keep the second of two outputs of one name. */
  private claimName(stack: TerraformStack, name: string): void {
    const owner = claim(this.fleet, `output ${stack.node.path} ${name}`);
    if (owner !== undefined) {
      throw new InputError([
        {
          where: `${this.fleet.node.path}: id`,
          what: `is that of ${owner}, so that both would have an output of one name in the stack ${stack.node.path}`,
          got: quoted(name),
          allowed: "one fleet of a name in each stack that has its hosts",
          fix: "choose another id for one of the fleets, or outputs: false",
        },
      ]);
    }
  }
}
