import type { YAMLError } from "yaml";
import { parseAllDocuments } from "yaml";

import type { Finding } from "../lib/private/x509/checks";
import { error } from "../lib/private/x509/finding";
import type { Shape } from "./setting-shapes";
import { checkShapes } from "./setting-shapes";
import type { FolderFile, HostFolder } from "./host-folder";

/** A value of a settings file; every scalar is text, as a fingerprint of digits alone is no number. */
export type Setting = string | readonly Setting[] | { readonly [name: string]: Setting };

/** Settings by their dotted names, however they are nested: `ssl.key` and `ssl: {key: …}` are the same. */
export class Settings {
  private readonly values = new Map<string, Setting>();

  constructor(setting: Setting) {
    this.flatten("", setting);
  }

  /** Whether any setting has a name that begins so. */
  public has(prefix: string): boolean {
    return [...this.values].some(([name, value]) => name.startsWith(prefix) && !isEmpty(value));
  }

  /** Whether a setting is a map without entries, which counts as set. */
  public isEmptyMap(name: string): boolean {
    const value = this.values.get(name);
    return typeof value === "object" && !Array.isArray(value);
  }

  /** The dotted names of the settings, and of the maps that they are in. */
  public get names(): readonly string[] {
    const parts = [...this.values.keys()].map((name) => name.split("."));
    return [...new Set(parts.flatMap((words) => words.map((_, i) => words.slice(0, i + 1).join("."))))];
  }

  /** Every setting that is text, by its dotted name. */
  public get entries(): readonly (readonly [string, string])[] {
    return [...this.values].flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : []));
  }

  /** What a setting is; undefined if it is not set or empty. */
  public shape(name: string): Shape | undefined {
    const value = this.values.get(name);
    if (value === undefined || isEmpty(value)) {
      return this.has(`${name}.`) ? "a map" : undefined;
    }
    if (Array.isArray(value)) {
      return value.every((item: Setting) => typeof item === "object" && !Array.isArray(item))
        ? "a list of maps"
        : "a list";
    }
    return typeof value === "string" ? "a text" : "a map";
  }

  /** A setting that is text. */
  public text(name: string): string | undefined {
    const value = this.values.get(name);
    return typeof value === "string" && !isEmpty(value) ? value : undefined;
  }

  /** A setting that is a list of texts; Elastic's programs read a single text as a list of one. */
  public texts(name: string): readonly string[] | undefined {
    const value = this.values.get(name);
    if (typeof value === "string") {
      return isEmpty(value) ? undefined : [value];
    }
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : undefined;
  }

  /** A setting that is a list of maps. */
  public maps(name: string): readonly Settings[] {
    const value = this.values.get(name);
    return Array.isArray(value) ? value.map((item: Setting) => new Settings(item)) : [];
  }

  private flatten(path: string, setting: Setting): void {
    if (typeof setting === "string" || Array.isArray(setting) || (path !== "" && Object.keys(setting).length === 0)) {
      this.values.set(path, setting);
      return;
    }
    for (const [name, value] of Object.entries(setting)) {
      this.flatten(path === "" ? name : `${path}.${name}`, value);
    }
  }
}

/** A settings file, read. */
export interface SettingsFile {
  readonly name: string;
  readonly settings: Settings;
}

const HOST_SETTINGS = /^(elasticsearch|kibana)(\.tls)?\.ya?ml$/;

/** The files in a host's folder that contain the settings of Elasticsearch or Kibana. */
export function settingsFiles({ files }: HostFolder): readonly FolderFile[] {
  return [...files.values()].filter(({ name, bytes }) => HOST_SETTINGS.test(name) && bytes !== undefined);
}

/** The documents of a YAML text, every scalar as its text. Never throws; a text that is not YAML is a finding. */
export function readYaml(text: string): { readonly documents: readonly Setting[]; readonly findings: Finding[] } {
  try {
    // Merge keys (`<<`) are what docker-compose files share their settings by.
    const parsed = parseAllDocuments(text, { schema: "failsafe", merge: true, logLevel: "silent" });
    const documents = Array.isArray(parsed) ? parsed : [];
    const cause = documents.flatMap(({ errors }) => errors)[0];
    return cause === undefined
      ? {
          documents: documents
            .filter(({ contents }) => contents !== null)
            .map((document) => settingOf(document.toJS({ maxAliasCount: 1000 }))),
          findings: [],
        }
      : { documents: [], findings: [notYaml(cause)] };
  } catch {
    // The library throws for aliases without an anchor or without end, and for merges of something else than maps.
    return { documents: [], findings: [notYaml(undefined)] };
  }
}

/** Reads one settings file. Never throws. */
export function readSettingsFile({ name, bytes }: Pick<FolderFile, "name" | "bytes">): {
  readonly file?: SettingsFile;
  readonly findings: readonly Finding[];
} {
  const { documents, findings } = readYaml(bytes?.toString("utf8") ?? "");
  const [first, ...more] = documents;
  if (more.length > 0) {
    const fix = "keep the first document, which is the one that is read";
    findings.push(error(63, `has ${documents.length} YAML documents`, fix));
  }
  if (findings.length > 0) {
    return { findings };
  }
  if (first !== undefined && (typeof first !== "object" || Array.isArray(first)) && !isEmpty(first)) {
    return { findings: [error(63, "is YAML without a single setting", "write NAME: VALUE, one a line")] };
  }
  const settings = new Settings(typeof first === "object" ? first : {});
  return { file: { name, settings }, findings: checkShapes(settings) };
}

const KEY = /(^|[._])key$/i;
const SECRET =
  /(^|\.)(password|(key_)?passphrase|keyPassphrase|service_token|serviceAccountToken|kibana_api_key|api_key)$/;

/** The names of settings whose value is a secret itself, and no path or reference to one. */
export function plainSecrets(settings: Settings): readonly string[] {
  return settings.entries
    .filter(([name, value]) =>
      KEY.test(name)
        ? value.includes("PRIVATE KEY")
        : SECRET.test(name) && value !== "" && !/^([/\\]|[A-Za-z]:[\\/]|\$\{)/.test(value),
    )
    .map(([name]) => name);
}

function notYaml(cause: YAMLError | undefined): Finding {
  const line = cause?.linePos?.[0].line;
  const where = line === undefined ? "" : `line ${line}: `;
  // The library's message may quote the text, and the text may be a secret.
  const why = cause === undefined ? "an alias that cannot be resolved" : cause.code.toLowerCase().replaceAll("_", " ");
  return error(63, `is not YAML: ${where}${why}`, "correct the line; quote values that contain ': ' or ' #'");
}

function settingOf(value: unknown): Setting {
  if (Array.isArray(value)) {
    return value.map(settingOf);
  }
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, one]) => [String(key), settingOf(one)]));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, settingOf(one)]));
  }
  return value === null || value === undefined ? "" : String(value);
}

/** YAML's ways to write nothing. */
function isEmpty(value: Setting): boolean {
  return value === "" || value === "~" || value === "null";
}

/** The settings of a value that came as JSON. */
export function settingsOfJson(value: unknown): Settings {
  const setting = settingOf(value);
  return new Settings(typeof setting === "object" ? setting : {});
}
