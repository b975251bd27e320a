import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

const LISTS = new WeakMap<IConstruct, AgentStackList>();

/** The stacks over which the agents of a fleet are spread. */
export function agentStacksOf(fleet: IConstruct): AgentStackList {
  const list = LISTS.get(fleet) ?? new AgentStackList();
  LISTS.set(fleet, list);
  return list;
}

/** The stacks over which a fleet's agents are spread. */
export class AgentStackList {
  private readonly groups: (readonly TerraformStack[])[] = [];
  private readonly known = new Set<TerraformStack>();

  /** Adds the stacks of an `AgentStacks`. */
  public add(stacks: readonly TerraformStack[]): void {
    this.groups.push(stacks);
    stacks.forEach((stack) => this.known.add(stack));
  }

  /** Whether something is in one of them. */
  public has(construct: IConstruct): boolean {
    return this.known.size > 0 && this.known.has(TerraformStack.of(construct));
  }

  /** Their paths, those of each `AgentStacks` together. */
  public get paths(): string[][] {
    return this.groups.map((stacks) => stacks.map(({ node }) => node.path));
  }
}
