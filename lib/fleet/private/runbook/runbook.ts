import { File } from "@cdktf/provider-local/lib/file";
import type { TerraformResource } from "cdktf";
import { Fn, Lazy, TerraformStack } from "cdktf";
import { Construct } from "constructs";

import type { CertificateAuthority } from "../../../authority/certificate-authority";
import type { HostFiles } from "../../../host/host-files";
import type { StackVersion } from "../../../command/stack-version";
import { projectPath } from "../../../private/paths";
import { expression, isKnown, plainText } from "../../../private/terraform/text";
import type { HostKind, RunbookAuthority, RunbookFile, RunbookHost } from "./model";
import { runbookText } from "./text";

/** A host construct, as far as a runbook reads it. */
export interface RunbookSubject extends Construct {
  readonly files: HostFiles;
  readonly stackVersion?: StackVersion;
  readonly containerEnvironment?: unknown;
}

/** What a fleet's runbook is written from, asked for when the stack is written: hosts may be added until then. */
export interface RunbookSources {
  readonly authorities: {
    readonly title: string;
    readonly prop: RunbookAuthority["prop"];
    readonly ca: CertificateAuthority;
  }[];
  readonly hosts: { readonly kind: HostKind; readonly folder: string; readonly host: RunbookSubject }[];
  readonly outputs: string[];
  readonly pinsFleetCa: boolean;
  readonly nextRenewal: string;
}

/** elastic-agent 9.5 made `certificate_reload` the default; before, it is absent or off. */
const RELOADS_FROM = "9.5";

/** Writes `RUNBOOK.md` into the output directory: what a person has to do after this deploy. */
export class Runbook extends Construct {
  /** @param after what is written before it, so that there is no runbook of a deploy that was killed */
  constructor(
    scope: Construct,
    id: string,
    outputDirectory: string,
    after: TerraformResource[],
    sources: () => RunbookSources,
  ) {
    super(scope, id);
    new File(this, "file", {
      filename: projectPath(`${outputDirectory.replace(/\/+$/, "")}/RUNBOOK.md`),
      content: Lazy.stringValue({ produce: () => this.text(scope, sources()) }),
      filePermission: "0644",
      // As every file below: the first one to be written makes the folder.
      directoryPermission: "0700",
      dependsOn: after,
    });
  }

  private text(fleet: Construct, { authorities, hosts, ...others }: RunbookSources): string {
    const stack = TerraformStack.of(this);
    const known = new Map(
      hosts.map(({ kind, folder, host }) => [host.files as Construct, describe(kind, folder, host)]),
    );
    return plainText(
      runbookText({
        fleet: fleet.node.path,
        stack: stack.node.path,
        hosts: [...known.values()],
        ...others,
        authorities: authorities.map(({ title, prop, ca }) => ({
          title,
          prop,
          rotation: ca._rotation,
          issuerName: ca._issuerName,
          bundles: filesOf(ca._bundleFiles, known, stack),
          leaves: filesOf(ca._leafFiles, known),
        })),
      }),
    );
  }
}

function describe(kind: HostKind, folder: string, host: RunbookSubject): RunbookHost {
  return {
    kind,
    folder,
    stack: TerraformStack.of(host).node.path,
    directory: host.files.hostDirectory,
    isWindows: host.files.platform.isWindows,
    isContainer: host.containerEnvironment !== undefined,
    version: host.stackVersion?.toString(),
    reloads: kind === "Elasticsearch" || (host.stackVersion?.isAtLeast(RELOADS_FROM) ?? false),
  };
}

/** Files of one name together; of bundles also of one content, whose digest then says whether a host has it. */
function filesOf(
  resources: TerraformResource[],
  hosts: Map<Construct, RunbookHost>,
  digestsOf?: TerraformStack,
): RunbookFile[] {
  const groups = new Map<string, { name: string; hosts: RunbookHost[]; sha256?: string }>();
  for (const file of resources) {
    const host = hosts.get(file.node.scope as Construct);
    const content = file instanceof File ? (file.contentInput ?? "") : "";
    const name = file.node.id;
    // Settings that hold a bundle are told of in words.
    if (host === undefined || !name.endsWith(".pem")) continue;
    const key = digestsOf ? `${name}\n${content}` : name;
    const group = groups.get(key) ?? { name, hosts: [] };
    group.hosts.push(host);
    // A digest of what another stack alone knows would make the two depend on each other.
    if (digestsOf && TerraformStack.of(file) === digestsOf && !isKnown(content)) {
      group.sha256 ??= Fn.sha256(expression(content));
    }
    groups.set(key, group);
  }
  return [...groups.values()];
}
