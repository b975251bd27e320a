import { Lazy, TerraformLocal } from "cdktf";
import { Construct } from "constructs";

import type { TerraformData } from "../../../private/terraform/data";
import { createMemory } from "../../../private/terraform/memory";
import { plainText } from "../../../private/terraform/text";
import type { LiveChanges } from "../live/live-changes";
import type { TrackedFile } from "./changed-files";
import { trackedFiles } from "./changed-files";
import { CLIENT_AUTHENTICATION, FILE_NOTES, FIRST, newHostText, changedHostText, URL_TEXT } from "./changes-text";
import { RemovedHosts } from "./removed-hosts";
import { createLocal } from "../../../private/terraform/local";

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
 * same text. Each file has a memory with the time of the plan that wrote it; those with the latest time changed.
 */
export class DeployChanges extends Construct {
  /** A section of the runbook, as a token. */
  public readonly text: string;

  /** Resource that has to be there before the runbook is written. */
  public readonly last: TerraformData;

  private tracked?: TrackedFile[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeployChangesProps,
  ) {
    super(scope, id);
    const { live } = props;
    const byKey = (value: (file: TrackedFile) => string) => (): Record<string, string> =>
      Object.fromEntries(this.files.map((file) => [plainText(file.key), value(file)]));
    const digests = this.local(
      "digests",
      byKey(({ digest }) => digest),
    );
    const after = (): TerraformData[] => [live.deployed];
    const file = createMemory(this, "file", {
      after,
      forEachOf: `keys(${digests})`,
      replacedBy: `\${${digests}[each.key]}`,
    });
    const facts = `[${digests}, ${live.facts.join(", ")}]`;
    this.last = createMemory(this, "last", { after, replacedBy: `\${sha256(jsonencode(${facts}))}` });
    const hosts = createMemory(this, "hosts", { after, replacedBy: `\${join(" ", sort(${live.hostList}))}` });
    const now = `${this.last.address}.input.planned`;
    const isOfNow = (memory: { readonly address: string }): string => `${memory.address}.input.planned == ${now}`;
    const isNewHost = (folder: string): string =>
      `try(${live.memories.host.address}[${folder}].input.planned, "") == ${now}`;
    const lines = this.local(
      "lines",
      byKey(({ name, folders, note }) => `- \`${name}\`: ${folders.join(", ")}${note ?? FILE_NOTES[name] ?? ""}`),
    );
    const folders = this.local(
      "folders",
      byKey((each) => (each.folders.length === 1 ? (each.folders[0] as string) : "")),
    );
    const listed = (map: string, memory: { readonly address: string }, unless: string): string =>
      `[for key in sort(keys(${map})) : ${map}[key] if ${memory.address}[key].input.planned == ${now} && !(${unless})]`;
    const newHosts = this.local("new-hosts", () => live.byFolder(newHostText));
    const changed = this.local("changed-texts", () => live.byFolder(changedHostText));
    const removed = new RemovedHosts(this, "removed-hosts", {
      ...{ live, after, now, isChanged: isOfNow(hosts) },
      clientValidityHours: props.clientValidityHours,
    });
    // Fleet Server hosts may be added later.
    const urlSets = this.local("url-sets", () => live.urlSets.map(plainText));
    const isAnyUrl = `anytrue([for set in ${urlSets} : try(${live.memories.set.address}[set].input.planned, "") == ${now}])`;
    const parts = [
      listed(newHosts, live.memories.host, "false"),
      listed(lines, file, isNewHost(`${folders}[key]`)),
      listed(changed, live.memories.settings, isNewHost("key")),
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

  private clientAuthentication(after: () => TerraformData[], isOfNow: (memory: TerraformData) => string): string[] {
    const { clientAuthentication: mode } = this.props;
    const text = mode === undefined ? undefined : CLIENT_AUTHENTICATION[mode];
    if (text === undefined) {
      return [];
    }
    const memory = createMemory(this, "client-authentication", { after, replacedBy: mode });
    return [`${isOfNow(memory)} ? [${createLocal(this, "client-authentication-text", text)}] : []`];
  }

  private get files(): TrackedFile[] {
    // Read several times at synthesis, when every host is there.
    this.tracked ??= trackedFiles(this, this.props.live.hosts, this.props.live.outputs);
    return this.tracked;
  }

  private local(id: string, produce: () => unknown): string {
    return createLocal(this, id, Lazy.anyValue({ produce }));
  }
}
