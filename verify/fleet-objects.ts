import type { Finding } from "../lib/private/x509/finding";
import { error } from "../lib/private/x509/finding";
import type { Host } from "./host";
import type { Place, Report } from "./report";
import type { Setting } from "./settings";
import { readYaml, Settings, settingsOfJson } from "./settings";

/** One object of Fleet's, as kibana.yml, Kibana's API, `outputs/*.yml` or `download-sources/*.json` has it. */
export interface FleetObject extends Place {
  readonly kind: "output" | "fleet server host" | "proxy" | "agent policy" | "download source";
  /** Its id, else its name; undefined for a file that contains an output's `ssl` alone. */
  readonly id?: string;
  readonly settings: Settings;
  /** Whether every reader of Fleet sees it, as in the API, and not only who may read kibana.yml. */
  readonly isShared: boolean;
}

/** A text with the name under which it is reported. */
export interface NamedText {
  readonly host: string;
  readonly file: string;
  readonly text: string;
}

const KIBANA_LISTS = {
  "xpack.fleet.outputs": "output",
  "xpack.fleet.fleetServerHosts": "fleet server host",
  "xpack.fleet.proxies": "proxy",
  "xpack.fleet.agentPolicies": "agent policy",
  "xpack.fleet.binaryDownloadSource": "download source",
} as const;

/** The objects that `kibana.yml` declares. */
export function kibanaObjects(hosts: readonly Host[]): FleetObject[] {
  return hosts.flatMap((host) => {
    const { kind, settings, label, settingsFile } = host;
    return kind !== "kibana" || settings === undefined
      ? []
      : [
          ...legacyObjects(host, settings),
          ...Object.entries(KIBANA_LISTS).flatMap(([list, object]) =>
            settings.maps(list).map((one) => ({
              host: label,
              file: settingsFile,
              kind: object,
              id: one.text("id") ?? one.text("name"),
              settings: one,
              isShared: false,
            })),
          ),
        ];
  });
}

/** The settings of before 8.2, which Kibana still reads for its default Fleet Server host and output. */
function legacyObjects({ label, settingsFile }: Host, settings: Settings): FleetObject[] {
  const prefix = "xpack.fleet.agents";
  const urls = settings.texts(`${prefix}.fleet_server.hosts`);
  const hosts = settings.texts(`${prefix}.elasticsearch.hosts`) ?? settings.texts(`${prefix}.elasticsearch.host`);
  const fingerprint = settings.text(`${prefix}.elasticsearch.ca_trusted_fingerprint`);
  const place = { host: label, file: settingsFile, isShared: false };
  return [
    ...(urls === undefined
      ? []
      : [
          {
            ...place,
            kind: "fleet server host" as const,
            id: "fleet_server.hosts",
            settings: new Settings({ host_urls: urls }),
          },
        ]),
    ...(hosts === undefined
      ? []
      : [
          {
            ...place,
            kind: "output" as const,
            id: "elasticsearch.hosts",
            settings: new Settings({ type: "elasticsearch", hosts, ca_trusted_fingerprint: fingerprint ?? "" }),
          },
        ]),
  ];
}

/** The objects in answers of Kibana's API, each `{"items": […]}` or its list; the kind is seen from their fields. */
export function apiObjects({ host, file, text }: NamedText): { objects: FleetObject[]; findings: Finding[] } {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    const fix = "save the answer of GET /api/fleet/outputs and the like as it is";
    return { objects: [], findings: [error(63, "is not JSON", fix)] };
  }
  const objects = itemsOf(answer).flatMap((item): FleetObject[] => {
    const { settings, kind } = classified(item);
    const id = settings.text("id") ?? settings.text("name");
    return kind === undefined ? [] : [{ host, file, kind, id, settings, isShared: true }];
  });
  const fix =
    "save the answer of GET /api/fleet/outputs, fleet_server_hosts, proxies, agent_policies or agent_download_sources";
  return { objects, findings: objects.length === 0 ? [error(63, "contains no object of Fleet's API", fix)] : [] };
}

/** An `outputs/*.yml`, the text for Kibana's *Advanced YAML configuration*, or a `download-sources/*.json`. */
export function fileObject(place: Place, kind: "output" | "download source", settings: Settings): FleetObject {
  return { ...place, kind, id: settings.text("id"), settings, isShared: false };
}

/** `items` of one answer, or of several in one file; `item` of an answer to one id. */
function itemsOf(answer: unknown): unknown[] {
  if (Array.isArray(answer)) {
    return answer.flatMap((one) => (isRecord(one) && ("items" in one || "item" in one) ? itemsOf(one) : [one]));
  }
  if (!isRecord(answer)) {
    return [];
  }
  if (Array.isArray(answer["items"])) {
    return answer["items"];
  }
  if (isRecord(answer["item"])) {
    return [answer["item"]];
  }
  if (isDownloadSource(answer)) {
    return [answer];
  }
  return Object.values(answer).flatMap((one) => (isRecord(one) || Array.isArray(one) ? itemsOf(one) : []));
}

function classified(item: unknown): { settings: Settings; kind: FleetObject["kind"] | undefined } {
  const record = isRecord(item) ? item : {};
  const settings = settingsOfJson(withConfig(record));
  if ("host_urls" in record) {
    return { settings, kind: "fleet server host" };
  }
  if ("hosts" in record && "type" in record) {
    return { settings, kind: "output" };
  }
  if (isDownloadSource(record)) {
    return { settings, kind: "download source" };
  }
  if ("namespace" in record || "monitoring_enabled" in record || "fleet_server_host_id" in record) {
    return { settings, kind: "agent policy" };
  }
  return { settings, kind: typeof record["url"] === "string" ? "proxy" : undefined };
}

function isDownloadSource(record: Record<string, unknown>): boolean {
  return typeof record["host"] === "string" && typeof record["name"] === "string";
}

/** The API has an output's advanced settings as a text, kibana.yml as settings. */
function withConfig(record: Record<string, unknown>): Record<string, unknown> {
  const text = record["config_yaml"];
  const [config] = typeof text === "string" ? readYaml(text).documents : [];
  return config === undefined ? record : { ...record, config: config satisfies Setting };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The `ssl` settings that agents get for an output: Kibana writes its own over the advanced ones as a whole. */
export function outputSsl({ settings }: FleetObject): { readonly prefix: string; readonly isOwn: boolean } {
  const own = settings.has("hosts") || settings.has("type");
  if (!own) {
    return { prefix: "ssl", isOwn: false };
  }
  return settings.has("ssl.") || settings.isEmptyMap("ssl")
    ? { prefix: "ssl", isOwn: true }
    : { prefix: "config.ssl", isOwn: false };
}

/** Adds findings of one object, with its id. */
export function adder({ host, file, kind, id }: FleetObject, report: Report): (...findings: Finding[]) => void {
  const subject = id === undefined ? "" : `${kind === "fleet server host" ? "Fleet Server host" : kind} ${id} `;
  return (...findings) =>
    report.add(
      host,
      file,
      findings.map((one) => ({ ...one, what: `${subject}${one.what}` })),
    );
}
