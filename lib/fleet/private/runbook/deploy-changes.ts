import { Lazy, TerraformLocal } from "cdktf";
import { Construct } from "constructs";

import type { IFleetHost } from "../../../host/fleet-host";
import type { TerraformData } from "../../../private/terraform/data";
import { createMemory } from "../../../private/terraform/memory";
import { plainText } from "../../../private/terraform/text";
import type { LiveChanges } from "../live/live-changes";
import type { TrackedFile } from "./changed-files";
import { ownFiles, sharedFiles } from "./changed-files";
import {
  CLIENT_AUTHENTICATION,
  FILE_NOTES,
  FIRST,
  newHostText,
  changedHostText,
  MOVED_AGENTS,
  URL_TEXT,
} from "./changes-text";
import { FileMemories } from "./file-memories";
import { RemovedHosts } from "./removed-hosts";
import { createLocal } from "../../../private/terraform/local";

/** Plans whose completion is remembered: as many deploys may break off one after another. */
const REMEMBERED_PLANS = 10;

/** Properties of the changes of a deploy. */
export interface DeployChangesProps {
  readonly live: LiveChanges;
  /** Mode of Fleet Server's client authentication; absent where it runs elsewhere. */
  readonly clientAuthentication?: string;
  /** Hours for which an agent's certificate is valid. */
  readonly clientValidityHours: number;
}

/**
 * Changes of the last deploy that made any, remembered in the state, so that a second deploy of the same code writes the
 * same text. Each file has a memory with the time of the plan that wrote it. Those whose plan was completed in the last
 * deploy changed: an earlier one that broke off may have written some of them.
 */
export class DeployChanges extends Construct {
  /** A section of the runbook, as a token. */
  public readonly text: string;

  /** Resource that has to be there before the runbook is written. */
  public readonly last: TerraformData;

  private readonly memories: FileMemories;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeployChangesProps,
  ) {
    super(scope, id);
    const { live } = props;
    const byKey = (value: (file: TrackedFile) => string) => (): Record<string, string> =>
      Object.fromEntries(this.memories.files.map((file) => [plainText(file.key), value(file)]));
    const after = (): TerraformData[] => [live.deployed];
    this.memories = new FileMemories(this, "file");
    this.memories.add("shared", () => sharedFiles(this, live.hosts, live.outputs));
    const facts = `[${this.memories.digests}, ${live.facts.join(", ")}]`;
    this.last = createMemory(this, "last", { after, replacedBy: `\${sha256(jsonencode(${facts}))}` });
    const hosts = createMemory(this, "hosts", { after, replacedBy: `\${join(" ", sort(${live.hostList}))}` });
    const now = `${this.last.address}.input.planned`;
    const isOfNow = (memory: { readonly address: string }): string => `${memory.address}.input.planned == ${now}`;
    const { host, settings, set } = live.memories;
    const completed = this.completed([host, settings, set], after);
    const isCompletedNow = (planned: string): string =>
      `try(${completed.address}[${planned}].input.planned, "") == ${now}`;
    const plannedOf = ({ address }: { readonly address: string }): string => `${address}[key].input.planned`;
    const isNewHost = (folder: string): string => isCompletedNow(`${host.address}[${folder}].input.planned`);
    const lines = this.local(
      "lines",
      byKey(({ name, folders, note }) => `- \`${name}\`: ${folders.join(", ")}${note ?? FILE_NOTES[name] ?? ""}`),
    );
    const folders = this.local(
      "folders",
      byKey((each) => (each.folders.length === 1 ? (each.folders[0] as string) : "")),
    );
    const listed = (map: string, planned: string, unless: string): string =>
      `[for key in sort(keys(${map})) : ${map}[key] if ${isCompletedNow(planned)} && !(${unless})]`;
    const newHosts = this.local("new-hosts", () => live.byFolder(newHostText));
    const changed = this.local("changed-texts", () => live.byFolder(changedHostText));
    const changedHosts = this.local("changed-hosts", () => {
      const isChanged = `${isCompletedNow(plannedOf(settings))} && !(${isNewHost("key")})`;
      const keys = `[for key in sort(keys(${changed})) : key if ${isChanged}]`;
      return `\${[for key in ${keys} : ${changed}[key] if !(${live.isFirstProxy("key")})]}`;
    });
    const removed = new RemovedHosts(this, "removed-hosts", {
      ...{ live, after, now, isChanged: isOfNow(hosts) },
      clientValidityHours: props.clientValidityHours,
    });
    // Fleet Server hosts may be added later.
    const urlSets = this.local("url-sets", () => live.urlSets.map(plainText));
    const isAnyUrl = `anytrue([for key in ${urlSets} : ${isCompletedNow(plannedOf(set))}])`;
    const parts = [
      listed(newHosts, plannedOf(host), "false"),
      listed(lines, `${this.memories.planned}[key]`, isNewHost(`${folders}[key]`)),
      changedHosts,
      `length(${changedHosts}) > 0 ? [${createLocal(this, "moved", MOVED_AGENTS)}] : []`,
      ...this.clientAuthentication(after, isOfNow),
      `${isAnyUrl} ? [${createLocal(this, "url", URL_TEXT)}] : []`,
      removed.lines,
    ];
    const planned = `["Deploy planned on \${${now}}, the last one that changed a host's files:", ""]`;
    const first = createLocal(this, "first", FIRST);
    const changes = new TerraformLocal(
      this,
      "text",
      `\${${isOfNow(live.deployed)} ? ${first} : join("\\n", concat(${[planned, ...parts].join(", ")}))}`,
    );
    this.text = changes.asString;
  }

  /** Remembers the files of a host of this stack. */
  public addHost(host: IFleetHost): void {
    this.memories.add(host.folder, () => ownFiles(this, host));
  }

  /** One for each of the last plans that made a memory, with the time of the plan of the deploy that was complete. */
  private completed(memories: readonly { readonly address: string }[], after: () => TerraformData[]): TerraformData {
    const all = memories.map(({ address }) => `values(${address})[*].input.planned`);
    const times = [`values(${this.memories.planned})`, ...all].join(", ");
    const planned = createLocal(this, "plans", `\${reverse(sort(distinct(concat(${times}))))}`);
    const forEachOf = `slice(${planned}, 0, min(${REMEMBERED_PLANS}, length(${planned})))`;
    return createMemory(this, "completed", { after, forEachOf });
  }

  private clientAuthentication(after: () => TerraformData[], isOfNow: (memory: TerraformData) => string): string[] {
    const { clientAuthentication: mode } = this.props;
    const text = mode === undefined ? undefined : CLIENT_AUTHENTICATION[mode];
    if (text === undefined) {
      return [];
    }
    const memory = createMemory(this, "client-authentication", { after, replacedBy: mode });
    return [`${isOfNow(memory)} ? [${createLocal(this, "client-authentication-text", text)}] : []`];
  }

  private local(id: string, produce: () => unknown): string {
    return createLocal(this, id, Lazy.anyValue({ produce }));
  }
}
