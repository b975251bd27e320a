import { isNew } from "../../../private/terraform/memory";
import { PROXY } from "./host-facts";

/** Memories of the settings of running hosts. Each is a resource with one instance for each key. */
export interface LiveMemories {
  /** One for the whole record. */
  readonly deployed: Memory;
  /** One for each host, never replaced. */
  readonly host: Memory;
  /** One for each host, replaced when its settings change. */
  readonly settings: Memory;
  /** One for each name of each set: `SET|NAME`. */
  readonly name: Memory;
  /** One for each number up to that of the names of a set: `SET|NUMBER`. */
  readonly number: Memory;
  /** One for each set, replaced when its names change. */
  readonly set: Memory;
  /**
   * One for each end of the scale, from no client certificates to required ones, that a server excludes: `SERVER|END`, and
   * one that says that the settings have the proxies.
   */
  readonly mode: Memory;
}

interface Memory {
  readonly address: string;
}

/** Locals of a record, as expressions. */
export interface LiveLocals {
  /** Folders of the hosts: a list. */
  readonly hosts: string;
  /** Settings by host: a map. */
  readonly settings: string;
  /** Names that clients use, by the set: a map of lists. */
  readonly sets: string;
  /** Confirmed changes: a list. */
  readonly confirmed: string;
}

/** Key of the memory that the settings have the proxies: a state of an earlier version has them without. */
export const PROXIES_KNOWN = "proxies|known";

/** Whether the settings of a host behind a proxy are those of the deploy that wrote down the first proxies. */
export function isFirstProxy(settings: string, memories: LiveMemories, folder: string): string {
  const planned = `${memories.settings.address}[${folder}].input.planned`;
  const known = `${memories.mode.address}[${JSON.stringify(PROXIES_KNOWN)}].input.planned`;
  return `strcontains(${settings}[${folder}], ${JSON.stringify(PROXY)}) && ${planned} == ${known}`;
}

/** Running hosts whose settings change without a confirmation: a list of entries. */
export function changedHosts({ hosts, settings, confirmed }: LiveLocals, memories: LiveMemories): string {
  const isChanged = `(${isNewAt(memories.settings, "folder")}) && !(${isNewAt(memories.host, "folder")})`;
  // Few hosts change, and Terraform before 1.12 evaluates both sides of `&&`: what else is asked is asked of those alone.
  const changed = `[for folder in ${hosts} : folder if ${isChanged}]`;
  const isFirst = isFirstProxy(settings, memories, "folder");
  const entry = `"\${folder}: \${${settings}[folder]}"`;
  return `[for folder in ${changed} : ${entry} if !(${isFirst}) && !contains(${confirmed}, ${entry})]`;
}

/** Member of each set of a host's names, so that a set that loses its last name is still compared. */
export const ALWAYS = "-";

/** Sets that lose a name without a confirmation that the other names suffice: a list of entries. */
export function lostNames({ sets, confirmed }: LiveLocals, memories: LiveMemories): string {
  const added = `length([for name in names : name if ${isNewAt(memories.name, '"${id}|${name}"')}])`;
  const isKnownSet = `!(${isNewAt(memories.number, '"${id}|0"')})`;
  const above = `${memories.number.address}["\${id}|\${length(names) - ${added}}"].input.planned`;
  const isAbove = `try(${above}, plantimestamp()) != plantimestamp()`;
  const isLosing = `(${isNewAt(memories.set, "id")}) && (${added} == 0 || ${isAbove})`;
  const others = `[for name in names : name if name != "${ALWAYS}"]`;
  const entry = `"\${id}: \${length(${others}) == 0 ? "none" : join(" ", sort(${others}))}"`;
  return (
    `[for id, names in ${sets} : ${entry} ` + `if (${isKnownSet}) && ${isLosing} && !contains(${confirmed}, ${entry})]`
  );
}

/** Whether this plan makes a server exclude an end of the scale. */
export function isLeaving({ mode }: LiveMemories, key: string): string {
  return isNewAt(mode, JSON.stringify(key));
}

function isNewAt({ address }: Memory, key: string): string {
  return isNew({ address: `${address}[${key}]` });
}
