import type { TerraformResource } from "cdktf";
import { Lazy } from "cdktf";
import { Construct } from "constructs";

import type { IFleetHost } from "../../../host/fleet-host";
import { createLocal } from "../../../private/terraform/local";
import { createMemory } from "../../../private/terraform/memory";
import { plainText } from "../../../private/terraform/text";
import type { TrackedFile } from "./changed-files";

/**
 * For each file the time of the plan that wrote it. Those of a host's own files are a resource of that host: Terraform
 * keeps with each instance a list of all that its resource depends on, which for one resource of all hosts would be all
 * certificates and keys of the fleet.
 */
export class FileMemories extends Construct {
  /** Digests of all files: an expression of a list. */
  public readonly digests: string;

  /** Times by the keys of the files: an expression of a map. */
  public readonly planned: string;

  private readonly memories: Memory[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly shared: () => TrackedFile[],
  ) {
    super(scope, id);
    this.remember("shared", this.shared);
    const all = (part: (memory: Memory) => string, merge: (parts: string) => string): string =>
      Lazy.stringValue({ produce: () => `\${${merge(this.memories.map(part).join(", "))}}` });
    this.digests = createLocal(
      this,
      "all-digests",
      all(
        ({ digests }) => digests,
        (parts) => `[${parts}]`,
      ),
    );
    this.planned = createLocal(
      this,
      "planned",
      all(
        ({ resource }) => `{for key, memory in ${resource.address} : key => memory.input.planned}`,
        (parts) => `merge(${parts})`,
      ),
    );
  }

  /** Remembers the files of a host. */
  public addHost(host: IFleetHost, files: () => TrackedFile[]): void {
    this.remember(host.folder, files);
  }

  private remember(id: string, files: () => TrackedFile[]): void {
    const digests = createLocal(
      this,
      `${id}-digests`,
      Lazy.anyValue({ produce: () => Object.fromEntries(files().map(({ key, digest }) => [plainText(key), digest])) }),
    );
    const resource = createMemory(this, id, { forEachOf: `keys(${digests})`, replacedBy: `\${${digests}[each.key]}` });
    this.memories.push({ digests, resource });
  }
}

interface Memory {
  readonly digests: string;
  readonly resource: TerraformResource & { readonly address: string };
}
