import { isNew } from "../../../private/terraform/memory";

/** Memories of what the hosts of a live fleet were told. Each is a resource with one instance for each key. */
export interface LiveMemories {
  /** One for the whole record. */
  readonly began: Memory;
  /** One for each host, never replaced. */
  readonly host: Memory;
  /** One for each host, replaced when it is told something else. */
  readonly told: Memory;
  /** One for each name of each set: `SET|NAME`. */
  readonly name: Memory;
  /** One for each number up to that of the names of a set: `SET|NUMBER`. */
  readonly number: Memory;
  /** One for each set, replaced when its names change. */
  readonly set: Memory;
  /** One for each end of the scale from no client certificates to required ones that a server has left: `SERVER|END`. */
  readonly mode: Memory;
}

interface Memory {
  readonly address: string;
}

/** Locals of a record, as expressions. */
export interface LiveLocals {
  /** Folders of the hosts: a list. */
  readonly hosts: string;
  /** What each host is told: a map. */
  readonly told: string;
  /** Names that clients use, by the set: a map of lists. */
  readonly sets: string;
  /** What a person confirmed: a list. */
  readonly confirmed: string;
}

/** Hosts that are not new, were told something else, and of which nobody confirmed the change: a list of entries. */
export function changedHosts({ hosts, told, confirmed }: LiveLocals, memories: LiveMemories): string {
  const isChanged = `(${isNewAt(memories.told, "folder")}) && !(${isNewAt(memories.host, "folder")})`;
  const entry = `"\${folder}: \${${told}[folder]}"`;
  return `[for folder in ${hosts} : ${entry} if ${isChanged} && !contains(${confirmed}, ${entry})]`;
}

/** Sets of names that lose a name, of which nobody confirmed that the rest is all that is used: a list of entries. */
export function lostNames({ sets, confirmed }: LiveLocals, memories: LiveMemories): string {
  const added = `length([for name in names : name if ${isNewAt(memories.name, '"${id}|${name}"')}])`;
  const isKnownSet = `!(${isNewAt(memories.number, '"${id}|0"')})`;
  const above = `${memories.number.address}["\${id}|\${length(names) - ${added}}"].input.planned`;
  const isAbove = `try(${above}, plantimestamp()) != plantimestamp()`;
  const isLosing = `(${isNewAt(memories.set, "id")}) && (${added} == 0 || ${isAbove})`;
  const entry = `"\${id}: \${join(" ", sort(names))}"`;
  return (
    `[for id, names in ${sets} : ${entry} if length(names) > 0 ` +
    `&& (length(names) == 0 ? false : (${isKnownSet}) && ${isLosing}) && !contains(${confirmed}, ${entry})]`
  );
}

/** Whether a server leaves an end of the scale that it had not left before this plan. */
export function isLeaving({ mode }: LiveMemories, key: string): string {
  return isNewAt(mode, JSON.stringify(key));
}

function isNewAt({ address }: Memory, key: string): string {
  return isNew({ address: `${address}[${key}]` });
}
