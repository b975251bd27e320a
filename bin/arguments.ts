import { statSync } from "node:fs";
import { normalize } from "node:path";

import type { HostFolder } from "../verify/host-folder";
import { findHostFolders } from "../verify/host-folder";
import { UsageError } from "./usage-error";

/** A host folder and how it is called in what is printed. */
export interface GivenFolder {
  readonly label: string;
  readonly folder: HostFolder;
}

/** The host folders in the directories of a command line; each once. */
export function findFolders(directories: readonly string[]): GivenFolder[] {
  if (directories.length === 0) {
    throw new UsageError("no directory given: name a host's folder, or a tree of them; see --help");
  }
  const found = new Map<string, GivenFolder>();
  for (const directory of directories) {
    const folders = findIn(directory);
    if (folders.length === 0) {
      throw new UsageError(`${directory}: no host folder, for there is no .pem file and no install-command in it`);
    }
    folders.forEach((folder) => found.set(folder.path, { label: folder.path, folder }));
  }
  return [...found.values()];
}

function findIn(directory: string): HostFolder[] {
  try {
    if (!statSync(directory).isDirectory()) {
      throw new UsageError(`${directory}: not a directory, give the folder that holds the files`);
    }
    return findHostFolders(normalize(`${directory}/.`).replace(/[/\\]+$/, "") || "/");
  } catch (error) {
    if (error instanceof UsageError) {
      throw error;
    }
    throw new UsageError(`${directory}: cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
