import { Fn, Lazy, TerraformOutput, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

import { HostKind } from "../../../host/host-kind";
import type { IFleetTls } from "../../../host/ifleet-tls";
import { jsonObject, jsonText } from "../../../private/terraform/json-text";
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
  const produce = (): string => {
    const hosts = fleet.hosts.filter(isHere);
    const agents = hosts.filter(({ kind }) => kind === HostKind.AGENT);
    return jsonObject({
      stack: jsonText(stack.node.path),
      fleet: jsonText(fleet.node.path),
      outputDirectory: fleet.outputDirectory && jsonText(fleet.outputDirectory),
      runbook: jsonText(toPart(isHome ? runbook.model() : runbook.modelOf(stack, hosts))),
      page: isHome && hasPage ? Fn.jsonencode(pageData(fleet, isHere, agentStacks)) : undefined,
      agents: Fn.jsonencode(hasPage && !isHome ? agentGroups(agents) : []),
    });
  };
  new TerraformOutput(stack, pathId(stack, PART, fleet.node.path), {
    value: Lazy.stringValue({ produce }),
    description: "Part of this stack in whole-fleet.md, for fleet-tls assemble; no secret",
    sensitive: true,
    staticId: true,
  });
}
