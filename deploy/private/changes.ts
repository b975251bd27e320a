import * as path from "node:path";

import { count } from "./progress";
import type { Stack } from "./stack";

type Action = "create" | "update" | "delete" | "replace";

/** Parts of `terraform show -json PLAN` that are read: file names and actions, no content, because it contains every secret. */
export interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly type: string;
    readonly action_reason?: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: { readonly filename?: string } | null;
      readonly after: { readonly filename?: string } | null;
    };
  }[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

/** A file that changes; its folder is relative to the project. */
export interface FileChange {
  readonly folder: string;
  readonly name: string;
  readonly action: Action;
}

/** Anything else that changes. */
export interface ResourceChange {
  readonly address: string;
  readonly path: string;
  readonly type: string;
  readonly action: Action;
}

const FILES = new Set(["local_file", "local_sensitive_file"]);
// What makes a folder that of a host, for `fleet-tls verify` too.
const HOST_FILE = /\.pem$|^install-command\.|^container\.env$/;
const VERBS: Record<Action, string> = {
  create: "written",
  update: "updated",
  delete: "removed",
  replace: "rewritten",
};
const RESOURCE_VERBS: Record<Action, string> = {
  ...VERBS,
  create: "created",
  replace: "replaced",
  delete: "destroyed",
};
const LISTED = 20;

/** Changes of a plan, by hosts and their files. */
export class Changes {
  public readonly files: readonly FileChange[];
  public readonly resources: readonly ResourceChange[];
  public readonly outputs: readonly string[];
  private readonly hostFolders: ReadonlySet<string>;

  constructor(
    private readonly stack: Stack,
    project: string,
    plan: PlanJson,
  ) {
    const managed = (plan.resource_changes ?? []).filter(({ mode }) => mode === "managed");
    const files = managed
      .filter(({ type }) => FILES.has(type))
      .map(({ change }) => {
        const { filename } = change.after?.filename === undefined ? (change.before ?? {}) : change.after;
        const file = path.relative(project, path.resolve(stack.folder, filename ?? "unknown"));
        return { folder: path.dirname(file), name: path.basename(file), action: actionOf(change.actions) };
      });
    this.hostFolders = new Set(files.filter(({ name }) => HOST_FILE.test(name)).map(({ folder }) => folder));
    this.files = files.filter((file): file is FileChange => file.action !== undefined);
    this.resources = managed
      .filter(({ type }) => !FILES.has(type))
      .flatMap(({ address, type, change }) => {
        const action = actionOf(change.actions);
        return action ? [{ address, path: stack.constructPath(address), type, action }] : [];
      });
    this.outputs = Object.entries(plan.output_changes ?? {})
      .filter(([, { actions }]) => actions.some((action) => action !== "no-op"))
      .map(([name]) => name);
  }

  public get areNone(): boolean {
    return this.files.length + this.resources.length + this.outputs.length === 0;
  }

  /** Whether something that exists is taken away, if only for a moment. */
  public get areDestructive(): boolean {
    return [...this.files, ...this.resources].some(({ action }) => action === "replace" || action === "delete");
  }

  /** The hosts whose files change, with those files. */
  public get hosts(): { readonly folder: string; readonly files: readonly FileChange[] }[] {
    const folders = new Set(this.files.map(({ folder }) => folder).filter((folder) => this.hostFolders.has(folder)));
    return [...folders].sort().map((folder) => ({ folder, files: this.files.filter((one) => one.folder === folder) }));
  }

  public toJson(): object {
    return {
      name: this.stack.name,
      hosts: this.hosts.map(({ folder, files }) => ({
        folder,
        files: files.map(({ name, action }) => ({ name, action })),
      })),
      files: this.otherFiles.map(({ folder, name, action }) => ({ folder, name, action })),
      resources: this.resources,
      outputs: this.outputs,
    };
  }

  /** For a person: what happens to which host. */
  public toText(): string {
    if (this.areNone) return `${this.stack.name}: no changes`;
    const hosts = this.hosts;
    const hostFiles = hosts.flatMap(({ files }) => files);
    const lines = [
      ...fileLines(hostFiles),
      ...hosts.slice(0, LISTED).map(({ folder, files }) => `  ${folder}: ${namesOf(files)}`),
      ...(hosts.length > LISTED ? [`  and ${count(hosts.length - LISTED, "more host")}`] : []),
      ...(this.otherFiles.length > 0 ? [`not of a host: ${namesOf(this.otherFiles)}`] : []),
      ...resourceLines(this.resources),
      ...(this.files.length + this.resources.length === 0 ? [`outputs: ${this.outputs.join(", ")}`] : []),
    ];
    return [`${this.stack.name}:`, ...lines.map((line) => `  ${line}`)].join("\n");
  }

  private get otherFiles(): FileChange[] {
    return this.files.filter(({ folder }) => !this.hostFolders.has(folder));
  }
}

function actionOf(actions: readonly string[]): Action | undefined {
  if (actions.includes("create") && actions.includes("delete")) return "replace";
  return (["create", "update", "delete"] as const).find((action) => actions.includes(action));
}

/** "19 files of 3 hosts are rewritten", one line an action. */
function fileLines(files: readonly FileChange[]): string[] {
  return (Object.keys(VERBS) as Action[]).flatMap((action) => {
    const those = files.filter((file) => file.action === action);
    const hosts = new Set(those.map(({ folder }) => folder)).size;
    const verb = `${those.length === 1 ? "is" : "are"} ${VERBS[action]}`;
    return those.length === 0 ? [] : [`${count(those.length, "file")} of ${count(hosts, "host")} ${verb}`];
  });
}

function namesOf(files: readonly FileChange[]): string {
  return (Object.keys(VERBS) as Action[])
    .map((action) => [VERBS[action], files.filter((file) => file.action === action).map(({ name }) => name)] as const)
    .filter(([, names]) => names.length > 0)
    .map(([verb, names]) => `${[...names].sort().join(", ")} ${verb}`)
    .join("; ");
}

function resourceLines(resources: readonly ResourceChange[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { type, action, path: where } of resources) {
    const key = `${type} ${RESOURCE_VERBS[action]}`;
    groups.set(key, [...(groups.get(key) ?? []), where]);
  }
  return [...groups].sort().map(([what, paths]) => {
    const rest = paths.length > LISTED ? ` and ${paths.length - LISTED} more` : "";
    // What is new needs no list: the hosts above say it.
    return what.endsWith("created")
      ? `${paths.length} ${what}`
      : `${paths.length} ${what}: ${paths.slice(0, LISTED).join(", ")}${rest}`;
  });
}
