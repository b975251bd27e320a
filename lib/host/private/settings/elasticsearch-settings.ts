import type { Precondition } from "cdktf";
import { Fn } from "cdktf";
import type { Construct } from "constructs";

import type { CertificateSource } from "../../../certificate/certificate-source";
import type { ClientAuthentication } from "../../../command/client-authentication";
import type { TargetPlatform } from "../../../command/target-platform";
import type { Problems } from "../../../private/problems";
import { quoted } from "../../../private/problems";
import { expression, isKnown, literalArgument } from "../../../private/terraform/text";
import type { HostReload } from "../../fleet-host";
import { yamlDocument } from "./yaml";

/** Elasticsearch's configuration directory on a host. */
export interface ConfigurationDirectory {
  readonly configurationDirectory: string;
  readonly platform: TargetPlatform;
}

/** Paths on the host that the settings name. */
export interface ElasticsearchSettings extends ConfigurationDirectory {
  readonly certificatePath?: string;
  readonly keyPath?: string;
  readonly clientCaPath?: string;
  readonly clientAuthentication: ClientAuthentication;
}

/** Name of the file with the settings. */
export const SETTINGS_FILE = "elasticsearch.tls.yml";

/** How Elasticsearch applies changed files. */
export const RELOAD: HostReload = {
  isAutomatic: true,
  instruction: "Elasticsearch loads the file within five seconds; it needs no restart.",
};

const PREFIX = "xpack.security.http.ssl";

/**
 * The settings of Elasticsearch's HTTP layer, as flat keys: they go with any others in `elasticsearch.yml`,
 * where a second `xpack:` would be a duplicate key. Transport has settings of its own, which are none of ours.
 */
export function elasticsearchSettings(settings: ElasticsearchSettings): string {
  const path = (absolute: string | undefined): string | undefined =>
    absolute === undefined ? undefined : relativePath(absolute, settings);
  const { certificatePath, keyPath, clientCaPath } = settings;
  return yamlDocument({
    // Where certificate and key are somebody else's, so is whether there is TLS at all.
    [`${PREFIX}.enabled`]: certificatePath === undefined ? undefined : true,
    [`${PREFIX}.certificate`]: path(certificatePath),
    [`${PREFIX}.key`]: path(keyPath),
    [`${PREFIX}.certificate_authorities`]: clientCaPath === undefined ? undefined : [path(clientCaPath) as string],
    [`${PREFIX}.client_authentication`]: settings.clientAuthentication.mode,
  });
}

/** Refuses a path that Elasticsearch would not be allowed to read. */
function checkBelowConfiguration(
  problems: Problems,
  prop: string,
  path: string,
  { configurationDirectory, platform }: ConfigurationDirectory,
): void {
  if (!isKnown(path) || !isKnown(configurationDirectory) || isBelow(path, configurationDirectory, platform)) {
    return;
  }
  problems.add(prop, {
    // elastic/elasticsearch, security-settings: "must be a location within the Elasticsearch configuration directory".
    what: "is outside Elasticsearch's configuration directory, which Elasticsearch reads nothing outside of",
    got: quoted(path),
    allowed: `paths below ${configurationDirectory}`,
    fix: "move it there, or name the host's ES_PATH_CONF as configurationDirectory",
  });
}

/** Preconditions for paths that only Terraform knows in part. */
export function belowConfigurationPreconditions(
  host: Construct,
  paths: string[],
  { configurationDirectory, platform }: ConfigurationDirectory,
): Precondition[] {
  return paths
    .filter((path) => !isKnown(path) || !isKnown(configurationDirectory))
    .map((path) => ({
      condition: Fn.startswith(expression(path), parentPrefix(configurationDirectory, platform)),
      errorMessage: `${host.node.path}: a file is outside Elasticsearch's configuration directory, which it reads nothing outside of; move it there, or name the host's ES_PATH_CONF as configurationDirectory`,
    }));
}

/** Elasticsearch resolves paths against its configuration directory (SslConfigurationLoader, PemKeyConfig: basePath). */
function relativePath(path: string, { configurationDirectory, platform }: ConfigurationDirectory): string {
  if (!isKnown(path) || !isKnown(configurationDirectory)) {
    const below = Fn.trimprefix(expression(path), parentPrefix(configurationDirectory, platform));
    return platform.isWindows ? Fn.replace(below, "\\\\", "/") : below;
  }
  const below = path.slice(withoutEnd(configurationDirectory).length + 1);
  return platform.isWindows ? below.replace(/\\/g, "/") : below;
}

function isBelow(path: string, directory: string, platform: TargetPlatform): boolean {
  const folded = (text: string): string => (platform.isWindows ? text.replace(/\\/g, "/").toLowerCase() : text);
  const parts = folded(path).split("/");
  return folded(path).startsWith(`${withoutEnd(folded(directory))}/`) && !parts.includes("..");
}

function parentPrefix(directory: string, platform: TargetPlatform): string {
  return isKnown(directory)
    ? literalArgument(`${withoutEnd(directory)}${platform.pathSeparator}`)
    : Fn.join("", [
        Fn.trimsuffix(expression(directory), literalArgument(platform.pathSeparator)),
        literalArgument(platform.pathSeparator),
      ]);
}

function withoutEnd(directory: string): string {
  return directory.replace(/[\\/]+$/, "");
}

export function defaultConfigurationDirectory(platform: TargetPlatform): string {
  return platform.isWindows ? "C:\\ProgramData\\Elastic\\Elasticsearch\\config" : "/etc/elasticsearch";
}

/** The paths that the settings will name, checked as far as they are known. */
export function checkConfigurationPaths(
  problems: Problems,
  certificate: CertificateSource | undefined,
  hostDirectory: string,
  configuration: ConfigurationDirectory,
): string[] {
  // One that is not absolute is refused as such already.
  if (!isKnown(hostDirectory) || configuration.platform.isAbsolute(hostDirectory)) {
    checkBelowConfiguration(problems, "hostDirectory", hostDirectory, configuration);
  }
  const onHost = certificate?._onHost;
  const pair = onHost ? [onHost.certificatePath, onHost.privateKeyPath] : [];
  for (const path of pair) {
    checkBelowConfiguration(problems, "certificate", path, configuration);
  }
  return [hostDirectory, ...pair];
}
