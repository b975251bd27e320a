import { Fn, Lazy, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import type { IFleetHost, OutputPaths } from "./fleet-host";
import type { IOutputReceiver } from "./output-receiver";
import { HostKind } from "./host-kind";
import { OutputType } from "./output-type";
import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import { kibanaId } from "./kibana-id";
import { OUTPUTS } from "./private/output-list";
import { disagreement } from "./private/output-agreement";
import { checkedFingerprint, checkFleetProxy } from "./private/output-trust-checks";
import { defendProblems, outputPreconditions, receiverProblems } from "./private/output-problems";
import {
  authoritiesOf,
  presentsCertificate,
  receiverCaFile,
  receiverFields,
  receiverSettings,
  receiverVariables,
  serverCas,
  withFurther,
  withProxy,
  withReload,
} from "./private/settings/receiver-output";
import { expression } from "../private/terraform/text";
import { OutputTrust } from "./output-trust";
import type { Problem } from "../private/problems";
import { InputError } from "../private/problems";
import { outputPathOf, projectPath } from "../private/paths";
import { createPublicFile } from "../private/terraform/written-file";
import { hostId } from "../private/terraform/host-id";
import type { OutputCa } from "./output-settings";
import { outputCa, outputSettings, outputYaml, shippingHosts } from "./output-settings";
import type { YamlMap } from "./private/settings/yaml";
import { yamlDocument, YamlExpression } from "./private/settings/yaml";
import { withPort } from "../private/urls";
import { authorityRecord, isSystemTrust } from "../authority/records";
import { checkProps, pathOf } from "../private/check-props";
import type { FleetOutputProps } from "./fleet-output-options";

/** Output of Fleet: TLS settings of its hosts towards Elasticsearch or a receiver, the same on every host. */
export class FleetOutput extends Construct {
  /** The output's id in Kibana: the fleet's `kibanaIdPrefix` and its own id. */
  public readonly outputId: string;

  /** The URL of Elasticsearch with its port, without which Kibana would take 443 and Fleet Server 9200. */
  public readonly elasticsearchUrl: string;

  /**
   * The output's settings as YAML, an `ssl` map: what goes into *Advanced YAML configuration* in Kibana, or
   * `config_yaml` of the elasticstack provider. It names keys by their paths. Also in the file `outputs/ID.yml` of the
   * fleet's output directory. A Terraform token.
   */
  public readonly settings: string;

  /** Type of the output. */
  public readonly type: OutputType;

  /** Addresses that the output ships to, as Kibana lists them. */
  public readonly receiverHosts: string[];

  private readonly receivers: IOutputReceiver[];
  private readonly receiverCaPaths = new Map<IOutputReceiver, string>();
  private readonly props: FleetOutputProps;
  private readonly fingerprint?: string;

  constructor(scope: Construct, id: string, props: FleetOutputProps) {
    const { fleet } = checkProps(pathOf(scope, id), "FleetOutputProps", props);
    super(scope, hostId(scope, id));
    this.props = props;
    this.receivers = props.to ?? [];
    this.type = this.receivers[0]?.outputType ?? OutputType.ELASTICSEARCH;
    this.throwProblems(receiverProblems(this.receivers, props));
    const judged = { path: this.node.path, type: this.type, authorities: this.authorities };
    checkFleetProxy(judged, props);
    this.fingerprint = props.trust === OutputTrust.FINGERPRINT ? checkedFingerprint(judged) : undefined;
    this.outputId = kibanaId(fleet, this, "output", id);
    this.elasticsearchUrl = withPort(fleet.elasticsearchUrl, "9200");
    this.receiverHosts =
      this.receivers.length === 0 ? [this.elasticsearchUrl] : this.receivers.flatMap(({ outputHosts }) => outputHosts);
    this.settings = new TerraformLocal(
      this,
      "settings",
      // Agents may be added later.
      Lazy.anyValue({ produce: () => this.text() }),
    ).asString;
    const path = outputPathOf(fleet, `outputs/${id}.yml`);
    const file = createPublicFile(this, "file", {
      ...{ path: path && projectPath(path), content: this.settings },
      preconditions: outputPreconditions(this, props),
    });
    // Agents trust the CA by this text, so a rotation waits for it as for any bundle.
    for (const ca of [...this.authorities, ...this.proxyCas]) {
      authorityRecord(ca).addBundleFile(file);
    }
    props.fleetProxy?._addUser(this, `the output \`${this.outputId}\``);
    OUTPUTS.add(fleet, this);
    fleet.hosts.forEach((host) => this._addHost(host));
    this.node.addValidation({ validate: () => this.disagreements() });
  }

  /** Writes the files that the settings name and only this output needs into a host's folder. @internal */
  public _addHost(host: IFleetHost): void {
    if (!this.usesHostFiles || !this.readers.includes(host)) {
      return;
    }
    for (const receiver of this.receivers) {
      const name = receiverCaFile(receiver);
      const isThere = host.files.files.some((file) => file.name === name);
      const path = isThere ? host.files.hostPath(name) : host.files.addTrust(name, receiver.serverCa);
      if (path !== undefined && !this.receiverCaPaths.has(receiver)) {
        this.receiverCaPaths.set(receiver, path);
      }
    }
  }

  /** The hosts whose policies use the output. */
  public get hosts(): IFleetHost[] {
    const { fleet, platform } = this.props;
    // A Fleet Server's policy needs an output to Elasticsearch.
    const isForAll = this.type.isElasticsearch;
    const isInPolicy = shippingHosts(fleet).some(({ policyOutputs }) => policyOutputs?.includes(this));
    const usesThis = ({ policyOutputs }: IFleetHost): boolean =>
      policyOutputs === undefined ? !isInPolicy : policyOutputs.includes(this);
    const all =
      this.props.hosts ??
      shippingHosts(fleet).filter((host) => (isForAll || host.kind === HostKind.AGENT) && usesThis(host));
    return platform ? all.filter((host) => host.platform === platform) : all;
  }

  /** The settings as a map, to stand in other settings. @internal */
  public get _config(): YamlMap | YamlExpression {
    return withFurther(this.ownSettings, this.props.furtherSettings);
  }

  /** Further fields of the output in `kibana.yml`. @internal */
  public get _fields(): YamlMap {
    return { ...receiverFields(this.receivers, this.props.kafka), proxy_id: this.props.fleetProxy?.proxyId };
  }

  /** CAs that the settings contain as text. @internal */
  public get _listedCas(): ICertificateAuthority[] {
    const isByFile = ({ serverCa }: IOutputReceiver): boolean => this.usesHostFiles || isSystemTrust(serverCa);
    const ofServers =
      this.receivers.length === 0
        ? this.authorities
        : serverCas(this.receivers.filter((receiver) => !isByFile(receiver)));
    return [...ofServers, ...this.proxyCas];
  }

  /** Environment variables that Kibana has to find. @internal */
  public get _variables(): string[] {
    return receiverVariables(this.receivers, this.props.kafka);
  }

  /** Whether hosts have the receivers' CAs as files. */
  private get usesHostFiles(): boolean {
    return this.props.trust === OutputTrust.HOST_FILE || this.receivers.some(isKnownOnHostsOnly);
  }

  /** Hosts that read the settings: Fleet Servers dial another cluster too, by the same output. */
  private get readers(): IFleetHost[] {
    const { hosts } = this;
    const servers = this.props.fleet.hosts.filter(({ kind }) => kind === HostKind.FLEET_SERVER);
    return this.type === OutputType.REMOTE_ELASTICSEARCH ? [...new Set([...hosts, ...servers])] : hosts;
  }

  private get authorities(): ICertificateAuthority[] {
    return this.receivers.length === 0 ? [this.props.fleet.elasticsearchCa] : serverCas(this.receivers);
  }

  /** CA of the Fleet proxy, if it has one. */
  private get proxyCas(): ICertificateAuthority[] {
    const ca = this.props.fleetProxy?.ca;
    return ca === undefined ? [] : [ca];
  }

  /** Paths on the hosts that the settings name. */
  private pathsOf({ outputPaths, agentPaths }: IFleetHost): OutputPaths {
    if (this.receivers.length === 0) {
      return outputPaths ?? {};
    }
    return presentsCertificate(this.receivers, this.props.kafka) ? (agentPaths ?? {}) : {};
  }

  private get ownSettings(): YamlMap {
    const { hosts, receivers } = this;
    const paths = hosts[0] ? this.pathsOf(hosts[0]) : {};
    const settings =
      receivers.length === 0
        ? outputSettings(paths, this.ca)
        : receiverSettings(receivers, paths, authoritiesOf(receivers, this.receiverCaPaths), this.fingerprint);
    return withReload(withProxy(settings, this.proxyCas), this.readers);
  }

  private text(): string {
    const { type, receiverHosts, _config: config } = this;
    const yaml = config instanceof YamlExpression ? yamlDocument(config) : outputYaml(config);
    return this.receivers.length === 0
      ? yaml
      : Fn.join("", [
          `# Advanced YAML of the output of type ${type.type} to `,
          Fn.join(", ", receiverHosts.map(expression)),
          "\n",
          yaml,
        ]);
  }

  private get ca(): OutputCa {
    const { fleet, trust } = this.props;
    const { pem, isShared } = outputCa(fleet.elasticsearchCa);
    return { fingerprint: this.fingerprint, pem: trust === OutputTrust.HOST_FILE ? undefined : pem, isShared };
  }

  private disagreements(): string[] {
    const { hosts, ca, receivers, readers } = this;
    const [unusable] = defendProblems(receivers, hosts);
    const found =
      unusable ??
      disagreement({
        ...{ fleet: this.props.fleet, hosts, readers },
        pathsOf: (host) => ({
          ...this.pathsOf(host),
          ...(this.receiverCaPaths.size > 0 && { elasticsearchCa: host.files.hostDirectory }),
        }),
        // Receivers' CAs are text, or files of one name in each host's directory.
        ca: receivers.length === 0 ? ca : {},
      });
    return found === undefined ? [] : [new InputError([{ ...found, where: `${this.node.path}: hosts` }]).message];
  }

  private throwProblems(found: (Omit<Problem, "where"> & { readonly prop: string })[]): void {
    if (found.length > 0) {
      throw new InputError(found.map(({ prop, ...problem }) => ({ ...problem, where: `${this.node.path}: ${prop}` })));
    }
  }
}

function isKnownOnHostsOnly({ serverCa }: IOutputReceiver): boolean {
  return serverCa.trustBundlePem === undefined && serverCa.trustHostPath !== undefined;
}
