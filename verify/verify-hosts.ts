import type { StackVersion } from "../lib/command/stack-version";
import { checkDefend } from "./defend-checks";
import { isDockerScript } from "./docker-run";
import { checkDoors } from "./door-checks";
import { checkFiles } from "./file-checks";
import type { FleetObject, NamedText } from "./fleet-objects";
import { apiObjects, fileObject, kibanaObjects } from "./fleet-objects";
import { Host } from "./host";
import { checkHost } from "./host-checks";
import type { HostCommand } from "./host-command";
import { commandFiles, readHostCommands } from "./host-command";
import type { FolderFile, HostFolder } from "./host-folder";
import { checkKibana } from "./kibana-checks";
import { readManifests } from "./manifests";
import type { Machine } from "./mode-checks";
import { checkModes } from "./mode-checks";
import { checkOutputs } from "./output-checks";
import { Report } from "./report";
import { servicesOf } from "./read-services";
import { checkServices } from "./service-checks";
import { plainSecrets, readSettingsFile, settingsFiles } from "./settings";
import { checkTopology } from "./topology-checks";
import type { Trust } from "./trust-checks";
import { noteUnknown, noteUnread } from "./unread";

/** An `outputs/*.yml` or a `download-sources/*.json` of a topology. */
export interface ObjectFile {
  readonly kind: "output" | "download source";
  readonly topology: string;
  /** The folder as it is printed. */
  readonly label: string;
  readonly file: FolderFile;
}

/** Everything that a run judges, already read. */
export interface VerifyInput {
  readonly folders: readonly HostFolder[];
  /** The command of `--command`, for the only folder. */
  readonly command?: { readonly name: string; readonly text: string };
  readonly outputs: readonly ObjectFile[];
  /** Answers of Kibana's API. */
  readonly kibana: readonly NamedText[];
}

/** How it is judged. */
export interface VerifyOptions extends Trust {
  readonly fips: boolean;
  /** Whether the hosts run Elastic Defend. */
  readonly defend?: boolean;
  readonly stackVersion?: StackVersion;
  readonly machine: Machine;
}

/** The hosts of a run and its findings. */
export interface Verified {
  readonly hosts: readonly Host[];
  readonly report: Report;
}

/** Judges host folders, each for itself, and the hosts of each topology against each other. */
export function verifyHosts(input: VerifyInput, options: VerifyOptions): Verified {
  const report = new Report();
  const hosts = input.folders.flatMap((folder) => verifyFolder(folder, input, options, report));
  const shared = input.kibana.flatMap((text) => {
    const { objects, findings } = apiObjects(text);
    report.check(63);
    report.add(text.host, text.file, findings);
    return objects;
  });
  for (const topology of new Set(hosts.map(({ folder }) => folder.topology))) {
    const members = hosts.filter(({ folder }) => folder.topology === topology);
    const objects = [...outputsOf(topology, input, report), ...kibanaObjects(members), ...shared];
    checkTopology(members, objects, report, options);
    checkOutputs(objects, members, report, options);
    checkServices(members, objects, report, options);
    checkDoors(members, objects, report, options);
    if (options.defend === true) {
      checkDefend(members, objects, report, options.stackVersion);
    }
    checkKibana({ objects, hosts: members, report, trust: options, stackVersion: options.stackVersion });
  }
  return { hosts, report };
}

/** A folder is one host for each of its commands and settings files; a folder without any is one host too. */
function verifyFolder(folder: HostFolder, input: VerifyInput, options: VerifyOptions, report: Report): Host[] {
  const scripts =
    input.command === undefined
      ? commandFiles(folder)
          .filter((file) => !isDockerScript(file))
          .map(({ name, bytes }) => ({ name, text: bytes?.toString("utf8") ?? "" }))
      : [input.command];
  const reading = { fips: options.fips, decided: decidedByFiles(folder) };
  const read = scripts.flatMap(({ name, text }) =>
    readHostCommands(name, text, options.stackVersion, reading).map((one) => ({ name, ...one })),
  );
  const settings = settingsFiles(folder).map(readSettingsFile);
  report.check(...(read.length + settings.length > 0 ? [63] : []));
  for (const { name, checked, findings, command } of read) {
    report.check(...checked);
    noteUnknown(`${folder.label}/${name}`, command, report);
    const unread = (fact: number | undefined): number | undefined => (command === undefined ? (fact ?? 63) : fact);
    report.add(
      folder.label,
      name,
      findings.map((one) => ({ ...one, fact: unread(one.fact) })),
    );
  }
  settingsFiles(folder).forEach(({ name }, i) => report.add(folder.label, name, settings[i]!.findings));
  const manifests = readManifests(folder, input.folders, options);
  manifests.findings.forEach(({ file, finding }) => report.add(folder.label, file, [finding]));
  const contained = manifests.hosts.map(({ host, read: command }) => {
    report.check(63, ...(command?.checked ?? []));
    report.add(host.label, undefined, command?.findings ?? []);
    noteUnknown(host.label, command?.command, report);
    checkFiles(host, report, options);
    checkHost(host, report, options, options.stackVersion);
    return host;
  });
  if (contained.length > 0 && read.length + settings.length === 0) {
    noteUnread(folder, [], manifests.files, report);
    checkFiles(new Host(folder), report, options);
    checkModes(new Host(folder), report, options.machine, new Set());
    return contained;
  }
  const hosts = hostsOf(folder, read, settings);
  noteUnread(folder, hosts, new Set([...read.map(({ name }) => name), ...manifests.files]), report);
  const secretFiles = new Set([
    ...read.filter(({ containsSecret }) => containsSecret).map(({ name }) => name),
    ...settings.flatMap(({ file }) =>
      file !== undefined && plainSecrets(file.settings).length > 0 ? [file.name] : [],
    ),
  ]);
  for (const host of hosts) {
    checkFiles(host, report, options);
    checkModes(host, report, options.machine, secretFiles);
    if (host.service === undefined) {
      checkHost(host, report, options, options.stackVersion);
    }
  }
  return [...contained, ...hosts];
}

/** Rules that the files of a folder decide better than its command alone. */
function decidedByFiles({ files }: HostFolder): string[] {
  const hasServer = [...files.values()].some(({ name, bytes }) => /cert|crt/i.test(name) && bytes !== undefined);
  const hasEncrypted = [...files.values()].some(({ bytes }) => bytes?.includes("ENCRYPTED") === true);
  return [...(hasServer ? ["16", "17"] : []), ...(hasEncrypted ? ["fips"] : [])];
}

function hostsOf(
  folder: HostFolder,
  read: readonly (HostCommand & { readonly name: string })[],
  settings: readonly ReturnType<typeof readSettingsFile>[],
): Host[] {
  const byCommand = read.flatMap(({ name, command }) =>
    command === undefined ? [] : [new Host(folder, command, name)],
  );
  const bySettings = settings.flatMap(({ file }) =>
    file === undefined ? [] : [new Host(folder, undefined, undefined, file)],
  );
  const byService = servicesOf(folder).map((service) => new Host(folder, undefined, undefined, undefined, service));
  const hosts = [...byCommand, ...bySettings, ...byService];
  return hosts.length > 0 ? hosts : [new Host(folder)];
}

function outputsOf(topology: string, { outputs }: VerifyInput, report: Report): FleetObject[] {
  return outputs
    .filter((one) => one.topology === topology)
    .flatMap(({ kind, label, file }) => {
      const { file: read, findings } = readSettingsFile(file);
      report.check(63);
      report.add(label, file.name, findings);
      return read === undefined ? [] : [fileObject({ host: label, file: file.name }, kind, read.settings)];
    });
}
