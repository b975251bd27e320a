import type { TerraformResource } from "cdktf";
import { Fn, Lazy, TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

import type { Certificate } from "../certificate/certificate";
import { CertificateUsage } from "../certificate/certificate-usage";
import { AgentPolicy } from "./agent-policy";
import { requiresClientCertificates } from "./output-settings";
import type { HostReload, HostSettings } from "./fleet-host";
import type { FleetOutput } from "./fleet-output";
import { FleetProxy } from "./fleet-proxy";
import { OutputType } from "./output-type";
import type { IFleetTls } from "./ifleet-tls";
import type { HostFiles } from "./host-files";
import { HostBase } from "./host-base";
import { HostKind } from "./host-kind";
import type { KibanaProps } from "./kibana-options";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import { checkClientProps } from "./private/client-props";
import { checkPublicElasticsearch } from "./public-elasticsearch";
import { Problems, InputError } from "../private/problems";
import { hostDirectoryPreconditions } from "./private/directory";
import { defaultOutputOf, outputsOf } from "./fleet-outputs";
import { checkRoots } from "./private/root";
import { createHostFiles, resolveHostOptions } from "./private/setup";
import type { Pair } from "./private/pair";
import { checkPlainKey, createPair } from "./private/pair";
import { renewalOf } from "../certificate/renewal-of";
import { connectionSettings, fleetSettings, serverSettings } from "./private/settings/kibana-settings";
import { downloadSourceSettings, policySettings } from "./private/settings/policy-settings";
import { yamlDocument } from "./private/settings/yaml";
import { urlPreconditions } from "../private/urls";
import { DECLARED_DOWNLOAD_SOURCES, hasFeature, hasFleetProxies } from "../command/data/stack-features";
import type { StackVersion } from "../command/stack-version";
import type { TargetPlatform } from "../command/target-platform";
import { authorityRecord } from "../authority/records";
import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import { createKibanaServer } from "./private/kibana-server";
import { checkProps, pathOf } from "../private/check-props";

/** Name of the file with its settings. */
export const KIBANA_SETTINGS_FILE = "kibana.tls.yml";

const SETTINGS_HINT =
  "Add them to `kibana.yml`, or name both files in the variable `KBN_CONFIG_PATHS`, separated by commas: Kibana merges " +
  "them. Then restart Kibana.";

/**
 * One Kibana, or several with the same files: its trust in Elasticsearch, its server certificate, and the settings that it gives agents.
 *
 * @example
 * const kibana = new Kibana(stack, "kibana", { fleet });
 * new TerraformOutput(stack, "kibana-settings", { value: kibana.settings });
 */
export class Kibana extends HostBase {
  /** The host's files. */
  public readonly files: HostFiles;

  /** Client certificate towards Elasticsearch, if there is one and it is not already on the host. */
  public readonly clientCertificate?: Certificate;

  /**
   * The settings of `kibana.yml` that go with the files, as YAML. They name paths and contain no secret. Also in the
   * host's folder, as `kibana.tls.yml`. A Terraform token.
   */
  public readonly settings: string;

  /** URL of Kibana, if it serves HTTPS with a certificate of `serverCa`. */
  public readonly url?: string;

  /** CA of Kibana's server certificate, with `url`. */
  public readonly serverCa?: IIssuingCertificateAuthority;

  /** Server certificate that Kibana presents to browsers, with `url` and unless it exists elsewhere. */
  public readonly certificate?: Certificate;

  /** Version of Kibana, if it is given. */
  public readonly stackVersion?: StackVersion;

  /** Whether the settings declare download sources. */
  public readonly declaresDownloadSources: boolean;

  /** Whether the settings declare the Fleet Server host and the outputs. */
  public readonly declaresFleet: boolean;

  constructor(scope: Construct, id: string, props: KibanaProps) {
    const { fleet } = checkProps(pathOf(scope, id), "KibanaProps", props);
    super(scope, id, fleet, HostKind.KIBANA);
    const problems = new Problems(this.node.path);
    const options = resolveHostOptions(props, fleet.hostDefaults);
    const { platform } = options;
    const location = { platform, hostDirectory: props.hostDirectory ?? defaultHostDirectory(platform) };
    checkClientProps(problems, fleet, { clientCertificate: props.clientCertificate });
    checkPublicElasticsearch(problems, fleet.elasticsearchCa, { clientCertificate: props.clientCertificate });
    checkPlainKey(problems, "clientCertificate", props.clientCertificate, "Kibana");
    const server = createKibanaServer(problems, this, fleet, props, options.keyAlgorithm);
    this.url = props.url;
    this.serverCa = server?.ca;
    this.files = createHostFiles(problems, this, fleet, location, [
      ...urlPreconditions(fleet),
      ...(server?.preconditions ?? []),
      ...hostDirectoryPreconditions(this, location),
      ...checkRoots(problems, this, "Kibana", { elasticsearchCa: [fleet.elasticsearchCa] }),
    ]);
    problems.throwIfAny();

    const elasticsearchCaPath = this.files.addTrust("es-ca.pem", fleet.elasticsearchCa);
    const pair = this.createPair(props, options.keyAlgorithm);
    const serverPair = server?.createPair(this.files);
    this.certificate = serverPair?.certificate;
    this.clientCertificate = pair?.certificate;
    const first = props.fleetSettings === false ? undefined : (props.outputs?.[0] ?? defaultOutputOf(fleet));
    const outputs = (): FleetOutput[] => {
      if (first === undefined) return [];
      const others = outputsOf(fleet).filter(({ type }) => type !== OutputType.ELASTICSEARCH);
      const ofPolicies = AgentPolicy.of(fleet).flatMap((policy) => policy.outputs);
      return [...new Set([...(props.outputs ?? [first, ...others]), ...ofPolicies])];
    };
    this.declaresFleet = outputs().length > 0;
    this.stackVersion = props.stackVersion;
    const declaresSources = this.declaresFleet && hasFeature(options.stackVersion, DECLARED_DOWNLOAD_SOURCES);
    this.declaresDownloadSources = declaresSources;
    const produce = (): string => {
      const document = yamlDocument({
        ...connectionSettings(fleet, {
          elasticsearchCaPath,
          certificatePath: pair?.certificatePath,
          keyPath: pair?.keyPath,
          isCertificateRequired: requiresClientCertificates(fleet),
        }),
        ...(serverPair && serverSettings(serverPair.certificatePath, serverPair.keyPath)),
        ...(this.declaresFleet && fleetSettings(fleet, outputs())),
        ...(declaresSources && downloadSourceSettings(fleet)),
        ...(this.declaresFleet && policySettings(AgentPolicy.of(fleet), declaresSources)),
      });
      const variables = [...new Set(outputs().flatMap(({ _variables }) => _variables))];
      return variables.length === 0 ? document : Fn.join("", [variablesText(variables), document]);
    };
    // Agents and Elasticsearch nodes may be added later.
    this.settings = new TerraformLocal(this, "settings", Lazy.anyValue({ produce })).asString;
    this.files.addPublic(KIBANA_SETTINGS_FILE, this.settings);
    // The outputs in it contain the CA as text, so a rotation waits for it as for any bundle.
    authorityRecord(fleet.elasticsearchCa).addBundleFile(
      this.files.node.findChild(KIBANA_SETTINGS_FILE) as TerraformResource,
    );
    this.node.addValidation({ validate: () => (pair ? [] : this.lacksCertificate(fleet)) });
    this.node.addValidation({ validate: () => this.lacksProxies(fleet, options.stackVersion) });
    fleet.addHost(this);
  }

  /** The settings of `kibana.yml`. */
  public get settingsFiles(): HostSettings[] {
    return [{ title: "For kibana.yml", file: KIBANA_SETTINGS_FILE, text: this.settings, hint: SETTINGS_HINT }];
  }

  /** How Kibana applies changed files. */
  public get reload(): HostReload {
    return { isAutomatic: false, instruction: "Restart Kibana." };
  }

  private lacksProxies(fleet: IFleetTls, version: StackVersion): string[] {
    return !this.declaresFleet || FleetProxy.of(fleet).length === 0 || hasFleetProxies(version)
      ? []
      : [
          new InputError([
            {
              where: `${this.node.path}: stackVersion`,
              what: "is of a Kibana that does not write Fleet proxies into policies, so agents would use none",
              got: version.toString(),
              allowed: "8.7 or newer, without 9.1.0",
              fix: "update Kibana, or set proxyUrl of the agents or their policies instead of a Fleet proxy",
            },
          ]).message,
        ];
  }

  private createPair(props: KibanaProps, keyAlgorithm: KeyAlgorithm): Pair | undefined {
    const client = props.fleet.clientTls;
    if (!client?.elasticsearchClientIssuer || !props.clientCertificate) {
      return undefined;
    }
    return createPair(this, this.files, "kibana-es-cert", {
      issuer: client.elasticsearchClientIssuer,
      commonName: this.node.id,
      usage: CertificateUsage.CLIENT,
      keyAlgorithm,
      keyFormat: props.keyFormat ?? props.fleet.hostDefaults.keyFormat,
      ...renewalOf("kibanaEsCert", props, props.fleet.hostDefaults),
      source: props.clientCertificate,
    });
  }

  private lacksCertificate(fleet: IFleetTls): string[] {
    if (!requiresClientCertificates(fleet)) {
      return [];
    }
    const problem = {
      where: `${this.node.path}: clientCertificate`,
      what: "is missing, and Elasticsearch would turn Kibana away",
      allowed: "a certificate where Elasticsearch's clientAuthentication is ClientAuthentication.REQUIRED",
      fix: "set clientCertificate: CertificateSource.generated(), or make it ClientAuthentication.OPTIONAL",
    };
    return [new InputError([problem]).message];
  }
}

/** Kibana does not start if a variable in its settings is missing. */
function variablesText(variables: string[]): string {
  return `# Set in Kibana's environment, or Kibana does not start: ${variables.join(", ")}\n`;
}

function defaultHostDirectory(platform: TargetPlatform): string {
  return platform.isWindows ? "C:\\ProgramData\\Elastic\\Kibana\\config\\certs" : "/etc/kibana/certs";
}
