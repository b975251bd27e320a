import type { Problem } from "./problems";
import { isToken } from "./token-marks";
import { allowedFor, fixFor } from "./type-words";

const ENCODERS: { readonly [type: string]: string } = { string: "Token.asString", number: "Token.asNumber" };

const KNOWN: { readonly [type: string]: string } = {
  boolean: "decide it in the program, e.g. by cdktf's context, or in two stacks with other props",
  "string[]": "write each entry, which may be a token of its own: [Fn.element(list, 0), Fn.element(list, 1)]",
  "string{}": 'write each value, which may be a token of its own: { name: Fn.lookup(map, "name") }',
};

/**
 * Problem of a Terraform token that a prop cannot take. Strings and numbers may be tokens as cdktf encodes them; what
 * decides which constructs there are has to be known at synthesis, where a token of any kind would count as true.
 */
export function tokenProblem(where: string, prop: string, type: string, value: unknown): Problem | undefined {
  // cdktf has no class for a token that is an object.
  if (type === "object" || typeof value === type || !isToken(value)) {
    return undefined;
  }
  const encoder = ENCODERS[type];
  const place = { where: `${where}: ${prop}`, allowed: allowedFor(type) };
  return encoder !== undefined && !Array.isArray(value)
    ? {
        ...place,
        what: `is a Terraform token, but not one that cdktf encodes as a ${type}`,
        fix: `write ${encoder}(…) around it`,
      }
    : {
        ...place,
        what: "is a Terraform token, and must be known at synthesis",
        fix: KNOWN[type] ?? fixFor(type),
      };
}
