import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { TerraformData } from "../../../private/terraform/data";
import { isNew } from "../../../private/terraform/memory";
import { pathId } from "../../../private/terraform/path-id";

/**
 * Remembers in a stack how many stacks the agents are spread over, and refuses another number at plan: it would move most
 * agents to another stack, and the keys that the former one has would be lost.
 */
export function rememberNumber(stack: TerraformStack, { node }: Construct, number: number): void {
  const id = pathId(stack, "stacks", node.path);
  const memory = new TerraformData(stack, id, {
    input: { planned: "${plantimestamp()}", stacks: number },
    ignoreInputChanges: true,
  });
  const then = `${memory.address}.input.stacks`;
  new TerraformData(stack, `${id}-gate`, {
    preconditions: () => [
      {
        condition: `\${${isNew(memory)} ? true : ${then} == ${number}}`,
        errorMessage:
          `${node.path}: stacks is ${number}, but the agents are spread over \${${then}} stacks, and another number moves ` +
          `most of them to another stack, which generates new keys for them; set stacks: \${${then}}, and add another ` +
          "AgentStacks for more agents",
      },
    ],
  });
}
