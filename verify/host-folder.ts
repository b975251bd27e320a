import type { Stats } from "node:fs";
import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** One file of a host's folder. */
export interface FolderFile {
  readonly name: string;
  readonly path: string;
  /** Of the name itself, so that a symbolic link is seen. */
  readonly stats: Stats;
  /** Undefined when it cannot be read; `problem` says why. */
  readonly bytes?: Buffer;
  readonly problem?: string;
}

/** A host's folder: its files lie flat in it. */
export interface HostFolder {
  readonly path: string;
  readonly stats: Stats;
  readonly files: ReadonlyMap<string, FolderFile>;
  /** Hosts of one topology check each other; see {@link topologyOf}. */
  readonly topology: string;
}

/** Names by which a folder is known to be a host's. */
const HOST_FILE =
  /(\.(pem|crt|cer|key)$)|^(service-token|agent-cert-key-passphrase)$|^(install|enroll)-command\.(sh|ps1)$|^container\.env$/;

/** Folders of several hosts in the layout of this package. */
const GROUPS = new Set(["agents", "fleet-servers", "elasticsearch-nodes", "kibana"]);

// Certificates and keys are some kilobytes; more is no file of a host.
const LARGEST = 4 * 1024 * 1024;

const DEEPEST = 12;

/** The host folders in a tree, the root included, in the order of their paths. Symbolic links are not followed. */
export function findHostFolders(root: string): HostFolder[] {
  const found: HostFolder[] = [];
  const visit = (path: string, depth: number): void => {
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    if (entries.some((entry) => !entry.isDirectory() && HOST_FILE.test(entry.name))) {
      const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
      found.push({
        path,
        stats: statSync(path),
        files: new Map(names.map((name) => [name, readFolderFile(join(path, name))])),
        topology: topologyOf(path),
      });
    }
    for (const entry of entries) {
      if (entry.isDirectory() && entry.name !== "node_modules" && depth < DEEPEST) {
        visit(join(path, entry.name), depth + 1);
      }
    }
  };
  visit(root, 0);
  return found;
}

/** The folder that holds the hosts of one topology: `…/fleet` for `…/fleet/fleet-server` and `…/fleet/agents/web-1`. */
export function topologyOf(path: string): string {
  const parent = dirname(resolve(path));
  return GROUPS.has(basename(parent)) ? dirname(parent) : parent;
}

/** Reads one file, never a device or a pipe, on which reading would hang. Never throws. */
export function readFolderFile(path: string): FolderFile {
  const name = basename(path);
  const stats = lstatSync(path);
  try {
    const target = statSync(path);
    if (!target.isFile()) {
      return { name, path, stats, problem: "is no regular file" };
    }
    if (target.size > LARGEST) {
      return { name, path, stats, problem: `has ${target.size} bytes, too many to be read` };
    }
    return { name, path, stats, bytes: readFileSync(path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { name, path, stats, problem: code === "ENOENT" ? "is a link to nothing" : `cannot be read: ${code}` };
  }
}
