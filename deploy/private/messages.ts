/** Terraform's message about one problem. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
  /** Its context is the block in the configuration, such as `resource.tls_private_key.key.lifecycle`. */
  readonly snippet?: { readonly context?: string | null };
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
}

interface ResourceMessage {
  readonly resource: { readonly addr: string };
  readonly action: string;
}

/** A line of `terraform plan -json` or `apply -json`; only the parts that are read. */
export type Message =
  | { readonly type: "diagnostic"; readonly diagnostic: Diagnostic }
  | { readonly type: "planned_change"; readonly change: ResourceMessage }
  | { readonly type: "change_summary"; readonly changes: ChangeCounts }
  | { readonly type: "apply_start" | "apply_complete" | "apply_errored"; readonly hook: ResourceMessage }
  | { readonly type: "outputs"; readonly outputs: Readonly<Record<string, OutputMessage>> }
  | { readonly type: "state_lock_acquire" };

export interface ChangeCounts {
  readonly add: number;
  readonly change: number;
  readonly remove: number;
  readonly operation: "plan" | "apply" | "destroy";
}

/** An output; Terraform leaves the value of a sensitive one out. */
export interface OutputMessage {
  readonly sensitive: boolean;
  readonly value?: unknown;
}

/** Reads a line. Anything else that Terraform writes there can contain a whole state, so it is dropped. */
export function parseMessage(line: string): Message | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const message = JSON.parse(line) as { type?: unknown };
    return typeof message.type === "string" ? (message as Message) : undefined;
  } catch {
    return undefined;
  }
}
