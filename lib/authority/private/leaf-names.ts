import type { TerraformStack } from "cdktf";

/** A leaf and its names, each of which may be a Terraform token. */
export interface NamedLeaf {
  /** Its path, as errors name it. */
  readonly what: string;
  readonly names: readonly string[];
}

type Listener = (stack: TerraformStack, leaf: NamedLeaf) => void;

/** The names of the leaves below a CA, by the stack that they are in. */
export class LeafNames {
  private readonly leaves = new Map<TerraformStack, NamedLeaf[]>();
  private readonly listeners: Listener[] = [];

  public add(stack: TerraformStack, leaf: NamedLeaf): void {
    if (leaf.names.length > 0) {
      this.leaves.set(stack, [...this.in(stack), leaf]);
      this.listeners.forEach((listener) => listener(stack, leaf));
    }
  }

  /** The leaves of a stack. */
  public in(stack: TerraformStack): readonly NamedLeaf[] {
    return this.leaves.get(stack) ?? [];
  }

  /** Calls back for each leaf, those to come included. */
  public forEach(listener: Listener): void {
    this.leaves.forEach((leaves, stack) => leaves.forEach((leaf) => listener(stack, leaf)));
    this.listeners.push(listener);
  }
}
