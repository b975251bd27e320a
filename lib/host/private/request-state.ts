import { Fn } from "cdktf";

import type { Certificate } from "../../certificate/certificate";
import { projectPathArgument } from "../../private/paths";
import { expression } from "../../private/terraform/text";

/** What an output says of a request that a host has to send: whether it is there, and what to do if not. */
export function requestState({ _requestFile: file, node }: Certificate): string | undefined {
  if (file === undefined) {
    return undefined;
  }
  const missing = Fn.join("", [
    `missing: run the script request-${node.id} of this folder on its host, put the request at `,
    expression(file),
    ", and deploy again",
  ]);
  return Fn.conditional(Fn.fileexists(projectPathArgument(file)), "signed", missing) as string;
}
