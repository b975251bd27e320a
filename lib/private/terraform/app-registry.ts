import type { Construct, IConstruct } from "constructs";

/** Claims of the constructs of one app: a key (such as a folder) and the path of the construct that claimed it. */
const claims = new WeakMap<IConstruct, Map<string, string>>();

/** Takes a key for a construct, once in an app. Returns the path of the construct that has it already, if one has. */
export function claim(scope: Construct, key: string): string | undefined {
  const root = scope.node.root;
  const taken = claims.get(root) ?? new Map<string, string>();
  claims.set(root, taken);
  const owner = taken.get(key);
  if (owner === undefined) {
    taken.set(key, scope.node.path);
  }
  return owner;
}
