import type { TrustedList } from "../private/given/read-trust";
import { readTrust } from "../private/given/read-trust";
import { ProgramFault, runProgram } from "./run-program";

/** Checks CAs against each other whose text only Terraform knows. Its output says nothing. */
function program({ what, lists }: { readonly what: string; readonly lists: TrustedList[] }): string {
  const faults = readTrust(lists);
  if (faults.length > 0) {
    throw new ProgramFault(faults.map((fault) => `${what}: ${fault.name} ${fault.what}; ${fault.fix}`).join("; "));
  }
  return "";
}

runProgram("check-trust", program);
