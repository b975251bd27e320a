import { warning } from "../lib/private/x509/finding";
import type { Finding } from "../lib/private/x509/checks";
import type { FolderFile, HostFolder } from "./host-folder";
import type { Setting } from "./settings-text";
import { readSettings, SettingsError } from "./settings-text";

/** Settings by their dotted names, however they are nested: `ssl.key` and `ssl: {key: …}` are one. */
export class Settings {
  private readonly values = new Map<string, Setting>();

  constructor(setting: Setting) {
    this.flatten("", setting);
  }

  /** Whether any setting has a name that begins so. */
  public has(prefix: string): boolean {
    return [...this.values.keys()].some((name) => name.startsWith(prefix));
  }

  /** A setting that is text. */
  public text(name: string): string | undefined {
    const value = this.values.get(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  /** A setting that is a list of texts; one text alone is a list of it, as in Elastic's own programs. */
  public texts(name: string): readonly string[] | undefined {
    const value = this.values.get(name);
    if (typeof value === "string") {
      return value === "" ? undefined : [value];
    }
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : undefined;
  }

  /** A setting that is a list of maps. */
  public maps(name: string): readonly Settings[] {
    const value = this.values.get(name);
    return Array.isArray(value) ? value.map((item: Setting) => new Settings(item)) : [];
  }

  private flatten(path: string, setting: Setting): void {
    if (typeof setting === "string" || Array.isArray(setting)) {
      this.values.set(path, setting);
      return;
    }
    for (const [name, value] of Object.entries(setting)) {
      this.flatten(path === "" ? name : `${path}.${name}`, value);
    }
  }
}

/** A file of settings, read. */
export interface SettingsFile {
  readonly name: string;
  readonly settings: Settings;
}

/** As the constructs name them, and as they lie on a host. */
const HOST_SETTINGS = /^(elasticsearch|kibana)(\.tls)?\.ya?ml$/;

/** The file in a host's folder that holds the settings of Elasticsearch or Kibana. */
export function hostSettings({ files }: HostFolder): FolderFile | undefined {
  return [...files.values()].find(({ name, bytes }) => HOST_SETTINGS.test(name) && bytes !== undefined);
}

/** Reads one file of settings, and says what is wrong with its text. Never throws. */
export function readSettingsFile({ name, bytes }: FolderFile): { file?: SettingsFile; findings: Finding[] } {
  try {
    return { file: { name, settings: new Settings(readSettings(bytes?.toString("utf8") ?? "")) }, findings: [] };
  } catch (fault) {
    if (!(fault instanceof SettingsError)) {
      throw fault;
    }
    const what = `is not checked: ${fault.message}`;
    return { findings: [warning(undefined, what, "write plain YAML: maps, lists, quoted text and | blocks")] };
  }
}
