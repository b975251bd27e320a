import type { StackVersion } from "../lib/command/stack-version";
import type { Finding } from "../lib/private/x509/finding";
import { warning } from "../lib/private/x509/finding";
import { asMap, asText, composeContainers, isCompose } from "./compose";
import type { Container } from "./container";
import { dottedVariables, environmentText, isElasticImage, runsAgent } from "./container";
import { Host } from "./host";
import type { HostCommand } from "./host-command";
import { readHostCommand } from "./host-command";
import type { HostFolder } from "./host-folder";
import { dockerContainers, isDockerScript } from "./docker-run";
import { helmContainer, isHelm } from "./helm";
import { isKubernetes, kubernetesContainers, sourcesOf } from "./kubernetes";
import type { Setting } from "./settings";
import { readYaml, Settings } from "./settings";

/** A host that a manifest describes. */
export interface ManifestHost {
  readonly host: Host;
  readonly read?: HostCommand;
}

/** What commands are judged for. */
export interface CommandUse {
  readonly stackVersion?: StackVersion;
  readonly fips: boolean;
}

/** The hosts of a folder's manifests, and what is wrong with their text. */
export interface Manifests {
  readonly hosts: readonly ManifestHost[];
  /** The files that were read as manifests. */
  readonly files: ReadonlySet<string>;
  readonly findings: readonly { readonly file: string; readonly finding: Finding }[];
}

/** Settings of hosts and outputs are YAML too, and read elsewhere. */
const OTHER = /^(elasticsearch|kibana)(\.tls)?\.ya?ml$/;

/** Reads `docker run` lines, compose files, Kubernetes objects and Helm values; objects of one folder may refer to each other. */
export function readManifests(
  folder: HostFolder,
  folders: readonly HostFolder[],
  { stackVersion, fips }: CommandUse,
): Manifests {
  const files = new Set<string>();
  const findings: { file: string; finding: Finding }[] = [];
  const containers: { file: string; container: Container }[] = [];
  for (const file of [...folder.files.values()].filter(isDockerScript)) {
    files.add(file.name);
    dockerContainers(file, folder, folders).forEach((container) => containers.push({ file: file.name, container }));
  }
  const values: { file: string; document: Setting }[] = [];
  const objects: { file: string; document: Setting }[] = [];
  for (const { name, bytes } of folder.files.values()) {
    if (!/\.ya?ml$/.test(name) || OTHER.test(name)) {
      continue;
    }
    const { documents, findings: problems } = readYaml(bytes?.toString("utf8") ?? "");
    problems.forEach((finding) => findings.push({ file: name, finding }));
    for (const document of documents) {
      if (isCompose(document)) {
        composeContainers(document, folder, folders).forEach((container) => containers.push({ file: name, container }));
      } else if (isKubernetes(document)) {
        objects.push({ file: name, document });
        // ECK makes the agent's command of its own objects.
        if (/^agent\.k8s\.elastic\.co\//.test(asText(asMap(document)["apiVersion"]) ?? "")) {
          continue;
        }
      } else if (isHelm(document)) {
        values.push({ file: name, document });
      } else {
        continue;
      }
      files.add(name);
    }
  }
  for (const manifest of [...files].map((name) => folder.files.get(name)?.bytes?.toString("utf8") ?? "")) {
    [...folder.files.keys()]
      .filter((name) => name.endsWith(".env") && manifest.includes(name))
      .forEach((name) => files.add(name));
  }
  const sources = sourcesOf(objects.map(({ document }) => document));
  values.forEach(({ file, document }) => containers.push({ file, container: helmContainer(document, sources) }));
  const inCluster = kubernetesContainers(objects.map(({ document }) => document));
  inCluster.forEach((container) => containers.push({ file: objects[0]!.file, container }));
  return {
    files,
    findings,
    hosts: containers.flatMap((one) => hostOf(one.file, one.container, folder, { stackVersion, fips })),
  };
}

function hostOf(
  file: string,
  container: Container,
  folder: HostFolder,
  { stackVersion, fips }: CommandUse,
): ManifestHost[] {
  const virtual: HostFolder = {
    ...folder,
    label: `${folder.label}/${file}:${container.name}`,
    path: "",
    files: container.files,
    // The containers of one folder are one topology, together with what is next to it.
    topology: folder.topology,
    isVirtual: true,
    volumes: container.volumes,
    hasOwnFiles: !isElasticImage(container.image),
  };
  if (runsAgent(container)) {
    const text = environmentText(container);
    if (!/^(FLEET_|ELASTIC_AGENT_CERT)/m.test(text)) {
      const what = `${container.name} runs elastic-agent without FLEET_ENROLL and FLEET_SERVER_ENABLE, so it never enrolls`;
      const finding = warning(26, what, "set FLEET_ENROLL=1 and FLEET_URL, unless it is to run standalone");
      return [{ host: new Host(virtual), read: { checked: [26], findings: [finding], containsSecret: false } }];
    }
    const read = readHostCommand("container.env", text, stackVersion, { fips });
    return [{ host: new Host(virtual, read.command, "container.env"), read }];
  }
  const dotted = dottedVariables(container);
  const settings = new Settings(dotted);
  return settings.has("xpack.security.http.ssl")
    ? [{ host: new Host(virtual, undefined, undefined, { name: "elasticsearch.yml", settings }) }]
    : [];
}
