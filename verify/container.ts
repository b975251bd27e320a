import type { FolderFile, Volume } from "./host-folder";

/** A container of a manifest: its variables, and the files that are mounted into it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  /** Undefined for a variable whose value comes from elsewhere. */
  readonly variables: ReadonlyMap<string, string | undefined>;
  /** Whether it has variables of a source that is not here. */
  readonly hasMoreVariables?: boolean;
  /** By their paths in the container. */
  readonly files: ReadonlyMap<string, FolderFile>;
  /** Its volumes, if all of them are known. */
  readonly volumes?: readonly Volume[];
}

/** Whether an image has no files but its own and those of its volumes. */
export function isElasticImage(image: string): boolean {
  return /^docker\.elastic\.co\/[\w/-]+(:|@|$)/.test(image);
}

/** Whether a container runs the agent, and not Elasticsearch or Kibana. */
export function runsAgent({ image, variables }: Container): boolean {
  const isOther = /(elasticsearch|kibana|logstash)(:|@|$)/.test(image);
  return !isOther && (/elastic-agent/.test(image) || [...variables.keys()].some((name) => name.startsWith("FLEET_")));
}

/** Variables that may come from a source that is not here. */
const EXPECTED = ["FLEET_ENROLL", "FLEET_URL", "FLEET_CA", "FLEET_ENROLLMENT_TOKEN"];

/** A container's variables as the text of an env file, which is what lib/command reads. */
export function environmentText({ variables, hasMoreVariables }: Container): string {
  const outside = hasMoreVariables === true ? EXPECTED.filter((name) => !variables.has(name)) : [];
  return [...variables, ...outside.map((name) => [name, undefined] as const)]
    .map(([name, value]) => (value === undefined ? name : `${name}=${value.replace(/[\r\n]+/g, " ")}`))
    .join("\n");
}

/** The settings among the variables of an Elasticsearch container, whose names are dotted. */
export function dottedVariables({ variables }: Container): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...variables].flatMap(([name, value]) => (name.includes(".") && value !== undefined ? [[name, value]] : [])),
  );
}

/** A file that exists in a manifest only; its owner and its mode are the cluster's. */
export function virtualFile(name: string, bytes: Buffer): FolderFile {
  return { name, bytes, mode: 0o600, uid: 0, gid: 0, isLink: false };
}
