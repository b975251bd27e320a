import { posix } from "node:path";

import { scriptCommands, shellOf } from "../lib/command/parse/script";
import type { ShellWord } from "../lib/command/parse/shell-word";
import { CommandError } from "../lib/command/parse/shell-word";
import { dotEnv, folderVolumes, mount } from "./compose";
import type { Container } from "./container";
import type { FolderFile, HostFolder, Volume } from "./host-folder";

/** Options of `docker run` that have no value; each other one takes the next word. */
const SWITCHES =
  /^(-[dtiPq]+|--(detach|tty|interactive|rm|init|privileged|read-only|publish-all|no-healthcheck|quiet))$/;

/** Whether a script starts containers itself. */
export function isDockerScript({ name, bytes }: FolderFile): boolean {
  return (
    /\.(sh|bash|txt|ps1|cmd|bat)$/i.test(name) &&
    /\b(docker|podman|nerdctl)\s+(container\s+)?(run|create)\b/.test(bytes?.toString("utf8") ?? "")
  );
}

/** The containers that the `docker run` lines of a script start. Never throws. */
export function dockerContainers(
  { name, bytes }: Pick<FolderFile, "name" | "bytes">,
  folder: HostFolder,
  folders: readonly HostFolder[],
): readonly Container[] {
  let commands: readonly (readonly ShellWord[])[];
  try {
    const text =
      bytes
        ?.toString("utf8")
        .replace(/^\ufeff/, "")
        .replace(/\r\n/g, "\n") ?? "";
    commands = scriptCommands(shellOf(name, text), text);
  } catch (error) {
    if (!(error instanceof CommandError)) {
      throw error;
    }
    return [];
  }
  return commands.flatMap((words) => {
    const tool = words.findIndex((word) => /(^|\/)(docker|podman|nerdctl)$/.test(word.text));
    const run = words.findIndex((word, i) => i > tool && /^(run|create)$/.test(word.text));
    return tool < 0 || run < 0 ? [] : [containerOf(words.slice(run + 1), folder, folders)];
  });
}

function containerOf(words: readonly ShellWord[], folder: HostFolder, folders: readonly HostFolder[]): Container {
  const variables = new Map<string, string | undefined>();
  const files = new Map<string, FolderFile>();
  const volumes: Volume[] = [];
  const bind = (source: string, target: string): void => {
    mount(source, target, folders, files);
    volumes.push(...folderVolumes(source, target, folders));
  };
  let hasMoreVariables = false;
  let hasMoreVolumes = false;
  let name = "container";
  let i = 0;
  for (; i < words.length && words[i]!.text.startsWith("-"); i += 1) {
    const [, option = "", assigned] = /^(--?[\w-]+)(?:=([^]*))?$/.exec(words[i]!.text) ?? [];
    if (SWITCHES.test(words[i]!.text)) {
      continue;
    }
    const word = words[assigned === undefined ? (i += 1) : i];
    const value = assigned ?? word?.text ?? "";
    if (option === "-e" || option === "--env") {
      const [, variable = "", text] = /^([^=]*)(?:=([^]*))?$/.exec(value) ?? [];
      variables.set(variable, word?.references.length === 0 ? text : undefined);
    } else if (option === "--env-file") {
      hasMoreVariables ||= !folder.files.has(posix.basename(value));
      dotEnv(folder.files.get(posix.basename(value))).forEach((text, variable) => variables.set(variable, text));
    } else if (option === "--name") {
      name = value;
    } else if (option === "-v" || option === "--volume") {
      const [, from, to] = /^([^:]*):([^:]+)/.exec(value.replace(/^\$\{?PWD\}?/, ".")) ?? [];
      volumes.push({ path: to ?? value, isWhole: false });
      // A path by a variable such as $PWD is taken for this folder.
      const source = word?.references.length === 0 ? from : `.${from?.slice(from.indexOf("/")) ?? ""}`;
      if (source !== undefined && to !== undefined && /^[./]/.test(source)) {
        bind(posix.resolve(folder.path, source), to);
      }
    } else if (option === "--mount") {
      const fields = new Map(value.split(",").map((one) => one.split("=") as [string, string | undefined]));
      const source = (fields.get("source") ?? fields.get("src"))?.replace(/^\$\{[^}]*\}/, ".");
      const to = fields.get("target") ?? fields.get("destination") ?? fields.get("dst");
      volumes.push({ path: to ?? "/", isWhole: false });
      if (source !== undefined && to !== undefined && /^[./]/.test(source)) {
        bind(posix.resolve(folder.path, source), to);
      }
    } else if (option === "--volumes-from") {
      hasMoreVolumes = true;
    }
  }
  const known = hasMoreVolumes ? undefined : volumes;
  return { name, image: words[i]?.text ?? "", variables, files, hasMoreVariables, volumes: known };
}
