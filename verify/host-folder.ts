import { posix, win32 } from "node:path";

/** One file of a host's folder, already read. */
export interface FolderFile {
  readonly name: string;
  /** The permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly isLink: boolean;
  /** Whether it is a copy of another folder's file, as in a container. */
  readonly isMounted?: boolean;
  /** Undefined when it cannot be read; `problem` says why. */
  readonly bytes?: Buffer;
  readonly problem?: string;
}

/** A folder on the path of a file. */
export interface Entered {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A volume of a container. */
export interface Volume {
  /** Its path in the container. */
  readonly path: string;
  /** Whether every file in it is known, as of a Secret that is here. */
  readonly isWhole: boolean;
  /** Whether it is a folder of this machine that was read: every file directly in it is known. */
  readonly isFolder?: boolean;
}

/** A host's folder, whose files are flat in it. */
export interface HostFolder {
  /** The folder as the user gave it or would give it. */
  readonly label: string;
  /** The absolute path. */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly files: ReadonlyMap<string, FolderFile>;
  /** The folders above it, which a reader of its files must be able to enter. */
  readonly parents?: readonly Entered[];
  /** The hosts of one topology are checked against each other; see {@link topologyOf}. */
  readonly topology: string;
  /** Whether the files come from a manifest, where owners and modes mean nothing. */
  readonly isVirtual?: boolean;
  /** Whether the kubelet wrote it as a volume of a pod, which nobody else can enter, with links and modes of its own. */
  readonly isVolume?: boolean;
  /** Of a container whose volumes are all known: those volumes. */
  readonly volumes?: readonly Volume[];
  /** Whether a container may have files that are in no volume, as those of an image of one's own. */
  readonly hasOwnFiles?: boolean;
}

/** Folders that contain several hosts in the layout of this package. */
const GROUPS = new Set([
  "agents",
  "fleet-servers",
  "elasticsearch-nodes",
  "kibana",
  "proxies",
  "logstash",
  "kafka-brokers",
]);

/** The folder of a topology: `…/fleet` for `…/fleet/fleet-server` and `…/fleet/agents/web-1`. */
export function topologyOf(path: string): string {
  const { basename, dirname } = /^[A-Za-z]:[\\/]|^\\\\/.test(path) ? win32 : posix;
  const parent = dirname(path);
  return GROUPS.has(basename(parent)) ? dirname(parent) : parent;
}

/** The last part of a path of any system. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? "";
}
