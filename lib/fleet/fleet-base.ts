import { Construct } from "constructs";

import type { ICertificateAuthority, IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { AgentOptions } from "../host/agent-options";
import { Agent } from "../host/agent";
import type { AgentPolicyOptions } from "../host/agent-policy";
import { AgentPolicy } from "../host/agent-policy";
import type { ClientTls } from "../host/client-tls";
import type { DownloadSource } from "../host/download-source";
import type { ElasticsearchOptions } from "../host/elasticsearch";
import { Elasticsearch } from "../host/elasticsearch";
import type { EnrollmentToken } from "../host/enrollment-token";
import type { IFleetHost } from "../host/fleet-host";
import type { FleetOutputOptions } from "../host/fleet-output-options";
import type { FleetServerHostsOptions } from "../host/fleet-server-hosts";
import { FleetServerHosts } from "../host/fleet-server-hosts";
import type { FleetProxy } from "../host/fleet-proxy";
import { FleetOutput } from "../host/fleet-output";
import { defaultOutputOf } from "../host/fleet-outputs";
import type { HostOptions } from "../host/host-options";
import type { IFleetTls } from "../host/ifleet-tls";
import type { KafkaBrokerOptions } from "../host/kafka-broker-options";
import { KafkaBroker } from "../host/kafka-broker";
import type { LogstashOptions } from "../host/logstash-options";
import { Logstash } from "../host/logstash";
import type { RemoteElasticsearchOptions } from "../host/remote-elasticsearch-options";
import { RemoteElasticsearch } from "../host/remote-elasticsearch";
import type { KibanaOptions } from "../host/kibana-options";
import { Kibana } from "../host/kibana";
import { checkArguments, partId } from "../private/check-props";
import type { ReverseProxy } from "../host/reverse-proxy";
import { groupIn } from "../private/terraform/group";
import { requireTerraformVersion } from "../private/terraform/version";
import type { Endpoint } from "../private/urls";
import { ELASTICSEARCH_URL, parseUrl } from "../private/urls";
import type { FleetBaseProps } from "./fleet-base-props";
import type { OperatorPage } from "./operator-page";
import type { DownloadSourceOptions } from "./download-source-options";
import type { FleetProxyOptions } from "./fleet-proxy-options";
import { addFleetProxy } from "./private/add-fleet-proxy";
import { addDownloadSource } from "./private/add-download-source";
import { addFleetServerHosts } from "./private/fleet-server-hosts";
import { addProxy } from "./private/add-proxy";
import type { ProxyOptions } from "./proxy-options";
import { checkOutputDirectory } from "./private/output-directory";
import { createParts, partsOf } from "./private/fleet-parts";

/** Base of every fleet: its URLs, hosts, outputs, renewal dates and operator page. */
export abstract class FleetBase extends Construct implements IFleetTls {
  public abstract readonly fleetServerTrust: ICertificateAuthority;
  public abstract readonly elasticsearchCa: IIssuingCertificateAuthority;
  public abstract readonly clientTls?: ClientTls;

  public readonly fleetServerUrl: string;
  public readonly fleetServerHost: string;
  public readonly elasticsearchUrl: string;
  public readonly elasticsearchHost: string;
  public readonly formerElasticsearchHosts?: string[];
  public readonly kibanaIdPrefix: string;
  public readonly agentEnrollmentToken?: EnrollmentToken;
  public readonly outputDirectory?: string;
  public readonly hostDefaults: HostOptions;

  private readonly knownHosts: IFleetHost[] = [];
  private readonly pinsFleetCa: boolean;

  protected constructor(scope: Construct, id: string, props: FleetBaseProps) {
    super(scope, partId(scope, id));
    requireTerraformVersion(this);
    const { former, fleetServers, problems } = createParts(this, props);
    const fleetServer = fleetServers[0] as Endpoint;
    const elasticsearch = parseUrl(problems, "elasticsearchUrl", props.elasticsearchUrl, ELASTICSEARCH_URL);
    this.fleetServerUrl = fleetServer.url;
    this.fleetServerHost = fleetServer.host;
    this.elasticsearchUrl = elasticsearch.url;
    this.elasticsearchHost = elasticsearch.host;
    this.formerElasticsearchHosts = former.elasticsearch.map(({ host }) => host);
    this.kibanaIdPrefix = props.kibanaIdPrefix ?? this.node.path.replace(/\//g, "-");
    this.agentEnrollmentToken = props.agentEnrollmentToken;
    const writesFiles = props.writeFiles ?? true;
    this.outputDirectory = writesFiles ? (props.outputDirectory ?? `fleet-tls/${this.node.path}`) : undefined;
    checkOutputDirectory(problems, this, props);
    this.hostDefaults = props;
    this.pinsFleetCa = props.pinFleetCa ?? false;
  }

  /** The operator page, if enabled. */
  public get operatorPage(): OperatorPage | undefined {
    return partsOf(this).operatorPage;
  }

  /** The steps for a person after this deploy, Markdown: the content of `RUNBOOK.md`. A Terraform token. */
  public get runbook(): string {
    return partsOf(this).runbookText;
  }

  /** Fleet Server hosts, those of proxies too; the default ones are first. */
  public get fleetServerHosts(): FleetServerHosts[] {
    return FleetServerHosts.of(this);
  }

  public get hosts(): IFleetHost[] {
    return [...this.knownHosts];
  }

  /** Public keys that hosts require in Fleet Server's chain, one for each generation of the fleet CA; with `pinFleetCa`. */
  public get fleetCaPins(): string[] | undefined {
    return this.pinsFleetCa ? this.fleetServerTrust.spkiPinsSha256 : undefined;
  }

  /**
   * When the first certificate of the fleet's own stack is due, RFC 3339 in UTC: deploy then. Also an output, in each
   * stack that has hosts. A Terraform token.
   */
  public get nextRenewal(): string {
    return partsOf(this).renewals.next;
  }

  /** The agents of all stacks, in the order in which they were added. */
  public get agents(): Agent[] {
    return this.knownHosts.filter((host) => host instanceof Agent);
  }

  /** CA of the server certificates of inputs on agents' hosts. Created when it is first read. */
  public get inputCa(): IIssuingCertificateAuthority {
    return partsOf(this).inputCa;
  }

  public addHost(host: IFleetHost): void {
    checkArguments("FleetBase.addHost", { host }, `${this.node.path}.addHost`);
    const isFirst = !this.knownHosts.some(({ kind }) => kind === host.kind);
    this.knownHosts.push(host);
    partsOf(this).addHost(host, isFirst);
  }

  /**
   * Adds an agent.
   *
   * @param id the agent's id: its folder, its certificate's common name and its key in the map of commands
   * @throws with everything that is wrong with the options, or if the fleet has such an agent
   */
  public addAgent(id: string, options: AgentOptions = {}): Agent {
    this.checkAdded("addAgent", id, options);
    return new Agent(groupIn(this, "agents"), id, { ...options, fleet: this });
  }

  /**
   * Adds an agent policy: what its agents share. Agents belong to it by their prop `policy`.
   *
   * @param id its id: the end of its id and name in Kibana
   * @throws with everything that is wrong with the options, or if the fleet has such a policy
   */
  public addAgentPolicy(id: string, options: AgentPolicyOptions = {}): AgentPolicy {
    this.checkAdded("addAgentPolicy", id, options);
    return new AgentPolicy(groupIn(this, "agent-policies"), id, { ...options, fleet: this });
  }

  /**
   * Adds an agent binary download source: where agents download their next version. Policies name it by `downloadSource`.
   *
   * @param id its id: the end of its id and name in Kibana
   * @throws with everything that is wrong with the options, or if the fleet has such a source
   */
  public addDownloadSource(id: string, options: DownloadSourceOptions): DownloadSource {
    this.checkAdded("addDownloadSource", id, options);
    return addDownloadSource(this, partsOf(this).authorities, id, options);
  }

  /**
   * Adds a Fleet proxy: a forward proxy (CONNECT) of agents. Fleet Server hosts, outputs and download sources name it by
   * `fleetProxy`.
   *
   * @param id its id: the end of its id and name in Kibana
   * @throws with everything that is wrong with the options, or if the fleet has such a Fleet proxy
   */
  public addFleetProxy(id: string, options: FleetProxyOptions): FleetProxy {
    this.checkAdded("addFleetProxy", id, options);
    return addFleetProxy(this, partsOf(this).authorities, id, options);
  }

  /**
   * Adds Fleet Server hosts: a named list of URLs, such as those of a site. Fleet Servers and agents belong to them by
   * their prop `fleetServerHosts`; the others belong to the default ones, of `fleetServerUrl`.
   *
   * @param id their id: the end of their id and name in Kibana
   * @throws with everything that is wrong with the options, or if the fleet has such Fleet Server hosts
   */
  public addFleetServerHosts(id: string, options: FleetServerHostsOptions): FleetServerHosts {
    this.checkAdded("addFleetServerHosts", id, options);
    return addFleetServerHosts(this, id, options);
  }

  /**
   * Adds an Elasticsearch node with a certificate of its own.
   *
   * @param id its id: its folder and its certificate's common name
   * @throws with everything that is wrong with the options, or if the fleet has such a node
   */
  public addElasticsearchNode(id: string, options: ElasticsearchOptions = {}): Elasticsearch {
    this.checkAdded("addElasticsearchNode", id, options);
    return new Elasticsearch(groupIn(this, "elasticsearch-nodes"), id, { ...options, fleet: this });
  }

  /**
   * Adds Kibana: its trust in Elasticsearch, and its settings for Fleet.
   *
   * @param id its id: its folder and its certificate's common name
   * @throws with everything that is wrong with the options, or if the fleet has such a Kibana
   */
  public addKibana(id: string, options: KibanaOptions = {}): Kibana {
    this.checkAdded("addKibana", id, options);
    return new Kibana(groupIn(this, "kibana"), id, { ...options, fleet: this });
  }

  /**
   * Adds Logstash with an `elastic_agent` input, for outputs that ship to it.
   *
   * @param id its id: its folder and its certificate's common name
   * @throws with everything that is wrong with the options, or if the fleet has such a Logstash
   */
  public addLogstash(id: string, options: LogstashOptions): Logstash {
    this.checkAdded("addLogstash", id, options);
    return new Logstash(groupIn(this, "logstash"), id, { ...options, fleet: this });
  }

  /**
   * Adds a Kafka broker with a listener for agents, for outputs that ship to it.
   *
   * @param id its id: its folder and its certificate's common name
   * @throws with everything that is wrong with the options, or if the fleet has such a broker
   */
  public addKafkaBroker(id: string, options: KafkaBrokerOptions): KafkaBroker {
    this.checkAdded("addKafkaBroker", id, options);
    return new KafkaBroker(groupIn(this, "kafka-brokers"), id, { ...options, fleet: this });
  }

  /**
   * Adds the Elasticsearch of another cluster, for outputs that ship to it.
   *
   * @param id its id: its folder and its certificate's common name
   * @throws with everything that is wrong with the options, or if the fleet has such a cluster
   */
  public addRemoteElasticsearch(id: string, options: RemoteElasticsearchOptions): RemoteElasticsearch {
    this.checkAdded("addRemoteElasticsearch", id, options);
    return new RemoteElasticsearch(groupIn(this, "remote-elasticsearch"), id, { ...options, fleet: this });
  }

  /**
   * Adds a reverse proxy that ends TLS in front of Fleet Server or Elasticsearch.
   *
   * @param id its id: its folder, its certificate's common name and the name of its listener
   * @throws with everything that is wrong with the options, or if the fleet has such a proxy
   */
  public addProxy(id: string, options: ProxyOptions = {}): ReverseProxy {
    this.checkAdded("addProxy", id, options);
    return addProxy(this, partsOf(this).authorities, id, options);
  }

  /**
   * Adds a Fleet output for some of the hosts, if one output does not suit all: in a mutual fleet its settings name
   * paths, which differ between Linux and Windows.
   *
   * @param id its id: its file's name, and the end of its id in Kibana
   * @throws with everything that is wrong with the options, or if the fleet has such an output
   */
  public addOutput(id: string, options: FleetOutputOptions = {}): FleetOutput {
    this.checkAdded("addOutput", id, options);
    return new FleetOutput(groupIn(this, "outputs"), id, { ...options, fleet: this });
  }

  /**
   * TLS settings of the agents' output to Elasticsearch, as YAML, for every host of the fleet. Reading it creates the
   * output `default`; synthesis then refuses hosts that these settings do not suit. A Terraform token.
   */
  public get outputSettings(): string {
    return defaultOutputOf(this).settings;
  }

  private checkAdded(method: string, id: string, options: object): void {
    checkArguments(`FleetBase.${method}`, { id, options }, `${this.node.path}.${method}`);
  }
}
