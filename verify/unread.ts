import { storeCommands } from "../lib/private/x509/conversion";
import { warning } from "../lib/private/x509/finding";
import type { InstallArguments } from "../lib/command/parse/install-arguments";
import { Host } from "./host";
import { COMMAND_FILE } from "./host-command";
import type { FolderFile, HostFolder } from "./host-folder";
import { settingsFiles } from "./settings";
import type { Report } from "./report";

const STORES = /\.(p12|pfx|jks|keystore|p7b|p7c|bcfks)$/i;

/** Files that belong to a host and say nothing about TLS. The URL of a proxy is in the commands of its agents too. */
const HARMLESS =
  /^\.|\.(md|txt|csr|srl|cnf|json|html|zip|log)$|^(RUNBOOK|README)|^kibana-fleet-server-host\.yml$|^(request-[\w-]+|hand-over)\.(sh|ps1)$/i;

/** How a store becomes files that can be checked. */
function conversion(file: string, bytes: Buffer | undefined): string {
  const [certificates, key] = storeCommands(bytes ?? Buffer.alloc(0), file);
  if (certificates === undefined) {
    return "export its certificates and its key as PEM";
  }
  return `write its certificates as PEM: ${certificates}${key === undefined ? "" : `; and its key: ${key}`}`;
}

/** Names what a folder contains and a run does not check: a silent "0 errors" would claim too much. */
export function noteUnread(
  folder: HostFolder,
  hosts: readonly Host[],
  read: ReadonlySet<string>,
  report: Report,
): void {
  const place = (name: string): string => `${folder.label}/${name}`;
  for (const { name, bytes } of folder.files.values()) {
    if (STORES.test(name)) {
      report.note(`${place(name)} was not read; ${conversion(place(name), bytes)}`);
    }
  }
  for (const { settings, settingsFile } of hosts) {
    for (const [setting, value] of settings?.entries ?? []) {
      if (/\.ssl\.(keystore|truststore)\.path$/.test(setting)) {
        report.note(
          `${place(settingsFile!)}: ${setting} names ${value}, which was not read; what it serves is unknown`,
        );
      }
    }
  }
  const others = [...folder.files.values()].filter((file) => !read.has(file.name) && isUnknown(file, folder, hosts));
  for (const { name } of others) {
    report.note(`${place(name)} was not read: unknown kind of file`);
  }
  const hasFiles = [...folder.files.keys()].some((name) => /\.(pem|crt|cer|key)$/.test(name));
  const isAgent = hosts.some(({ command, kind }) => command === undefined && ["agent", "fleet server"].includes(kind));
  if (!hasFiles || !isAgent || read.size > 0) {
    return;
  }
  const maybe = others.find(({ bytes }) => /elastic-agent|\bFLEET_/.test(bytes?.toString("latin1") ?? ""));
  if (maybe === undefined) {
    report.note(`${folder.label} has no command, so only its files were checked; name the command with --command FILE`);
    return;
  }
  report.check(63);
  const what = "seems to have the command of this host, which was not read, so only the files were checked";
  const fix = "save the command as install-command.sh, .ps1, .cmd or container.env, or name it with --command FILE";
  report.add(folder.label, maybe.name, [warning(63, what, fix)]);
}

/** Names what only the shell or the cluster knows, as nothing else says that it was not judged. */
export function noteUnknown(label: string, command: InstallArguments | undefined, report: Report): void {
  const unknown = ["url", "certificate-authorities", "fleet-server-es", "fleet-server-es-ca"].filter((flag) =>
    flag.endsWith("-ca") || flag.endsWith("-authorities")
      ? command?.has(flag) === true && command.paths(flag) === undefined
      : command?.has(flag) === true && command.known(flag) === undefined,
  );
  unknown.forEach((flag) =>
    report.note(`${label}: the value of ${command!.nameOf(flag)} is not in the folder, so it was not checked`),
  );
  if (command?.hasMore === true) {
    report.note(`${label}: the command gets more arguments when it runs, which were not checked`);
  }
}

function isUnknown({ name }: FolderFile, folder: HostFolder, hosts: readonly Host[]): boolean {
  const first = hosts[0] ?? new Host(folder);
  return (
    !STORES.test(name) &&
    !HARMLESS.test(name) &&
    first.contentOf(name) === "other" &&
    !hosts.some(({ commandFile }) => commandFile === name) &&
    !COMMAND_FILE.test(name) &&
    !hosts.some(({ service }) => service?.file === name) &&
    !hosts.some((host) => host.command?.uses.some(({ value }) => value?.text.endsWith(name)) === true) &&
    !settingsFiles(folder).some((file) => file.name === name)
  );
}
