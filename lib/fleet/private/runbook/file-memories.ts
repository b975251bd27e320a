import { Lazy } from "cdktf";
import { Construct } from "constructs";

import { createLocal } from "../../../private/terraform/local";
import { createMemory } from "../../../private/terraform/memory";
import { plainText } from "../../../private/terraform/text";
import type { TrackedFile } from "./changed-files";

/** Files with a resource of their own. */
interface Group {
  readonly files: () => TrackedFile[];
  /** Digests by the keys of the files: an expression of a map. */
  readonly digests: string;
  /** Times by the keys of the files: an expression of a map. */
  readonly planned: string;
}

/**
 * For each file the time of the plan that wrote it. Those of a host's own files are a resource of that host: Terraform
 * keeps with each instance a list of all that its resource depends on, which for one resource of all hosts would be all
 * certificates and keys of the fleet.
 */
export class FileMemories extends Construct {
  /** Digests of all files: an expression of a list of maps. */
  public readonly digests: string;

  /** Times by the keys of all files: an expression of a map. */
  public readonly planned: string;

  private readonly groups: Group[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const listed = (part: "digests" | "planned"): string => this.groups.map((group) => group[part]).join(", ");
    const local = (name: string, produce: () => string): string =>
      createLocal(this, name, Lazy.stringValue({ produce }));
    this.digests = local("all-digests", () => `\${[${listed("digests")}]}`);
    this.planned = local("planned", () => `\${merge(${listed("planned")})}`);
  }

  /** All files. */
  public get files(): TrackedFile[] {
    return this.groups.flatMap(({ files }) => files());
  }

  /** Remembers files, which are gathered once, when the stack is synthesised. */
  public add(id: string, gather: () => TrackedFile[]): void {
    let gathered: TrackedFile[] | undefined;
    const files = (): TrackedFile[] => (gathered ??= gather());
    const digests = createLocal(
      this,
      `${id}-digests`,
      Lazy.anyValue({ produce: () => Object.fromEntries(files().map(({ key, digest }) => [plainText(key), digest])) }),
    );
    const { address } = createMemory(this, id, {
      forEachOf: `keys(${digests})`,
      replacedBy: `\${${digests}[each.key]}`,
    });
    this.groups.push({ files, digests, planned: `{for key, memory in ${address} : key => memory.input.planned}` });
  }
}
