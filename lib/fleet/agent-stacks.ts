import { createHash } from "node:crypto";

import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

import type { AgentOptions } from "../host/agent-options";
import { Agent } from "../host/agent";
import { checkArguments, checkProps, pathOf } from "../private/check-props";
import { InputError, Problems, quoted } from "../private/problems";
import { groupIn } from "../private/terraform/group";
import { hostId } from "../private/terraform/host-id";
import { isKnown } from "../private/terraform/text";
import type { FleetBase } from "./fleet-base";
import { partsOf } from "./private/fleet-parts";
import { rememberNumber } from "./private/stacks/number-memory";

/** Creates the stacks of an `AgentStacks`, with the providers and the backend of the app. */
export interface IAgentStackFactory {
  /**
   * Creates a stack.
   *
   * @param scope the scope of the stack
   * @param id the id of the stack, e.g. `agents-7`
   */
  createStack(scope: Construct, id: string): TerraformStack;
}

/** Properties of agents over several stacks. */
export interface AgentStacksProps {
  /** The fleet that the agents belong to, in a stack of its own. */
  readonly fleet: FleetBase;

  /** How many stacks: from 1 to 1000, and about 50 agents each. It cannot change once the stacks are deployed. */
  readonly stacks: number;

  /**
   * Creates each stack with its providers and its backend.
   *
   * @default - plain stacks; an Aspect has to add the providers tls and local
   */
  readonly stackFactory?: IAgentStackFactory;
}

/** Options for an agent in one of several stacks. */
export interface AgentStacksAgentOptions extends AgentOptions {
  /**
   * Agents of one group, such as a site, are in one stack. A renamed agent stays in its stack, and leaves every other
   * stack alone, with its former id as the group.
   *
   * @default - the agent's id
   */
  readonly stackGroup?: string;
}

const MOST_STACKS = 1000;

/**
 * Agents of one fleet over a number of stacks that is chosen once, because the time of an apply grows with the square of
 * a stack's agents. The stack of an agent is a function of its id alone, so that adding or removing an agent changes one
 * stack: the first 6 bytes of the SHA-256 of the id, or of the `stackGroup`, as a big-endian number, modulo `stacks`.
 *
 * @example
 * const agents = new AgentStacks(app, "agents", {
 *   fleet,
 *   stacks: 32,
 *   stackFactory: { createStack: (scope, id) => new FleetStack(scope, id) },
 * });
 * agents.addAgent("web-1");
 */
export class AgentStacks extends Construct {
  /** The stacks, `ID-0` and on, whether they have agents or not. */
  public readonly stacks: TerraformStack[];

  private readonly fleet: FleetBase;

  constructor(scope: Construct, id: string, props: AgentStacksProps) {
    const { fleet, stacks: number, stackFactory } = checkProps(pathOf(scope, id), "AgentStacksProps", props);
    super(scope, hostId(scope, id, "a part of the ids of stacks"));
    this.fleet = fleet;
    const problems = new Problems(this.node.path);
    if (!(Number.isInteger(number) && number >= 1 && number <= MOST_STACKS)) {
      problems.add("stacks", {
        what: "is no number of stacks",
        got: quoted(number),
        allowed: `a whole number from 1 to ${MOST_STACKS}`,
        fix: "choose one for about 50 agents in each stack; it cannot change later",
      });
      problems.throwIfAny();
    }
    const where = scope.node.root as Construct;
    this.stacks = Array.from({ length: number }, (_, index) =>
      createStack(this, where, `${id}-${index}`, stackFactory),
    );
    [TerraformStack.of(fleet), ...this.stacks].forEach((stack) => rememberNumber(stack, this, number));
    partsOf(fleet).addAgentStacks(fleet, this.stacks);
  }

  /**
   * The stack of an agent.
   *
   * @param group the agent's id, or its group
   */
  public stackOf(group: string): TerraformStack {
    checkArguments("AgentStacks.stackOf", { group }, `${this.node.path}.stackOf`);
    if (!isKnown(group)) {
      throw new InputError([
        {
          where: `${this.node.path}: stackGroup`,
          what: "is a Terraform token, and the stack of an agent is chosen at synthesis",
          allowed: "text",
          fix: "write the id or the group as text",
        },
      ]);
    }
    const hash = createHash("sha256").update(group, "utf8").digest().readUIntBE(0, 6);
    return this.stacks[hash % this.stacks.length] as TerraformStack;
  }

  /**
   * Adds an agent to the stack of its id, or of its `stackGroup`.
   *
   * @param id the agent's id: its folder, its certificate's common name and its key in the map of commands
   * @throws with everything that is wrong with the options, or if the fleet has such an agent
   */
  public addAgent(id: string, options: AgentStacksAgentOptions = {}): Agent {
    checkArguments("AgentStacks.addAgent", { id, options }, `${this.node.path}.addAgent`);
    const { stackGroup = id, ...agent } = options;
    // An agent refuses such an id itself.
    const stack = isKnown(id) ? this.stackOf(stackGroup) : (this.stacks[0] as TerraformStack);
    return new Agent(groupIn(stack, "agents"), id, { ...agent, fleet: this.fleet });
  }
}

function createStack(
  { node }: AgentStacks,
  scope: Construct,
  id: string,
  factory: IAgentStackFactory = { createStack: (parent, stackId) => new TerraformStack(parent, stackId) },
): TerraformStack {
  const stack = factory.createStack(scope, id);
  if (TerraformStack.isStack(stack) && stack.node.id === id) {
    return stack;
  }
  throw new InputError([
    {
      where: `${node.path}: stackFactory`,
      what: "returned no stack of the id that it was given",
      got: TerraformStack.isStack(stack) ? quoted(stack.node.id) : "no TerraformStack",
      allowed: `a new TerraformStack with the id ${quoted(id)}`,
      fix: "pass both arguments on: createStack: (scope, id) => new MyStack(scope, id)",
    },
  ]);
}
