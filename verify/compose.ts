import { posix } from "node:path";

import type { Container } from "./container";
import type { FolderFile, HostFolder, Volume } from "./host-folder";
import type { Setting } from "./settings";

type Settings = { readonly [name: string]: Setting };

/** The services of a compose file; bind mounts are looked up among the folders of the run. */
export function composeContainers(
  document: Setting,
  folder: HostFolder,
  folders: readonly HostFolder[],
): readonly Container[] {
  const compose = asMap(document);
  const variables = dotEnv(folder.files.get(".env"));
  return Object.entries(asMap(compose["services"])).map(([name, value]) => {
    const service = asMap(value);
    return {
      name,
      image: interpolated(asText(service["image"]) ?? "", variables) ?? "",
      variables: environmentOf(service, folder, variables),
      hasMoreVariables: envFiles(service).some((path) => !folder.files.has(posix.basename(path))),
      files: mountedFiles(service, compose, folder, folders),
      volumes: volumesOf(service, folder, folders),
    };
  });
}

/** Whether a document is a compose file. */
export function isCompose(document: Setting): boolean {
  const services = asMap(document)["services"];
  return typeof services === "object" && !Array.isArray(services);
}

export function asMap(value: Setting | undefined): Settings {
  return typeof value === "object" && !Array.isArray(value) ? (value as Settings) : {};
}

export function asList(value: Setting | undefined): readonly Setting[] {
  return Array.isArray(value) ? (value as readonly Setting[]) : [];
}

export function asText(value: Setting | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The paths of `env_file`. */
function envFiles({ env_file: files }: Settings): string[] {
  const items = Array.isArray(files) ? asList(files) : files === undefined ? [] : [files];
  return items.map((item) => asText(item) ?? asText(asMap(item)["path"]) ?? "");
}

function environmentOf(
  service: Settings,
  folder: HostFolder,
  outside: ReadonlyMap<string, string>,
): Map<string, string | undefined> {
  const variables = new Map<string, string | undefined>();
  const { environment } = service;
  for (const path of envFiles(service)) {
    dotEnv(folder.files.get(posix.basename(path))).forEach((value, name) => variables.set(name, value));
  }
  for (const item of asList(environment)) {
    const [, name = "", value] = /^([^=]*)(?:=([^]*))?$/.exec(asText(item) ?? "") ?? [];
    variables.set(name, value === undefined ? outside.get(name) : interpolated(value, outside));
  }
  for (const [name, value] of Object.entries(asMap(environment))) {
    const text = asText(value) ?? "";
    variables.set(name, text === "~" || text === "null" ? outside.get(name) : interpolated(text, outside));
  }
  return variables;
}

/** `${NAME}`, `${NAME:-default}` and `$NAME` by the `.env` file; undefined if one is not known here. */
function interpolated(text: string, outside: ReadonlyMap<string, string>): string | undefined {
  let isKnown = true;
  const result = text.replace(
    /\$(?:\$|\{(\w+)(?::?([-?])([^}]*))?\}|(\w+))/g,
    (whole, braced?: string, operator?: string, word?: string, bare?: string) => {
      const name = braced ?? bare;
      if (name === undefined) {
        return whole === "$$" ? "$" : whole;
      }
      const value = outside.get(name) ?? (operator === "-" ? word : undefined);
      isKnown &&= value !== undefined;
      return value ?? "";
    },
  );
  return isKnown ? result : undefined;
}

/** An env file of compose: one variable a line, quotes removed. */
export function dotEnv(file: FolderFile | undefined): Map<string, string> {
  const lines = (file?.bytes?.toString("utf8") ?? "").split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const [, name, value = ""] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value.trim().replace(/^(["'])(.*)\1$/, "$2")] as const];
    }),
  );
}

/** The paths of a service's volumes, secrets and configs; undefined if there may be others. */
function volumesOf(service: Settings, folder: HostFolder, folders: readonly HostFolder[]): Volume[] | undefined {
  if (["build", "extends", "volumes_from"].some((name) => service[name] !== undefined)) {
    return undefined;
  }
  const volumes = [...asList(service["volumes"]), ...[service["tmpfs"] ?? []].flat()].flatMap((item): Volume[] => {
    const text = asText(item);
    const path = text === undefined ? asText(asMap(item)["target"]) : (/:(\/[^:]*)/.exec(text)?.[1] ?? text);
    const { source, target } = bindOf(item);
    return [
      ...(path === undefined ? [] : [{ path, isWhole: false }]),
      ...(source === undefined || target === undefined
        ? []
        : folderVolumes(posix.resolve(folder.path, source), target, folders)),
    ];
  });
  const configs = asList(service["configs"]).map((item) => asText(asMap(item)["target"]) ?? asText(item));
  const paths = [...configs.map((one) => one && posix.resolve("/", one)), "/run/secrets"];
  return [...volumes, ...paths.flatMap((path) => (path === undefined ? [] : [{ path, isWhole: false }]))];
}

/** A bind mount's path here and in the container. */
function bindOf(item: Setting): { readonly source?: string; readonly target?: string } {
  const [, from, to] = /^(\.{0,2}\/[^:]*|\.{1,2}):([^:]+)/.exec(asText(item) ?? "") ?? [];
  return { source: from ?? asText(asMap(item)["source"]), target: to ?? asText(asMap(item)["target"]) };
}

/** Certificates and keys; Docker creates a folder in place of a file to mount that does not exist. */
const PEM_FILE = /\.(pem|crt|cer|key)$/;

/** Volumes whose files are known: a folder that was read and those below it, or one file that is not in its folder. */
export function folderVolumes(source: string, target: string, folders: readonly HostFolder[]): Volume[] {
  const base = source.replace(/\/$/, "");
  return folders.flatMap((folder): Volume[] => {
    if (folder.path === base || folder.path.startsWith(`${base}/`)) {
      return [{ path: posix.join(target, folder.path.slice(base.length)), isWhole: false, isFolder: true }];
    }
    const isMissing =
      PEM_FILE.test(base) && posix.dirname(base) === folder.path && !folder.files.has(posix.basename(base));
    return isMissing ? [{ path: target, isWhole: true }] : [];
  });
}

/** The files of bind mounts, and of `secrets` and `configs` that come from files. */
function mountedFiles(
  service: Settings,
  compose: Settings,
  folder: HostFolder,
  folders: readonly HostFolder[],
): Map<string, FolderFile> {
  const files = new Map<string, FolderFile>();
  for (const item of asList(service["volumes"])) {
    const { source, target } = bindOf(item);
    if (source !== undefined && target !== undefined) {
      mount(posix.resolve(folder.path, source), target, folders, files);
    }
  }
  for (const kind of ["secrets", "configs"] as const) {
    for (const item of asList(service[kind])) {
      const name = asText(item) ?? asText(asMap(item)["source"]) ?? "";
      const source = asText(asMap(asMap(compose[kind])[name])["file"]);
      const target = asText(asMap(item)["target"]) ?? name;
      if (source !== undefined) {
        const place = kind === "secrets" ? posix.resolve("/run/secrets", target) : posix.resolve("/", target);
        mount(posix.resolve(folder.path, source), place, folders, files);
      }
    }
  }
  return files;
}

/** Adds the files below a path of this machine, as a container sees them. */
export function mount(
  source: string,
  target: string,
  folders: readonly HostFolder[],
  files: Map<string, FolderFile>,
): void {
  for (const folder of folders) {
    for (const file of folder.files.values()) {
      const path = posix.join(folder.path, file.name);
      if (path === source) {
        files.set(target, { ...file, name: target, isMounted: true });
      } else if (path.startsWith(`${source.replace(/\/$/, "")}/`)) {
        const name = posix.join(target, path.slice(source.length));
        files.set(name, { ...file, name, isMounted: true });
      }
    }
  }
}
