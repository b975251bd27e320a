import { posix } from "node:path";

import { asList, asMap, asText } from "./compose";
import type { Container } from "./container";
import { virtualFile } from "./container";
import type { FolderFile } from "./host-folder";
import type { Setting } from "./settings";

type Settings = { readonly [name: string]: Setting };

/** Values by their names, of a Secret or a ConfigMap. */
type Values = ReadonlyMap<string, Buffer>;

/** Whether a document is an object of Kubernetes. */
export function isKubernetes(document: Setting): boolean {
  const { apiVersion, kind } = asMap(document);
  return typeof apiVersion === "string" && typeof kind === "string";
}

/** The containers of Kubernetes objects, with the Secrets and ConfigMaps of the same objects mounted. */
export function kubernetesContainers(documents: readonly Setting[]): readonly Container[] {
  const objects = documents.flatMap((one) =>
    asText(asMap(one)["kind"]) === "List" ? asList(asMap(one)["items"]) : [one],
  );
  const sources = sourcesOf(objects);
  return objects.flatMap((object) => {
    const { kind, metadata, spec } = asMap(object);
    const pod = podOf(asText(kind) ?? "", asMap(spec));
    const owner = asText(asMap(metadata)["name"]) ?? "";
    return asList(pod["containers"]).map((item) => {
      const container = asMap(item);
      return {
        name: `${owner}/${asText(container["name"]) ?? ""}`,
        image: asText(container["image"]) ?? "",
        variables: variablesOf(container, sources),
        files: filesOf(container, pod, sources),
      };
    });
  });
}

/** The container that the values of the elastic-agent Helm chart describe; undefined for other values. */
export function helmContainer(document: Setting): Container | undefined {
  const agent = asMap(asMap(document)["agent"]);
  const fleet = asMap(agent["fleet"]);
  if (asText(fleet["enabled"]) !== "true") {
    return undefined;
  }
  const files = new Map<string, FolderFile>();
  const variables = new Map<string, string | undefined>([["FLEET_ENROLL", "1"]]);
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== "") variables.set(name, value);
  };
  set("FLEET_URL", asText(fleet["url"]));
  set("FLEET_ENROLLMENT_TOKEN", asText(fleet["token"]));
  set("FLEET_INSECURE", asText(fleet["insecure"]));
  for (const [name, value] of [
    ["FLEET_CA", "ca"],
    ["ELASTIC_AGENT_CERT", "agentCert"],
    ["ELASTIC_AGENT_CERT_KEY", "agentCertKey"],
  ] as const) {
    const { value: pem, valueFrom } = asMap(fleet[value]);
    const path = `/etc/elastic-agent/${value}.pem`;
    if (asText(pem) !== undefined && asText(pem) !== "") {
      variables.set(name, path);
      files.set(path, virtualFile(path, Buffer.from(asText(pem)!)));
    } else if (asText(asMap(valueFrom)["name"]) !== undefined && asText(asMap(valueFrom)["name"]) !== "") {
      variables.set(name, path);
    }
  }
  return { name: "agent", image: "elastic-agent", variables, files };
}

function podOf(kind: string, spec: Settings): Settings {
  if (kind === "Pod") {
    return spec;
  }
  const template = kind === "CronJob" ? asMap(asMap(spec["jobTemplate"])["spec"])["template"] : spec["template"];
  return asMap(asMap(template)["spec"]);
}

function sourcesOf(objects: readonly Setting[]): ReadonlyMap<string, Values> {
  const sources = new Map<string, Values>();
  for (const object of objects) {
    const { kind, metadata, data, stringData, binaryData } = asMap(object);
    if (kind === "Secret" || kind === "ConfigMap") {
      const texts = kind === "Secret" ? stringData : data;
      const encoded = kind === "Secret" ? data : binaryData;
      const values = new Map<string, Buffer>();
      Object.entries(asMap(encoded)).forEach(([key, one]) => values.set(key, Buffer.from(asText(one) ?? "", "base64")));
      Object.entries(asMap(texts)).forEach(([key, one]) => values.set(key, Buffer.from(asText(one) ?? "")));
      sources.set(`${kind}/${asText(asMap(metadata)["name"]) ?? ""}`, values);
    }
  }
  return sources;
}

function variablesOf(container: Settings, sources: ReadonlyMap<string, Values>): Map<string, string | undefined> {
  const variables = new Map<string, string | undefined>();
  for (const item of asList(container["envFrom"])) {
    const { prefix, secretRef, configMapRef } = asMap(item);
    const values =
      sources.get(`Secret/${asText(asMap(secretRef)["name"])}`) ??
      sources.get(`ConfigMap/${asText(asMap(configMapRef)["name"])}`);
    values?.forEach((value, key) => variables.set(`${asText(prefix) ?? ""}${key}`, value.toString("utf8")));
  }
  for (const item of asList(container["env"])) {
    const { name, value, valueFrom } = asMap(item);
    const { secretKeyRef, configMapKeyRef } = asMap(valueFrom);
    const from = asMap(secretKeyRef ?? configMapKeyRef);
    const source = `${secretKeyRef === undefined ? "ConfigMap" : "Secret"}/${asText(from["name"])}`;
    const referred = sources
      .get(source)
      ?.get(asText(from["key"]) ?? "")
      ?.toString("utf8");
    // `$(NAME)` refers to another variable, whose value only the cluster may know.
    const text = asText(value);
    variables.set(
      asText(name) ?? "",
      valueFrom === undefined ? (text?.includes("$(") ? undefined : (text ?? "")) : referred,
    );
  }
  return variables;
}

function filesOf(container: Settings, pod: Settings, sources: ReadonlyMap<string, Values>): Map<string, FolderFile> {
  const files = new Map<string, FolderFile>();
  const volumes = new Map(asList(pod["volumes"]).map((one) => [asText(asMap(one)["name"]), asMap(one)]));
  for (const item of asList(container["volumeMounts"])) {
    const { name, mountPath, subPath } = asMap(item);
    const at = asText(mountPath) ?? "/";
    for (const [file, bytes] of volumeFiles(volumes.get(asText(name)) ?? {}, sources)) {
      const sub = asText(subPath);
      if (sub === undefined || sub === file) {
        const path = sub === undefined ? posix.join(at, file) : at;
        files.set(path, virtualFile(path, bytes));
      }
    }
  }
  return files;
}

/** The files of a volume: of a Secret, a ConfigMap, or a projection of several. */
function volumeFiles(volume: Settings, sources: ReadonlyMap<string, Values>): (readonly [string, Buffer])[] {
  const of = (kind: string, name: string | undefined, items: readonly Setting[]): (readonly [string, Buffer])[] => {
    const values = sources.get(`${kind}/${name}`);
    if (values === undefined) {
      return [];
    }
    return items.length === 0
      ? [...values]
      : items.flatMap((one) => {
          const bytes = values.get(asText(asMap(one)["key"]) ?? "");
          return bytes === undefined ? [] : [[asText(asMap(one)["path"]) ?? "", bytes] as const];
        });
  };
  const parts = [volume, ...asList(asMap(volume["projected"])["sources"]).map(asMap)];
  return parts.flatMap((part) => {
    const fromSecret = asMap(part["secret"]);
    const fromMap = asMap(part["configMap"]);
    const secretName = asText(fromSecret["secretName"]) ?? asText(fromSecret["name"]);
    return [
      ...of("Secret", secretName, asList(fromSecret["items"])),
      ...of("ConfigMap", asText(fromMap["name"]), asList(fromMap["items"])),
    ];
  });
}
