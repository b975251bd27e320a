import type { IConstruct } from "constructs";

import { InputError } from "../problems";

/** Paths by their ids in a stack. */
const PATHS = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Id in a stack of what belongs to a construct elsewhere, such as `fleet-tls-live-stack-fleet`.
 *
 * @throws if the stack has the same id for another path: they would be one resource, or read each other's secrets
 */
export function pathId(stack: IConstruct, what: string, path: string): string {
  const id = `fleet-tls-${what}-${path.replace(/[^A-Za-z0-9-]+/g, "-")}`;
  const paths = PATHS.get(stack) ?? new Map<string, string>();
  PATHS.set(stack, paths);
  const other = paths.get(id) ?? path;
  if (other !== path) {
    throw new InputError([
      {
        where: `${path}: id`,
        what: `differs from ${other} in punctuation alone, and both have resources in the stack ${stack.node.path}`,
        allowed: "paths that differ in a letter or a digit",
        fix: "choose another id for one of them",
      },
    ]);
  }
  paths.set(id, path);
  return id;
}
