import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import type { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import { isSystemTrust } from "../authority/records";
import type { Certificate } from "../certificate/certificate";
import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import { ClientAuthentication } from "../command/client-authentication";
import { checkProps, pathOf } from "../private/check-props";
import { Problems } from "../private/problems";
import { isVariableName } from "../private/secret-source";
import { ELASTICSEARCH_URL, parseUrl, withPort } from "../private/urls";
import type { HostReload, HostSettings } from "./fleet-host";
import { HostBase } from "./host-base";
import type { HostFiles } from "./host-files";
import { HostKind } from "./host-kind";
import type { IFleetTls } from "./ifleet-tls";
import type { IOutputReceiver } from "./output-receiver";
import { OutputType } from "./output-type";
import { hostDirectoryPreconditions } from "./private/directory";
import type { Pair } from "./private/pair";
import { createElasticsearchPair } from "./private/elasticsearch-pair";
import { checkPlainKey } from "./private/pair";
import { clientCaOf, createReceiverCa } from "./private/receiver";
import {
  belowConfigurationPreconditions,
  checkConfigurationPaths,
  defaultConfigurationDirectory,
  elasticsearchSettings,
  RELOAD,
  SETTINGS_FILE,
} from "./private/settings/elasticsearch-settings";
import { checkClientAuthentication, checkNames, createHostFiles, resolveHostOptions } from "./private/setup";
import type { RemoteElasticsearchProps } from "./remote-elasticsearch-options";

const SETTINGS_HINT =
  "Add them to `elasticsearch.yml` of the other cluster and remove every other `xpack.security.http.ssl` setting. Then " +
  "restart the node. It loads changed files without a restart.";

/**
 * Elasticsearch of another cluster that agents ship to. Fleet Servers dial it too, with the same output's settings.
 *
 * @example
 * const berlin = new RemoteElasticsearch(stack, "berlin", {
 *   fleet,
 *   url: "https://es.berlin.example.com:9200",
 *   serviceTokenVariable: "BERLIN_SERVICE_TOKEN",
 * });
 * fleet.addOutput("berlin", { to: [berlin] });
 */
export class RemoteElasticsearch extends HostBase implements IOutputReceiver {
  /** The host's files. */
  public readonly files: HostFiles;

  /** Type of an output that ships to it. */
  public readonly outputType: OutputType = OutputType.REMOTE_ELASTICSEARCH;

  /** URL by which agents and Fleet Servers reach it. */
  public readonly outputHosts: string[];

  /** CA of its certificate. */
  public readonly serverCa: IIssuingCertificateAuthority;

  /** Whether it asks for client certificates. */
  public readonly clientAuthentication: ClientAuthentication;

  /** Environment variable in which Kibana finds its service token. */
  public readonly serviceTokenVariable?: string;

  /** Sources of its CA that may also issue to others. @internal */
  public readonly _acceptAnyServerOf: CertificateAuthoritySource[];

  /** Its certificate, unless that exists elsewhere. */
  public readonly certificate?: Certificate;

  /** The settings of its `elasticsearch.yml`, if there are any. A Terraform token. */
  public readonly settings?: string;

  constructor(scope: Construct, id: string, props: RemoteElasticsearchProps) {
    const { fleet } = checkProps(pathOf(scope, id), "RemoteElasticsearchProps", props);
    super(scope, id, fleet, HostKind.REMOTE_ELASTICSEARCH);
    const problems = new Problems(this.node.path);
    const { platform, keyAlgorithm } = resolveHostOptions(props, fleet.hostDefaults);
    const configurationDirectory = props.configurationDirectory ?? defaultConfigurationDirectory(platform);
    const hostDirectory = props.hostDirectory ?? platform.join(configurationDirectory, "certs");
    const configuration = { configurationDirectory, platform };
    const { url, host } = parseUrl(problems, "url", props.url, ELASTICSEARCH_URL);
    this.outputHosts = [withPort(url, "9200")];
    this.serviceTokenVariable = props.serviceTokenVariable;
    this._acceptAnyServerOf = props.acceptAnyServerOf ?? [];
    checkVariable(problems, props.serviceTokenVariable);
    checkPlainKey(problems, "certificate", props.certificate, "Elasticsearch");
    const paths = checkConfigurationPaths(problems, props.certificate, hostDirectory, configuration);
    this.serverCa = createReceiverCa(problems, this, fleet, props, keyAlgorithm);
    this.clientAuthentication = this.checkClients(problems, fleet, props.clientAuthentication);
    this.files = createHostFiles(problems, this, fleet, { platform, hostDirectory }, [
      ...checkNames(problems, this, props.names ?? []),
      ...hostDirectoryPreconditions(this, { platform, hostDirectory }),
      ...belowConfigurationPreconditions(this, paths, configuration),
    ]);
    problems.throwIfAny();

    let pair: Pair | undefined;
    if (this.serverCa.canIssue || props.certificate?._onHost) {
      pair = createElasticsearchPair(this, this.files, {
        ...{ issuer: this.serverCa, commonName: id, keyAlgorithm, props },
        names: [host, ...(props.names ?? [])],
        hostDefaults: fleet.hostDefaults,
      });
      this.certificate = pair.certificate;
    }
    const clientCa = clientCaOf(fleet, this.clientAuthentication);
    if (pair || clientCa) {
      const settings = elasticsearchSettings({
        ...configuration,
        certificatePath: pair?.certificatePath,
        keyPath: pair?.keyPath,
        clientCaPath: clientCa && this.files.addTrustBundle("es-client-ca.pem", [clientCa]),
        clientAuthentication: this.clientAuthentication,
      });
      this.settings = new TerraformLocal(this, "settings", settings).asString;
      this.files.addPublic(SETTINGS_FILE, this.settings);
    }
    fleet.addHost(this);
  }

  /** The settings of `elasticsearch.yml`, if there are any. */
  public get settingsFiles(): HostSettings[] {
    return this.settings === undefined
      ? []
      : [{ title: "For elasticsearch.yml", file: SETTINGS_FILE, text: this.settings, hint: SETTINGS_HINT }];
  }

  /** How Elasticsearch applies changed files. */
  public get reload(): HostReload {
    return RELOAD;
  }

  /** Any TLS setting towards a public certificate would turn Fleet Server's check of the name off. */
  private checkClients(
    problems: Problems,
    fleet: IFleetTls,
    chosen: ClientAuthentication | undefined,
  ): ClientAuthentication {
    if (!isSystemTrust(this.serverCa)) {
      return checkClientAuthentication(problems, fleet, chosen);
    }
    if (chosen !== undefined && chosen !== ClientAuthentication.NONE) {
      problems.add("clientAuthentication", {
        what: "asks for client certificates, but ca is system(): with any TLS setting, Fleet Server would not check the name",
        got: chosen.mode,
        allowed: "ClientAuthentication.NONE with a public certificate",
        fix: "leave it out, or give ca the CA of the other cluster as by trustOnly({ file, dedicated: true })",
      });
    }
    return ClientAuthentication.NONE;
  }
}

function checkVariable(problems: Problems, name: string): void {
  if (!isVariableName(name)) {
    problems.add("serviceTokenVariable", {
      what: "is not the name of an environment variable",
      allowed: "letters, digits and underscores, such as BERLIN_SERVICE_TOKEN",
      fix: "write the name of the variable in which Kibana finds the token, never the token",
    });
  }
}
