import type { PageData } from "../../page-data";
import { HostKind } from "../../../host/host-kind";
import type { Prerequisite } from "../../prerequisite";
import { mergedPrerequisites } from "../../prerequisite";
import type { AuthorityRole } from "../authority-role";
import { AGENT_CA, ELASTICSEARCH_CA, FLEET_CA, FLEET_ES_CA } from "../authority-role";
import type { RunbookAuthority, RunbookFile, RunbookHost, RunbookModel } from "../runbook/model";

/** Files of a part, with hosts by their folders. */
type PartFile = Omit<RunbookFile, "hosts"> & { readonly folders: string[] };

/** A CA of a part. */
type PartAuthority = Omit<RunbookAuthority, "bundles" | "leaves"> & {
  readonly bundles: PartFile[];
  readonly leaves: PartFile[];
};

/** What one stack contributes to what spans the stacks of a fleet: an output of it, in JSON, without any secret. */
export interface FleetPart {
  /** The stack's path. */
  readonly stack: string;
  /** The fleet's path. */
  readonly fleet: string;
  /** The output directory, if the fleet writes files. */
  readonly outputDirectory?: string;
  /** Runbook of the stack's hosts. */
  readonly runbook: Omit<RunbookModel, "authorities"> & { readonly authorities: PartAuthority[] };
  /** Page of the fleet, in the fleet's own stack; absent if it has none. */
  readonly page?: PageData;
  /** Agents of the page. */
  readonly agents: PageData["agents"];
}

/** A part as JSON, of what Terraform fills in later. */
export function toPart(model: RunbookModel): FleetPart["runbook"] {
  const plain = ({ hosts, ...file }: RunbookFile): PartFile => ({
    ...file,
    folders: hosts.map(({ folder }) => folder),
  });
  return {
    ...model,
    authorities: model.authorities.map(({ bundles, leaves, ...authority }) => ({
      ...authority,
      bundles: bundles.map(plain),
      leaves: leaves.map(plain),
    })),
  };
}

/** One runbook of all parts of a fleet, that of its own stack first. */
export function wholeRunbook([home, ...others]: [FleetPart, ...FleetPart[]]): RunbookModel {
  const parts = [home, ...others];
  const hosts = new Map<string, RunbookHost>();
  for (const { runbook } of parts) {
    for (const host of runbook.hosts) hosts.set(host.folder, { ...host, kind: kindOf(host.kind) });
  }
  const filesOf = (role: string, which: "bundles" | "leaves"): RunbookFile[] => {
    const files = new Map<string, RunbookFile>();
    for (const { runbook } of parts) {
      for (const authority of runbook.authorities.filter((one) => one.role.id === role)) {
        for (const { folders, ...file } of authority[which]) {
          const key = `${file.name} ${file.sha256}`;
          const known = files.get(key) ?? { ...file, hosts: [] };
          known.hosts.push(...folders.flatMap((folder) => hosts.get(folder) ?? []));
          files.set(key, known);
        }
      }
    }
    return [...files.values()];
  };
  const next = parts.map(({ runbook }) => runbook.nextRenewal).filter((date) => date !== "");
  return {
    ...home.runbook,
    isWhole: true,
    hosts: [...hosts.values()],
    prerequisites: prerequisitesOf(parts),
    nextRenewal: next.sort()[0] ?? "",
    authorities: home.runbook.authorities.map((authority) => ({
      ...authority,
      role: roleOf(authority.role),
      bundles: filesOf(authority.role.id, "bundles"),
      leaves: filesOf(authority.role.id, "leaves"),
    })),
  };
}

const prerequisitesOf = (parts: readonly FleetPart[]): Prerequisite[] =>
  mergedPrerequisites(parts.flatMap(({ runbook }) => runbook.prerequisites));

/** One page of all parts of a fleet; nothing if the fleet has no page. */
export function wholePage([home, ...others]: [FleetPart, ...FleetPart[]]): PageData | undefined {
  if (home.page === undefined) return undefined;
  const groups = new Map<string, PageData["agents"][number]>();
  for (const { members, ...alike } of [...home.page.agents, ...others.flatMap(({ agents }) => agents)]) {
    const key = JSON.stringify(alike);
    groups.set(key, { ...alike, members: [...(groups.get(key)?.members ?? []), ...members] });
  }
  const { nextRenewal } = wholeRunbook([home, ...others]);
  return {
    ...home.page,
    agents: [...groups.values()],
    agentStacks: [],
    prerequisites: prerequisitesOf([home, ...others]),
    nextRenewal,
  };
}

/** Every host, for other programs. */
export function inventory({ fleet, nextRenewal, hosts }: RunbookModel): object {
  return {
    fleet,
    nextRenewal,
    hosts: hosts.map(({ kind, folder, stack, directory, isWindows, isContainer, version }) => ({
      kind: kind.id,
      id: folder.split("/").at(-1),
      folder,
      stack,
      hostDirectory: directory,
      isWindows,
      isContainer,
      ...(version !== undefined && { version }),
    })),
  };
}

const KINDS = Object.values(HostKind).filter((value): value is HostKind => value instanceof HostKind);

/** The library's own kinds are compared by identity. */
function kindOf(plain: HostKind): HostKind {
  return KINDS.find(({ id }) => id === plain.id) ?? plain;
}

function roleOf(plain: AuthorityRole): AuthorityRole {
  return [FLEET_CA, ELASTICSEARCH_CA, AGENT_CA, FLEET_ES_CA].find(({ id }) => id === plain.id) ?? plain;
}
