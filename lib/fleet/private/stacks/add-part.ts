import { Fn, Lazy, TerraformOutput, TerraformStack, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";

import { HostKind } from "../../../host/host-kind";
import type { IFleetTls } from "../../../host/ifleet-tls";
import { expression } from "../../../private/terraform/text";
import { agentGroups } from "../page/gather-hosts";
import { pageData } from "../page/gather";
import type { Runbook } from "../runbook/runbook";
import type { AgentStackList } from "./agent-stack-list";
import { PART } from "../../part-output";
import { toPart } from "./fleet-part";
import { pathId } from "../../../private/terraform/path-id";

/** What the parts of a fleet are made of. */
export interface PartSource {
  readonly fleet: IFleetTls;
  readonly runbook: Runbook;
  readonly agentStacks: AgentStackList;
  readonly hasPage: boolean;
}

/**
 * Adds a stack's part of what spans the stacks of a fleet, as an output. It contains no secret; it is marked as sensitive
 * because Terraform would print it after every deploy.
 */
export function addPart(stack: TerraformStack, { fleet, runbook, agentStacks, hasPage }: PartSource): void {
  const isHome = stack === TerraformStack.of(fleet);
  const isHere = (host: IConstruct): boolean => TerraformStack.of(host) === stack;
  const produce = (): unknown => {
    const hosts = fleet.hosts.filter(isHere);
    const agents = hosts.filter(({ kind }) => kind === HostKind.AGENT);
    return Fn.jsonencode({
      ...(textsIn({
        stack: stack.node.path,
        fleet: fleet.node.path,
        outputDirectory: fleet.outputDirectory,
        runbook: toPart(isHome ? runbook.model() : runbook.modelOf(stack, hosts)),
      }) as object),
      page: isHome && hasPage ? pageData(fleet, isHere, agentStacks) : undefined,
      agents: hasPage && !isHome ? agentGroups(agents) : [],
    });
  };
  new TerraformOutput(stack, pathId(stack, PART, fleet.node.path), {
    value: Lazy.anyValue({ produce }),
    description: "Part of this stack in whole-fleet.md, for fleet-tls assemble; no secret",
    sensitive: true,
    staticId: true,
  });
}

/** Every text as an argument of `jsonencode`. */
function textsIn(value: unknown): unknown {
  if (typeof value === "string") return value === "" ? value : expression(value);
  if (Array.isArray(value)) return value.map(textsIn);
  if (typeof value !== "object" || value === null || Tokenization.isResolvable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, textsIn(each)]));
}
