import type { Dirent } from "node:fs";
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, normalize, relative, resolve } from "node:path";

import { isDockerScript } from "../verify/docker-run";
import type { Entered, FolderFile, HostFolder } from "../verify/host-folder";
import { topologyOf } from "../verify/host-folder";
import { isServiceFile } from "../verify/read-services";
import type { ObjectFile } from "../verify/verify-hosts";
import { inWords } from "./system-errors";
import { UsageError } from "./usage-error";

/** File names by which a folder is known to be a host's. */
const HOST_FILE = new RegExp(
  [
    String.raw`\.(pem|crt|cer|key|p12|pfx|jks|p7b|p7c)$`,
    String.raw`^(service-token|agent-cert-key-passphrase)$`,
    String.raw`^(install|enroll)-command\.(sh|ps1|cmd|bat)$`,
    String.raw`^container\.env$`,
    String.raw`^(elasticsearch|kibana)(\.tls)?\.ya?ml$`,
    String.raw`^(docker-)?compose[\w.-]*\.ya?ml$`,
  ].join("|"),
);

/** Docker creates a folder in place of a file to mount that does not exist. */
const PEM_FILE = /\.(pem|crt|cer|key)$/;

/** Signs that another YAML file belongs to a host: a Kubernetes object, or the variables of an agent's container. */
const MANIFEST =
  /^kind: *(Secret|ConfigMap|DaemonSet|Deployment|StatefulSet|Pod|Job)\b|\bFLEET_(URL|ENROLL|SERVER_ENABLE)\b/m;
const HELM = /^agent:[^]*^ +fleet:/m;

// Certificates and keys are some kilobytes; a larger file belongs to no host.
const LARGEST = 4 * 1024 * 1024;

const DEEPEST = 12;

/**
 * The kubelet writes a Secret, a ConfigMap or a projected volume into a folder with the time as its name. `..data` is a
 * link to that folder, and each file of the volume a link through `..data`; it reserves the names that begin with `..`
 * (kubernetes/kubernetes, pkg/volume/util/atomic_writer.go).
 */
const DATA = "..data";
const IN_DATA = /[/\\]\.\.\d{4}(_\d\d){5}\.\d+([/\\]|$)/;

/** The host folders in the directories of a command line, each once. */
export function findFolders(directories: readonly string[]): HostFolder[] {
  if (directories.length === 0) {
    throw new UsageError("no directory given: name a host's folder, or a tree of them; see --help");
  }
  const found = new Map<string, HostFolder>();
  for (const directory of directories) {
    const folders = findIn(directory);
    if (folders.length === 0) {
      throw new UsageError(
        `${directory}: no host folder: it contains no certificate, no install command and no settings file`,
      );
    }
    folders.forEach((folder) => found.set(folder.path, folder));
  }
  return [...found.values()];
}

function findIn(directory: string): HostFolder[] {
  try {
    if (!statSync(directory).isDirectory()) {
      throw new UsageError(`${directory}: not a directory, give the folder that contains the files`);
    }
    return findHostFolders(normalize(`${directory}/.`).replace(/[/\\]+$/, "") || "/");
  } catch (error) {
    if (error instanceof UsageError) {
      throw error;
    }
    throw new UsageError(`${directory}: cannot be read: ${inWords(error)}`);
  }
}

/**
 * The host folders in a tree, the root included, in the order of their paths. Symbolic links are not followed, except
 * those of a volume of Kubernetes.
 */
function findHostFolders(root: string): HostFolder[] {
  const found: HostFolder[] = [];
  const visit = (path: string, depth: number): void => {
    const everything = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    const isVolume = everything.some((entry) => entry.name === DATA && entry.isSymbolicLink());
    const entries = everything.filter(({ name }) => !isVolume || !name.startsWith(".."));
    const isFolder = (entry: Dirent): boolean =>
      entry.isDirectory() || (isVolume && isFolderOfVolume(path, entry.name));
    const names = entries.filter((entry) => !isFolder(entry)).map(({ name }) => name);
    const folders = entries.filter(isFolder).map(({ name }) => name);
    const instead = folders.filter((name) => PEM_FILE.test(name));
    if (
      names.some((name) => HOST_FILE.test(name) || isServiceFile(name)) ||
      names.some((name) => isManifest(join(path, name)))
    ) {
      const { mode, uid, gid } = statSync(path);
      found.push({
        label: path,
        path: resolve(path),
        mode: mode & 0o7777,
        uid,
        gid,
        parents: parentsOf(resolve(path)),
        files: new Map([...names, ...instead].map((name) => [name, readFolderFile(join(path, name))])),
        topology: topologyOf(resolve(path)),
        isVolume: isVolume || IN_DATA.test(realpathSync(path)),
      });
    }
    for (const name of folders) {
      if (name !== "node_modules" && depth < DEEPEST) {
        visit(join(path, name), depth + 1);
      }
    }
  };
  visit(root, 0);
  return found;
}

/** Whether a name in a volume is a link to one of its folders, which it has where the path of an item has a slash. */
function isFolderOfVolume(volume: string, name: string): boolean {
  const path = join(volume, name);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder && dirname(realpathSync(path)) === realpathSync(join(volume, DATA));
}

/** The folders above a path, the nearest first. */
function parentsOf(path: string): Entered[] {
  const above = dirname(path);
  if (above === path) {
    return [];
  }
  const { mode, uid, gid } = statSync(above);
  return [{ path: above, mode: mode & 0o7777, uid, gid }, ...parentsOf(above)];
}

function isManifest(path: string): boolean {
  if (/\.(sh|bash)$/.test(path)) {
    return isDockerScript(readFolderFile(path));
  }
  if (!/\.ya?ml$/.test(path) || basename(join(path, "..")) === "outputs") {
    return false;
  }
  const text = readFolderFile(path).bytes?.toString("utf8") ?? "";
  return MANIFEST.test(text) || HELM.test(text);
}

/** Folders of objects for Kibana. */
const OBJECTS = [
  { kind: "output", folder: "outputs", extension: /\.ya?ml$/ },
  { kind: "download source", folder: "download-sources", extension: /\.json$/ },
] as const;

/** Files of these folders of every topology, where they are within the given directories. */
export function findObjects(folders: readonly HostFolder[], directories: readonly string[]): ObjectFile[] {
  const topologies = [...new Set(folders.map(({ topology }) => topology))];
  return topologies.flatMap((topology) => OBJECTS.flatMap((one) => objectsOf(topology, one, directories)));
}

function objectsOf(
  topology: string,
  { kind, folder, extension }: (typeof OBJECTS)[number],
  directories: readonly string[],
): ObjectFile[] {
  const place = join(topology, folder);
  const isGiven = directories.some((one) => !/^\.\.([/\\]|$)/.test(relative(resolve(one), place)));
  const near = relative(".", place);
  const label = near.startsWith("..") ? place : near;
  return (isGiven ? filesIn(place, extension) : []).map((name) => ({
    kind,
    topology,
    label,
    file: readFolderFile(join(place, name)),
  }));
}

function filesIn(folder: string, extension: RegExp): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => extension.test(name))
      .sort();
  } catch {
    return [];
  }
}

/** Reads one file, never a device or a pipe, on which reading would hang. Never throws. */
function readFolderFile(path: string): FolderFile {
  const { mode, uid, gid } = lstatSync(path);
  const known = { name: basename(path), mode: mode & 0o7777, uid, gid, isLink: (mode & 0o170000) === 0o120000 };
  try {
    const target = statSync(path);
    if (!target.isFile()) {
      return { ...known, problem: target.isDirectory() ? "is a folder" : "is no regular file" };
    }
    if (target.size > LARGEST) {
      return { ...known, problem: `has ${target.size} bytes, too many to be read` };
    }
    return { ...known, bytes: readFileSync(path) };
  } catch (error) {
    const isDangling = (error as NodeJS.ErrnoException).code === "ENOENT";
    return {
      ...known,
      problem: isDangling ? "is a link to a file that does not exist" : `cannot be read: ${inWords(error)}`,
    };
  }
}
