import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

import { isSystemTrust } from "../authority/records";
import type { Certificate } from "../certificate/certificate";
import type { CertificateSource } from "../certificate/certificate-source";
import type { ClientAuthentication } from "../command/client-authentication";
import type { IFleetTls } from "./ifleet-tls";
import type { HostReload, HostSettings } from "./fleet-host";
import type { HostFiles } from "./host-files";
import { HostBase } from "./host-base";
import { HostKind } from "./host-kind";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import type { KeyFormat } from "../certificate/key-format";
import { Problems } from "../private/problems";
import { hostDirectoryPreconditions } from "./private/directory";
import type { Pair } from "./private/pair";
import { createElasticsearchPair } from "./private/elasticsearch-pair";
import { checkPlainKey } from "./private/pair";
import { checkReceiverCa } from "./private/receiver";
import { checkClientAuthentication, checkNames, createHostFiles, resolveHostOptions } from "./private/setup";
import {
  belowConfigurationPreconditions,
  checkConfigurationPaths,
  defaultConfigurationDirectory,
  elasticsearchSettings,
  RELOAD,
  SETTINGS_FILE,
} from "./private/settings/elasticsearch-settings";
import type { TargetPlatform } from "../command/target-platform";
import type { Validity } from "../certificate/validity";
import { checkProps, pathOf } from "../private/check-props";

const SETTINGS_HINT =
  "Add them to `elasticsearch.yml` and remove every other `xpack.security.http.ssl` setting: Elasticsearch does not " +
  "start with a `keystore.path` or `truststore.path` in addition. Then restart the node. It loads changed files without " +
  "a restart.";

/** Options for Elasticsearch. */
export interface ElasticsearchOptions {
  /**
   * Names and addresses by which clients dial the node, in addition to that of the fleet's URL. Each may be a Terraform token.
   *
   * @default - none in addition to the URL's
   */
  readonly names?: string[];

  /**
   * The host's operating system.
   *
   * @default - the fleet's platform
   */
  readonly platform?: TargetPlatform;

  /**
   * Elasticsearch's configuration directory on the host, its `ES_PATH_CONF`. The settings name paths relative to it.
   *
   * @default - `/etc/elasticsearch`, or `C:\ProgramData\Elastic\Elasticsearch\config` on Windows
   */
  readonly configurationDirectory?: string;

  /**
   * Client authentication of the HTTP layer. `REQUIRED` shuts out every client without a certificate of
   * `es-client-ca.pem`: Kibana, Logstash, APM, monitoring, backup and `curl` then each need one. `OPTIONAL` verifies
   * the certificates of Fleet Server and agents, and lets others in with their passwords and tokens, as before.
   *
   * @default - `ClientAuthentication.OPTIONAL` in a mutual fleet, `ClientAuthentication.NONE` in a one-way one
   */
  readonly clientAuthentication?: ClientAuthentication;

  /**
   * Directory of the files on the host: below the configuration directory, because Elasticsearch reads nothing outside
   * it.
   *
   * @default - `certs` in the configuration directory
   */
  readonly hostDirectory?: string;

  /**
   * The algorithm of the node's key.
   *
   * @default - the fleet's key algorithm
   */
  readonly keyAlgorithm?: KeyAlgorithm;

  /**
   * The format of the private key, if it is plain.
   *
   * @default - the fleet's key format
   */
  readonly keyFormat?: KeyFormat;

  /**
   * How long the certificate is valid and when it is renewed.
   *
   * @default - the fleet's validity
   */
  readonly validity?: Validity;

  /**
   * Source of the node's certificate.
   *
   * @default CertificateSource.generated()
   */
  readonly certificate?: CertificateSource;
}

/** Properties of Elasticsearch. */
export interface ElasticsearchProps extends ElasticsearchOptions {
  /** The fleet whose Fleet Servers and agents it serves. */
  readonly fleet: IFleetTls;
}

/**
 * One Elasticsearch node, or all of them behind one certificate: HTTP only, never transport.
 *
 * @example
 * new Elasticsearch(stack, "es-2", { fleet, names: ["es-2.example.com"] });
 */
export class Elasticsearch extends HostBase {
  /** The host's files. */
  public readonly files: HostFiles;

  /** Server certificate, unless the CA and the certificate exist elsewhere. */
  public readonly certificate?: Certificate;

  /** Client authentication of the HTTP layer. */
  public readonly clientAuthentication: ClientAuthentication;

  /**
   * The settings of `elasticsearch.yml` that go with the files, as YAML: HTTP only, never transport. They name paths
   * and contain no secret. Also in the host's folder, as `elasticsearch.tls.yml`. A Terraform token.
   */
  public readonly settings: string;

  constructor(scope: Construct, id: string, props: ElasticsearchProps) {
    const { fleet } = checkProps(pathOf(scope, id), "ElasticsearchProps", props);
    super(scope, id, fleet, HostKind.ELASTICSEARCH);
    const problems = new Problems(this.node.path);
    const { platform, keyAlgorithm } = resolveHostOptions(props, fleet.hostDefaults);
    const configurationDirectory = props.configurationDirectory ?? defaultConfigurationDirectory(platform);
    const hostDirectory = props.hostDirectory ?? platform.join(configurationDirectory, "certs");
    const configuration = { configurationDirectory, platform };
    this.clientAuthentication = checkClientAuthentication(problems, fleet, props.clientAuthentication);
    if (isSystemTrust(fleet.elasticsearchCa)) {
      problems.add("fleet", {
        what: "has an elasticsearchCa of system(): Elasticsearch's certificate is public, and nothing here could be applied",
        allowed: "Elasticsearch hosts in a fleet whose elasticsearchCa is your own",
        fix: "remove this host, or give elasticsearchCa the CA of your own Elasticsearch",
      });
    }
    const paths = checkConfigurationPaths(problems, props.certificate, hostDirectory, configuration);
    checkReceiverCa(problems, fleet.elasticsearchCa, props.certificate);
    checkPlainKey(problems, "certificate", props.certificate, "Elasticsearch");
    const preconditions = [
      ...checkNames(problems, this, props.names ?? []),
      ...hostDirectoryPreconditions(this, { platform, hostDirectory }),
      ...belowConfigurationPreconditions(this, paths, configuration),
    ];
    this.files = createHostFiles(problems, this, fleet, { platform, hostDirectory }, preconditions);
    problems.throwIfAny();

    const ca = fleet.elasticsearchCa;
    this.files.addTrust("es-ca.pem", ca);
    let pair: Pair | undefined;
    if (ca.canIssue || props.certificate?._onHost) {
      // With its CA, which a client that goes by the CA's fingerprint looks for in what Elasticsearch serves.
      pair = createElasticsearchPair(this, this.files, {
        ...{ issuer: ca, commonName: id, keyAlgorithm, keyFormat: props.keyFormat, props },
        names: [fleet.elasticsearchHost, ...(fleet.formerElasticsearchHosts ?? []), ...(props.names ?? [])],
        hostDefaults: fleet.hostDefaults,
      });
      this.certificate = pair.certificate;
    }
    const clientCas = fleet.clientTls?.elasticsearchClientCas ?? [];
    const settings = elasticsearchSettings({
      ...configuration,
      certificatePath: pair?.certificatePath,
      keyPath: pair?.keyPath,
      clientCaPath: clientCas.length === 0 ? undefined : this.files.addTrustBundle("es-client-ca.pem", clientCas),
      clientAuthentication: this.clientAuthentication,
    });
    this.settings = new TerraformLocal(this, "settings", settings).asString;
    this.files.addPublic(SETTINGS_FILE, this.settings);
    fleet.addHost(this);
  }

  /** The settings of `elasticsearch.yml`. */
  public get settingsFiles(): HostSettings[] {
    return [{ title: "For elasticsearch.yml", file: SETTINGS_FILE, text: this.settings, hint: SETTINGS_HINT }];
  }

  /** How Elasticsearch applies changed files. */
  public get reload(): HostReload {
    return RELOAD;
  }
}
