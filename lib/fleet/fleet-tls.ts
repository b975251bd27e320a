import { Construct } from "constructs";

import type { AgentOptions } from "../host/agent";
import { Agent } from "../host/agent";
import { CertificateAuthority } from "../authority/certificate-authority";
import { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import type { ClientTls } from "../host/client-tls";
import type { ElasticsearchOptions } from "../host/elasticsearch";
import { Elasticsearch } from "../host/elasticsearch";
import type { EnrollmentToken } from "../command/enrollment-token";
import type { FleetOutputOptions } from "../host/fleet-output";
import { FleetOutput } from "../host/fleet-output";
import type { FleetServerOptions } from "../host/fleet-server-options";
import { FleetServer } from "../host/fleet-server";
import type { FleetTlsProps } from "./fleet-tls-props";
import type { HostOptions } from "../host/host-options";
import type { IFleetTls } from "../host/ifleet-tls";
import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import { KeyAlgorithm } from "../certificate/key-algorithm";
import type { KibanaOptions } from "../host/kibana";
import { Kibana } from "../host/kibana";
import { OperatorPage } from "./operator-page";
import { FleetCertificates } from "./private/certificates";
import { FleetCommands } from "./private/commands";
import { FleetOutputs } from "./private/outputs";
import { FleetUpkeep } from "./private/upkeep";
import { Faults, FaultsError } from "../private/faults";
import { renewalOf } from "../certificate/private/renewal/of-options";
import { requireTerraformVersion } from "../private/terraform/version";
import { ELASTICSEARCH_URL, FLEET_SERVER_URL, parseUrl } from "../private/urls";
import type { ServiceToken } from "../command/service-token";

const DEFAULT_OUTPUT = "default";

/** What one-way and mutual fleets share: the CAs of the two servers, the hosts, and the outputs. */
export abstract class FleetTls extends Construct implements IFleetTls {
  public readonly fleetServerUrl: string;
  public readonly fleetServerHost: string;
  public readonly elasticsearchUrl: string;
  public readonly elasticsearchHost: string;
  public readonly fleetServerPolicy: string;
  public readonly serviceToken: ServiceToken;
  public readonly agentEnrollmentToken?: EnrollmentToken;
  public readonly fleetCa: IIssuingCertificateAuthority;
  public readonly elasticsearchCa: IIssuingCertificateAuthority;
  public readonly outputDirectory: string;
  public readonly hostDefaults: HostOptions;

  /** What client certificates need, in mutual mode. */
  public abstract readonly clientTls?: ClientTls;

  private readonly props: FleetTlsProps;
  /** Gathers what is wrong until the default hosts are made. @internal */
  protected readonly _faults: Faults;
  private readonly agentScope: Construct;
  private readonly commands: FleetCommands;
  private readonly upkeep: FleetUpkeep;
  private readonly certificates: FleetCertificates;
  private readonly knownAgents: Agent[] = [];
  private readonly knownFleetServers: FleetServer[] = [];
  /** @internal */
  public readonly _elasticsearchNodes: Elasticsearch[] = [];
  /** @internal */
  public readonly _kibanas: Kibana[] = [];
  private defaultElasticsearch?: Elasticsearch;

  /** The page that shows the fleet to who operates it, if the fleet has one. */
  public readonly operatorPage?: OperatorPage;

  protected constructor(scope: Construct, id: string, props: FleetTlsProps) {
    super(scope, id);
    this.props = props;
    this._faults = new Faults(this.node.path);
    requireTerraformVersion(this);
    const fleetServer = parseUrl(this._faults, "fleetServerUrl", props.fleetServerUrl, FLEET_SERVER_URL);
    const elasticsearch = parseUrl(this._faults, "elasticsearchUrl", props.elasticsearchUrl, ELASTICSEARCH_URL);
    this.fleetServerUrl = fleetServer.url;
    this.fleetServerHost = fleetServer.host;
    this.elasticsearchUrl = elasticsearch.url;
    this.elasticsearchHost = elasticsearch.host;
    this.fleetServerPolicy = props.fleetServerPolicy;
    this.serviceToken = props.serviceToken;
    this.agentEnrollmentToken = props.agentEnrollmentToken;
    this.outputDirectory = props.outputDirectory ?? `fleet-tls/${this.node.path}`;
    this.hostDefaults = props;
    const outputs = new FleetOutputs(this, props.outputs ?? true);
    this.commands = new FleetCommands(outputs);
    this.upkeep = new FleetUpkeep(this, outputs);
    this.certificates = new FleetCertificates(this, outputs, this.outputDirectory, props.certificateOutputs ?? false);
    this.fleetCa = this.createCertificateAuthority("fleet-ca", "Fleet CA", props.fleetCa);
    this.elasticsearchCa = this.createCertificateAuthority(
      "elasticsearch-ca",
      "Elasticsearch CA",
      props.elasticsearchCa,
    );
    this.agentScope = new Construct(this, "agents");
    this.operatorPage = props.operatorPage ? new OperatorPage(this, "operator-page", { fleet: this }) : undefined;
  }

  /** The first Fleet Server. */
  public get fleetServer(): FleetServer {
    return this.knownFleetServers[0] as FleetServer;
  }

  /** The pins that hosts ask of Fleet Server's chain, one for each generation of the fleet CA; with `pinFleetCa`. */
  public get fleetCaPins(): string[] | undefined {
    return this.props.pinFleetCa ? this.fleetCa.spkiPinsSha256 : undefined;
  }

  /** The fingerprint by which Fleet Servers trust the Elasticsearch CA too; with `pinElasticsearchCa`. */
  public get elasticsearchCaFingerprint(): string | undefined {
    return this.props.pinElasticsearchCa ? this.onlyFingerprint() : undefined;
  }

  /** Every Fleet Server, the first one first. */
  public get fleetServers(): FleetServer[] {
    return [...this.knownFleetServers];
  }

  /**
   * When the first certificate of the fleet's own stack is due, RFC 3339 in UTC: deploy then. Also an output, in each
   * stack that has hosts. A Terraform token.
   */
  public get nextRenewal(): string {
    return this.upkeep.nextRenewal;
  }

  /** Elasticsearch, unless it exists elsewhere and needs no file of ours. */
  public get elasticsearch(): Elasticsearch | undefined {
    return this.defaultElasticsearch;
  }

  /** The agents, in the order in which they were added, whatever stack they are in. */
  public get agents(): Agent[] {
    return [...this.knownAgents];
  }

  /**
   * Adds an agent.
   *
   * @param id the agent's id: its folder, its certificate's common name and its key in the map of commands
   * @throws with every fault of what was given, or if the fleet has such an agent
   */
  public addAgent(id: string, options: AgentOptions = {}): Agent {
    return new Agent(this.agentScope, id, { ...options, fleet: this });
  }

  /**
   * Adds a Fleet Server beside the first, with names of its own beside those of the shared URL.
   *
   * @param id its id: its folder and its certificates' common name
   * @throws with every fault of what was given, or if the fleet has such a Fleet Server
   */
  public addFleetServer(id: string, options: FleetServerOptions = {}): FleetServer {
    return new FleetServer(this.childScope("fleet-servers"), id, { ...options, fleet: this });
  }

  /**
   * Adds an Elasticsearch node with a certificate of its own.
   *
   * @param id its id: its folder and its certificate's common name
   * @throws with every fault of what was given, or if the fleet has such a node
   */
  public addElasticsearchNode(id: string, options: ElasticsearchOptions = {}): Elasticsearch {
    return new Elasticsearch(this.childScope("elasticsearch-nodes"), id, { ...options, fleet: this });
  }

  /**
   * Adds Kibana: its trust in Elasticsearch, and its settings for Fleet.
   *
   * @param id its id: its folder and its certificate's common name
   * @throws with every fault of what was given, or if the fleet has such a Kibana
   */
  public addKibana(id: string, options: KibanaOptions = {}): Kibana {
    return new Kibana(this.childScope("kibana"), id, { ...options, fleet: this });
  }

  /**
   * Adds an output of Fleet's for some of the hosts, where one would not do for all: in a mutual fleet its settings name
   * paths, which differ between Linux and Windows.
   *
   * @param id its id: its file's name, and the end of its id in Kibana
   * @throws with every fault of what was given, or if the fleet has such an output
   */
  public addOutput(id: string, options: FleetOutputOptions = {}): FleetOutput {
    return new FleetOutput(this.childScope("outputs"), id, { ...options, fleet: this });
  }

  /**
   * What agents are told of TLS towards Elasticsearch, as YAML: the `ssl` settings of the output of every host of the
   * fleet. Reading it makes the output `default`, and refuses at synth hosts that it would not be right for. A Terraform
   * token.
   */
  public get outputSettings(): string {
    return this._defaultOutput.settings;
  }

  /** @internal */
  public get _defaultOutput(): FleetOutput {
    const existing = this.childScope("outputs").node.tryFindChild(DEFAULT_OUTPUT);
    return (existing as FleetOutput | undefined) ?? this.addOutput(DEFAULT_OUTPUT);
  }

  /** @internal */
  public get _outputs(): FleetOutput[] {
    return (this.node.tryFindChild("outputs")?.node.children ?? []) as FleetOutput[];
  }

  /** @internal */
  public _addElasticsearch(elasticsearch: Elasticsearch): void {
    this._elasticsearchNodes.push(elasticsearch);
    this.upkeep.addElasticsearch(elasticsearch);
    this.certificates.addHost(elasticsearch);
  }

  /** @internal */
  public _addKibana(kibana: Kibana): void {
    this._kibanas.push(kibana);
    this.upkeep.addKibana(kibana);
    this.certificates.addHost(kibana);
  }

  /** @internal */
  public _addAgent(agent: Agent): void {
    this.knownAgents.push(agent);
    this.upkeep.addAgent(agent);
    this.certificates.addHost(agent);
    this.commands.addAgent(agent);
  }

  /** @internal */
  public _addFleetServer(fleetServer: FleetServer): void {
    this.knownFleetServers.push(fleetServer);
    this.upkeep.addFleetServer(fleetServer);
    this.certificates.addHost(fleetServer);
    this.commands.addFleetServer(fleetServer);
  }

  /** Makes a CA of this fleet at an address of its own, whatever its source. */
  protected createCertificateAuthority(
    id: string,
    purpose: string,
    source?: CertificateAuthoritySource,
    intermediatePerStack = false,
  ): CertificateAuthority {
    const authority = new CertificateAuthority(this, id, {
      source: source ?? CertificateAuthoritySource.generated(),
      commonName: `${this.node.id} ${purpose}`,
      keyAlgorithm: this.props.keyAlgorithm ?? KeyAlgorithm.ECDSA_P256,
      intermediatePerStack,
    });
    this.upkeep.addAuthority(id, purpose, authority);
    authority._addUsage(id === "agent-ca" ? "clientAuth" : "serverAuth");
    this._watchAuthority(id, authority);
    return authority;
  }

  /** Has a CA checked beside the others, and told of in outputs. @internal */
  protected _watchAuthority(id: string, authority: CertificateAuthority): void {
    const prop = id.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    this.certificates.addAuthority({ prop, id, authority });
  }

  /** A fingerprint that matches one CA of two is of no use when the other one signs. */
  private onlyFingerprint(): string {
    const { fingerprintSha256, spkiPinsSha256 } = this.elasticsearchCa;
    if (spkiPinsSha256.length !== 1) {
      throw new FaultsError([
        {
          where: `${this.node.path}: pinElasticsearchCa`,
          what: "asks for a fingerprint, which holds one value and cannot overlap while the Elasticsearch CA rotates",
          got: `${spkiPinsSha256.length} generations`,
          allowed: "pinElasticsearchCa with one generation",
          fix: "leave it out before a rotation, deploy on every Fleet Server, and only then rotate",
        },
      ]);
    }
    return fingerprintSha256;
  }

  /** Makes the default hosts, once a subclass has all that they read, and throws every fault found so far. */
  protected createDefaultHosts(): void {
    const { props, _faults: faults } = this;
    faults.collect(() => new FleetServer(this, "fleet-server", { ...props.fleetServer, fleet: this }));
    if (this.elasticsearchCa.canIssue || this.clientTls) {
      faults.collect(() => {
        this.defaultElasticsearch = new Elasticsearch(this, "elasticsearch", { ...props.elasticsearch, fleet: this });
      });
    }
    const { earlyRenewalHours } = renewalOf("fleetCert", {}, props).validity;
    this.certificates.finish(faults, this.clientTls !== undefined, earlyRenewalHours);
    this.upkeep.writeRunbook(this.outputDirectory);
    faults.throwIfAny();
  }

  /** A construct that only groups others, made when it is first needed. */
  protected childScope(id: string): Construct {
    return (this.node.tryFindChild(id) as Construct | undefined) ?? new Construct(this, id);
  }
}
