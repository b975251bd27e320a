import { posix } from "node:path";

import { asList, asMap, asText } from "./compose";
import type { Container } from "./container";
import { virtualFile } from "./container";
import type { FolderFile, Volume } from "./host-folder";
import type { Setting } from "./settings";

type Settings = { readonly [name: string]: Setting };

/** Values by their names, of a Secret or a ConfigMap. */
type Values = ReadonlyMap<string, Buffer>;

/** Secrets and ConfigMaps, by kind and name. */
export type Sources = ReadonlyMap<string, Values>;

/** Whether a document is an object of Kubernetes. */
export function isKubernetes(document: Setting): boolean {
  const { apiVersion, kind } = asMap(document);
  return typeof apiVersion === "string" && typeof kind === "string";
}

/** The containers of Kubernetes objects, with the Secrets and ConfigMaps of the same objects mounted. */
export function kubernetesContainers(documents: readonly Setting[]): readonly Container[] {
  const sources = sourcesOf(documents);
  return objectsOf(documents).flatMap((object) => {
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
        volumes: volumesOf(container, pod, sources),
        hasMoreVariables: asList(container["envFrom"]).some((one) => valuesOf(asMap(one), sources) === undefined),
      };
    });
  });
}

function podOf(kind: string, spec: Settings): Settings {
  if (kind === "Pod") {
    return spec;
  }
  const template = kind === "CronJob" ? asMap(asMap(spec["jobTemplate"])["spec"])["template"] : spec["template"];
  return asMap(asMap(template)["spec"]);
}

function objectsOf(documents: readonly Setting[]): readonly Setting[] {
  return documents.flatMap((one) => (asText(asMap(one)["kind"]) === "List" ? asList(asMap(one)["items"]) : [one]));
}

/** The Secrets and ConfigMaps among Kubernetes objects. */
export function sourcesOf(documents: readonly Setting[]): Sources {
  const sources = new Map<string, Values>();
  for (const object of objectsOf(documents)) {
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

function valuesOf({ secretRef, configMapRef }: Settings, sources: Sources): Values | undefined {
  return (
    sources.get(`Secret/${asText(asMap(secretRef)["name"])}`) ??
    sources.get(`ConfigMap/${asText(asMap(configMapRef)["name"])}`)
  );
}

function variablesOf(container: Settings, sources: Sources): Map<string, string | undefined> {
  const variables = new Map<string, string | undefined>();
  for (const item of asList(container["envFrom"])) {
    const prefix = asText(asMap(item)["prefix"]) ?? "";
    valuesOf(asMap(item), sources)?.forEach((value, key) => variables.set(prefix + key, value.toString("utf8")));
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

/** The volumes of a container; a Secret or a ConfigMap that is here has no other files. */
function volumesOf(container: Settings, pod: Settings, sources: Sources): Volume[] {
  const volumes = new Map(asList(pod["volumes"]).map((one) => [asText(asMap(one)["name"]), asMap(one)]));
  return asList(container["volumeMounts"]).map((item) => {
    const { name, mountPath, subPath } = asMap(item);
    const { secret, configMap } = volumes.get(asText(name)) ?? {};
    const { secretName } = asMap(secret);
    const isHere =
      sources.has(`Secret/${asText(secretName)}`) || sources.has(`ConfigMap/${asText(asMap(configMap)["name"])}`);
    return { path: asText(mountPath) ?? "/", isWhole: isHere && subPath === undefined };
  });
}

function filesOf(container: Settings, pod: Settings, sources: Sources): Map<string, FolderFile> {
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
function volumeFiles(volume: Settings, sources: Sources): (readonly [string, Buffer])[] {
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
