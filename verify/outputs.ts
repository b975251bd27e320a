import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import type { Host } from "./host";
import { readFolderFile } from "./host-folder";
import type { Report } from "./report";
import type { Settings } from "./settings";
import { readSettingsFile } from "./settings";

/** One output of Fleet's, as its YAML or Kibana's settings have it. */
export interface Output {
  /** The folder and the file that it is in. */
  readonly place: string;
  readonly file: string;
  /** Put before what is said of one output of several. */
  readonly name?: string;
  readonly settings: Settings;
  /** What stands before `ssl` in the names of its settings. */
  readonly prefix: string;
}

/** Every output of a topology; what cannot be read of them is reported. */
export function outputsOf(hosts: readonly Host[], report: Report, directories: readonly string[]): Output[] {
  return [...outputFiles(hosts, report, directories), ...kibanaOutputs(hosts)];
}

/** `outputs/*.yml` beside the hosts' folders: what goes into Kibana's *Advanced YAML configuration*. */
function outputFiles(hosts: readonly Host[], report: Report, directories: readonly string[]): Output[] {
  const place = join(hosts[0]!.folder.topology, "outputs");
  const isGiven = directories.some((one) => !/^\.\.([/\\]|$)/.test(relative(resolve(one), place)));
  return (isGiven ? yamlFiles(place) : []).flatMap((file) => {
    const label = relativeLabel(place);
    const { file: read, findings } = readSettingsFile(readFolderFile(join(place, file)));
    report.add(label, file, findings);
    return read === undefined ? [] : [{ place: label, file, settings: read.settings, prefix: "ssl" }];
  });
}

function yamlFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

/** What `kibana.yml` declares, under `config` as this package writes it, or under `ssl`. */
function kibanaOutputs(hosts: readonly Host[]): Output[] {
  return hosts.flatMap(({ kind, settings, label, settingsFile: file }) => {
    const outputs = kind === "kibana" ? (settings?.maps("xpack.fleet.outputs") ?? []) : [];
    return outputs
      .filter((output) => (output.text("type") ?? "elasticsearch").endsWith("elasticsearch"))
      .map((output) => ({
        place: label,
        file: file!,
        name: output.text("id") ?? output.text("name"),
        settings: output,
        prefix: output.has("config.ssl") ? "config.ssl" : "ssl",
      }));
  });
}

function relativeLabel(folder: string): string {
  return relative(".", folder).startsWith("..") ? folder : relative(".", folder);
}
