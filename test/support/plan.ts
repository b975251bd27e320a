type Values = Record<string, unknown>;

interface ResourceChange {
  readonly address: string;
  /** The address in the state, where a `moved` block changes it. */
  readonly previous_address?: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly change: {
    readonly actions: string[];
    readonly before: Values | null;
    readonly after: Values | null;
    readonly after_unknown: Values | true;
    readonly after_sensitive: Values | boolean;
  };
}

/** A resource of a state, with every attribute. */
export interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly instances: {
    readonly attributes: Record<string, unknown>;
    readonly dependencies?: readonly string[];
  }[];
}

export interface State {
  serial: number;
  outputs: Record<string, unknown>;
  resources: StateResource[];
}

/** What `terraform show -json` says of a plan, as far as it is read here. */
export interface TerraformPlan {
  /** What `plantimestamp()` answers in this plan. */
  readonly timestamp: string;
  readonly resource_changes?: ResourceChange[];
  readonly output_changes?: Record<
    string,
    {
      readonly actions: string[];
      readonly after?: unknown;
      readonly after_unknown: unknown;
      readonly after_sensitive: unknown;
    }
  >;
}

/** A change without what differs from run to run: the content of a plan's snapshot. */
export interface StableChange {
  readonly type: string;
  readonly actions: string;
  readonly known: Values;
  /** The attributes that only the apply will know, in one line. */
  readonly unknown: string;
  /** The attributes that a plan shows to nobody, in one line. */
  readonly sensitive: string;
}

/** The changes of a plan, by address: every resource that is not left as it is. */
export function changesOf(plan: TerraformPlan): Record<string, string> {
  const changed = (plan.resource_changes ?? []).filter(({ change }) => change.actions.join() !== "no-op");
  return Object.fromEntries(changed.map(({ address, change }) => [address, change.actions.join(", ")]));
}

/** The outputs that a plan changes. */
export function outputChangesOf(plan: TerraformPlan): string[] {
  return Object.entries(plan.output_changes ?? {})
    .filter(([, change]) => change.actions.join() !== "no-op")
    .map(([name]) => name);
}

/** Everything of a plan that is the same on every machine and at any time, sorted by address. */
export function stablePlan(plan: TerraformPlan): Record<string, StableChange> {
  const changes = [...(plan.resource_changes ?? [])].sort((one, other) => (one.address < other.address ? -1 : 1));
  return Object.fromEntries(
    changes.map(({ address, type, change }) => [
      address.replace(TIME, "(time)"),
      {
        type,
        actions: change.actions.join(", "),
        known: stable(change.after ?? {}) as Values,
        unknown: keysOf(change.after_unknown),
        sensitive: keysOf(change.after_sensitive),
      },
    ]),
  );
}

const TIME = /\d{4}-\d\d-\d\dT[\d:]+Z/;
const WHOLE_TIME = new RegExp(`^${TIME.source}$`);

/** The same without nulls, times, and the hash that cdktf puts into an asset's path. */
function stable(value: unknown): unknown {
  if (typeof value === "string") {
    return value.replace(WHOLE_TIME, "(time)").replace(/\/[0-9A-F]{32}\//, "/(hash)/");
  }
  if (Array.isArray(value)) return value.map(stable);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, content]) => content !== null);
  return Object.fromEntries(entries.map(([key, content]) => [key, stable(content)]));
}

/** The keys of a map that says something of some attributes, and nothing, false or an empty shape of the others. */
function keysOf(map: Values | boolean): string {
  if (typeof map === "boolean") return "";
  return (
    Object.keys(map)
      // Digests of a file's content: which ones there are is the local provider's business.
      .filter((key) => says(map[key]) && !/^content_.*(md5|sha)/.test(key))
      .sort()
      .join(", ")
  );
}

function says(value: unknown): boolean {
  return typeof value === "object" && value !== null ? Object.values(value).some(says) : value === true;
}
